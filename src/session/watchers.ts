/**
 * Other windows that look at this session through its endpoint (§11): each gets snapshots, charts and open questions at the pace that
 * it asks for, and every notice and fill, and its intents are this session's: what a person commands, overrides, previews and
 * answers. One JSON line a message, as between threads (shared/protocol.ts). An answer goes to the window that asked.
 */
import type { Socket } from 'node:net';
import type { ControlAction } from '../engine/events';
import type { ChangeQuestion, FromSession } from '../shared/protocol';
import { readIntent, type Intent } from './intents';
import type { Request } from './requests';
import type { Telling } from './telling';

/** What a window may ask of a session that another one owns. */
export interface Watched {
  /** Snapshots and pictures for one more window. */
  tellingTo(emit: (message: FromSession) => void): Telling;
  question(): ChangeQuestion | null;
  control(action: ControlAction, symbol?: string, fromBrokerCost?: boolean): void;
  stop(how: { leaveStops?: boolean }): Promise<void>;
  retry(): void;
  /** @param emit to the window that asked */
  request(request: Request, emit: (message: FromSession) => void): void;
}

/** A window that does not read gets no more until it does. */
const MOST_UNREAD = 1 << 20;
const LONGEST_LINE = 1 << 16;
const SHORTEST_MS = 100;

export class Watchers {
  private readonly open = new Map<Socket, Telling>();

  constructor(private readonly session: Watched) {}

  get n(): number {
    return this.open.size;
  }

  /** A window has asked to watch; `rest` is what it has said since. */
  add(socket: Socket, rest: string): void {
    const emit = (message: FromSession): void => send(socket, message);
    const telling = this.session.tellingTo(emit);
    this.open.set(socket, telling);
    socket.once('close', () => {
      telling.stop();
      this.open.delete(socket);
    });
    const question = this.session.question();
    if (question !== null) emit({ type: 'question', question });
    readLines(socket, rest, line => {
      const intent = readIntent(line);
      if (intent === null || !this.open.has(socket)) return;
      if (intent.type !== 'watch') return this.obey(intent, emit);
      const { details, intervalMs, charts = [], sparks = false } = intent;
      telling.watch(details, Math.max(SHORTEST_MS, intervalMs), { charts, sparks });
    });
  }

  /** What the session says to whoever listens. */
  tell(message: FromSession): void {
    if (TOLD.includes(message.type)) for (const socket of this.open.keys()) send(socket, message);
  }

  /** The session's last word. */
  close(message: FromSession): void {
    for (const [socket, telling] of this.open) {
      telling.stop();
      send(socket, message);
      socket.end();
    }
    this.open.clear();
  }

  private obey(intent: Exclude<Intent, { type: 'watch' }>, emit: (message: FromSession) => void): void {
    const { session } = this;
    if (intent.type === 'control') session.control(intent.action, intent.symbol, intent.fromBrokerCost);
    else if (intent.type === 'stop') void session.stop(intent);
    else if (intent.type === 'retry') session.retry();
    else session.request(intent, emit);
  }
}

const TOLD: readonly FromSession['type'][] = ['notice', 'problem', 'fill', 'question'];

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
