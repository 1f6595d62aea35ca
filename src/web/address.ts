/**
 * Which address the dashboard listens on, whether that is this machine alone, and under which names a browser may ask for it.
 * A name in a Host header that is not on the list is a stranger's: that is how a page elsewhere would reach in (DNS rebinding).
 */
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

export interface Address {
  /** As set: a name or an address. */
  readonly host: string;
  /** What it means here: the one that is listened on. */
  readonly address: string;
  /** Only programs on this machine reach it. */
  readonly isLoopback: boolean;
  /** Every address of this machine (`0.0.0.0`, `::`). */
  readonly isEvery: boolean;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6');

export function isLoopback(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** Looked up once: what was judged is what is listened on. Throws when the name means nothing here. */
export async function findAddress(host: string): Promise<Address> {
  const bare = host.trim().replace(/^\[(.*)\]$/, '$1');
  const address = isIP(bare) === 0 ? (await lookup(bare, { verbatim: false })).address : bare;
  return {
    host: bare,
    address,
    isLoopback: isLoopback(address),
    isEvery: address === '0.0.0.0' || /^[0:]+$/.test(address),
  };
}

export interface Machine {
  readonly name: string;
  readonly addresses: readonly string[];
}

export function thisMachine(): Machine {
  const addresses = Object.values(networkInterfaces()).flatMap(each => each ?? []);
  return {
    name: hostname(),
    addresses: addresses.filter(each => !each.internal && !each.address.startsWith('fe80')).map(each => each.address),
  };
}

export const withBrackets = (address: string): string => (isIP(address) === 6 ? `[${address}]` : address);

/** `host:port` as Host headers write it, in lower case. */
export function authoritiesOf(
  { host, address, isLoopback: isLocal, isEvery }: Address,
  port: number,
  machine: Machine,
) {
  const names = new Set([withBrackets(host), withBrackets(address)]);
  if (isLocal || isEvery) for (const name of ['localhost', '127.0.0.1', '[::1]']) names.add(name);
  if (isEvery) for (const each of machine.addresses) names.add(withBrackets(each));
  if (!isLocal) for (const name of [machine.name, `${machine.name}.local`]) names.add(name);
  const authorities = [...names].map(name => `${name}:${port}`.toLowerCase());
  // A browser leaves the port of plain HTTP away.
  return port === 80 ? [...authorities, ...[...names].map(name => name.toLowerCase())] : authorities;
}

/** Where a browser finds it: for every address, the first one that others can reach. */
export function urlOf({ address, isEvery }: Address, port: number, machine: Machine): string {
  const shown = isEvery ? (machine.addresses[0] ?? '127.0.0.1') : address;
  return `http://${withBrackets(shown)}:${port}/`;
}
