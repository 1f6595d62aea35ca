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
export async function ownAccount(name: string, since: string, waitMs = 1500): Promise<Owner> {
  const place = placeOf(name);
  const facts: OwnerFacts = { pid: process.pid, since, token: `${process.pid}.${process.hrtime.bigint()}` };
  const deadline = Date.now() + waitMs;
  for (;;) {
    const server = await listen(place, facts);
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

function placeOf(name: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\dronebot-${name}`;
  // The worker thread has no environment, so the folder must not come from it: every session has to look in the same place.
  const folder = fs.existsSync('/tmp') ? '/tmp' : os.tmpdir();
  return path.join(folder, `dronebot-${process.getuid?.() ?? 0}-${name}.sock`);
}

/** Null when the endpoint is taken, or left over. */
function listen(place: string, facts: OwnerFacts): Promise<net.Server | null> {
  return new Promise((resolve, reject) => {
    const server = net.createServer(socket => {
      socket.on('error', () => socket.destroy());
      socket.end(`${JSON.stringify(facts)}\n`);
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(null) : reject(error),
    );
    server.listen(place, () => {
      server.unref();
      resolve(server);
    });
  });
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
    socket.on('data', chunk => (text += chunk.toString('utf8')));
    socket.on('error', () => done(null));
    socket.on('end', () => {
      try {
        done(JSON.parse(text) as OwnerFacts);
      } catch {
        done({ pid: 0, since: '', token: '' });
      }
    });
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

function close(server: net.Server): Promise<void> {
  return new Promise(resolve => server.close(() => resolve()));
}
