/**
 * One owner an account: whoever holds a local endpoint (named pipe or socket) named after gateway and account owns the
 * session. The endpoint dies with its process, so a crash leaves nothing to clean up that the next start cannot.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';

/** Who holds an endpoint, as it says itself. */
export interface OwnerFacts {
  pid: number;
  since: string;
  token: string;
}

export class OwnerTaken extends Error {
  constructor(readonly owner: OwnerFacts | null) {
    super('another session owns this account');
    this.name = 'OwnerTaken';
  }
}

/** A window that wants to watch, and what it has said since. */
export type OnWatcher = (socket: net.Socket, rest: string) => void;

/** What such a window says first. */
export const WATCH = 'watch';
const GREETING_MS = 3000;
const CLOSE_WITHIN_MS = 300;
const socketsOf = new WeakMap<net.Server, Set<net.Socket>>();

export interface Owner {
  release(): Promise<void>;
}

/** `local` names of this machine are one gateway. */
export function ownerName(host: string, port: number, account: string): string {
  const name = host.toLowerCase();
  const gateway = ['localhost', '127.0.0.1', '::1', ''].includes(name) ? 'local' : name;
  return createHash('sha256').update(`${gateway}:${port}/${account}`).digest('hex').slice(0, 16);
}

/** Holds the endpoint until released, or rejects with OwnerTaken. */
export async function ownAccount(
  name: string,
  since: string,
  waitMs = 1500,
  onWatcher: OnWatcher = socket => void socket.end(),
): Promise<Owner> {
  const place = placeOf(name);
  const facts: OwnerFacts = { pid: process.pid, since, token: `${process.pid}.${process.hrtime.bigint()}` };
  const deadline = Date.now() + waitMs;
  for (;;) {
    const server = await listen(place, facts, onWatcher);
    if (server !== null) {
      // Two starts may both have found a stale socket and cleared it: only the one whose name it is now goes on.
      const holder = await ask(place);
      if (holder?.token === facts.token) return { release: () => close(server) };
      await close(server);
      throw new OwnerTaken(holder);
    }
    const holder = await ask(place);
    // A window that reloads holds the endpoint for a moment longer than it lives.
    if (holder !== null && Date.now() >= deadline) throw new OwnerTaken(holder);
    if (holder === null) clearStale(place);
    await new Promise(resolve => setTimeout(resolve, 100));
    if (Date.now() >= deadline + 1000) throw new OwnerTaken(holder);
  }
}

/** Somebody holds it now. */
export async function isHeld(name: string): Promise<boolean> {
  return (await ask(placeOf(name))) !== null;
}

/** Where the owner of a name listens. */
export function placeOf(name: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\dronebot-${name}`;
  // The worker thread has no environment, so the folder must not come from it: every session has to look in the same place.
  const folder = fs.existsSync('/tmp') ? '/tmp' : os.tmpdir();
  return path.join(folder, `dronebot-${process.getuid?.() ?? 0}-${name}.sock`);
}

/** Null when the endpoint is taken, or left over. */
function listen(place: string, facts: OwnerFacts, onWatcher: OnWatcher): Promise<net.Server | null> {
  return new Promise((resolve, reject) => {
    const sockets = new Set<net.Socket>();
    const server = net.createServer(socket => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      socket.write(`${JSON.stringify(facts)}\n`);
      greet(socket, onWatcher);
    });
    socketsOf.set(server, sockets);
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(null) : reject(error),
    );
    server.listen(place, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Who only asks goes; who wants to watch says so first. */
function greet(socket: net.Socket, onWatcher: OnWatcher): void {
  let text = '';
  socket.setTimeout(GREETING_MS, () => socket.destroy());
  const hear = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
    const end = text.indexOf('\n');
    if (end < 0 && text.length <= WATCH.length) return;
    socket.off('data', hear);
    if (text.slice(0, end) !== WATCH) return void socket.destroy();
    socket.setTimeout(0);
    onWatcher(socket, text.slice(end + 1));
  };
  socket.on('data', hear);
}

/** Who is there; null when nobody answers. */
function ask(place: string): Promise<OwnerFacts | null> {
  return new Promise(resolve => {
    let text = '';
    const socket = net.connect(place);
    const done = (facts: OwnerFacts | null): void => {
      socket.destroy();
      resolve(facts);
    };
    // Somebody who listens and is silent is alive (blocked, in a debugger): the account is not free.
    socket.setTimeout(1000, () => done({ pid: 0, since: '', token: '' }));
    const answered = (): void => {
      try {
        done(JSON.parse(text) as OwnerFacts);
      } catch {
        done({ pid: 0, since: '', token: '' });
      }
    };
    socket.on('data', chunk => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) answered();
    });
    socket.on('error', () => done(null));
    socket.on('end', answered);
  });
}

function clearStale(place: string): void {
  if (process.platform === 'win32') return; // A pipe without a process does not exist.
  try {
    fs.unlinkSync(place);
  } catch {
    // Somebody else cleared it first; the next try finds out whose it is.
  }
}

/** Whoever is still there is told by the closing; one that does not go is not waited for. */
function close(server: net.Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    const left = [...(socketsOf.get(server) ?? [])];
    for (const socket of left) socket.end();
    setTimeout(() => left.forEach(socket => socket.destroy()), CLOSE_WITHIN_MS).unref();
  });
}
