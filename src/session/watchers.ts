/**
 * Other windows that look at this session through its endpoint (§11): each gets snapshots at the pace that it asks for, and every
 * notice and fill, and can send what a person commands. One JSON line a message, as between threads (shared/protocol.ts). What
 * needs an answer to one window alone (an override, a preview, a question) is the owning window's.
 */
import type { Socket } from 'node:net';
import type { FromSession, SessionSnapshot, SymbolDetail, ToSession } from '../shared/protocol';

/** What a window may ask of a session that another one owns. */
export interface Watched {
  snapshot(): SessionSnapshot | null;
  detail(symbol: string): SymbolDetail | null;
  control(message: Extract<ToSession, { type: 'control' }>): void;
  stop(message: Extract<ToSession, { type: 'stop' }>): void;
}

/** A window that does not read gets no more until it does. */
const MOST_UNREAD = 1 << 20;
const LONGEST_LINE = 1 << 16;
const SHORTEST_MS = 100;

export class Watchers {
  private readonly open = new Set<{ socket: Socket; timer: NodeJS.Timeout | null }>();

  constructor(private readonly session: Watched) {}

  get n(): number {
    return this.open.size;
  }

  /** A window has asked to watch; `rest` is what it has said since. */
  add(socket: Socket, rest: string): void {
    const watcher: { socket: Socket; timer: NodeJS.Timeout | null } = { socket, timer: null };
    this.open.add(watcher);
    socket.once('close', () => {
      if (watcher.timer !== null) clearInterval(watcher.timer);
      this.open.delete(watcher);
    });
    const push = (details: readonly string[]): void => this.push(socket, details);
    readLines(socket, rest, line => {
      const message = parse(line);
      if (message?.type === 'control') this.session.control(message);
      else if (message?.type === 'stop') this.session.stop(message);
      else if (message?.type === 'watch') {
        if (watcher.timer !== null) clearInterval(watcher.timer);
        const { details, intervalMs } = message;
        watcher.timer = setInterval(() => push(details), Math.max(SHORTEST_MS, intervalMs));
        push(details);
      }
    });
  }

  /** What the session says to whoever listens. */
  tell(message: FromSession): void {
    if (message.type === 'snapshot' || !TOLD.includes(message.type)) return;
    for (const { socket } of this.open) send(socket, message);
  }

  /** The session's last word. */
  close(message: FromSession): void {
    for (const { socket, timer } of this.open) {
      send(socket, message);
      if (timer !== null) clearInterval(timer);
      socket.end();
    }
  }

  private push(socket: Socket, details: readonly string[]): void {
    const snapshot = this.session.snapshot();
    if (snapshot === null) return;
    send(socket, { type: 'snapshot', snapshot, details: details.flatMap(each => this.session.detail(each) ?? []) });
  }
}

const TOLD: readonly FromSession['type'][] = ['notice', 'problem', 'fill'];

function send(socket: Socket, message: FromSession): void {
  if (socket.writable && socket.writableLength < MOST_UNREAD) socket.write(`${JSON.stringify(message)}\n`);
}

/** Whole lines of a socket, `rest` being what was read before. Somebody who sends no line end is cut off. */
export function readLines(socket: Socket, rest: string, hear: (line: string) => void): void {
  let text = '';
  const take = (chunk: string): void => {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') hear(line);
    if (text.length > LONGEST_LINE) socket.destroy();
  };
  socket.setEncoding('utf8');
  socket.on('data', chunk => take(String(chunk)));
  take(rest);
}

function parse(line: string): ToSession | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    const message = value as ToSession;
    if (message.type !== 'watch') return message;
    const isWhole = Array.isArray(message.details) && typeof message.intervalMs === 'number';
    return isWhole ? message : null;
  } catch {
    return null; // Not one of ours.
  }
}
