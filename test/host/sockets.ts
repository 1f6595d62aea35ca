/**
 * The internet sockets that VS Code's extension host holds, as Linux tells them: what an extension and its threads have opened,
 * whatever they say. Elsewhere nobody tells, and the answer is null.
 */
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Socket {
  readonly kind: 'tcp' | 'udp';
  readonly localPort: number;
  readonly remotePort: number;
}

/** @param group the process group of VS Code's server */
export function socketsOfExtensionHosts(group: number): Socket[] | null {
  if (!existsSync('/proc/self/net/tcp')) return null;
  const hosts = readdirSync('/proc').filter(pid => /^\d+$/.test(pid) && isExtensionHost(pid, group));
  if (hosts.length === 0) throw new Error(`Process group ${group} has no extension host`);
  return hosts.flatMap(socketsOf);
}

function isExtensionHost(pid: string, group: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the name in brackets: state, parent, group.
    const [, , found] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(found) === group && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=extensionHost');
  } catch {
    // Processes end while one looks.
    return false;
  }
}

function socketsOf(pid: string): Socket[] {
  const held = new Set<string>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      if (inode !== undefined) held.add(inode);
    } catch {
      // So do descriptors.
    }
  }
  return (['tcp', 'tcp6', 'udp', 'udp6'] as const).flatMap(table =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map(line => line.trim().split(/\s+/))
      .filter(cells => held.has(cells[9] ?? ''))
      .map(([, local = '', remote = '']) => ({
        kind: table.startsWith('tcp') ? ('tcp' as const) : ('udp' as const),
        localPort: portOf(local),
        remotePort: portOf(remote),
      })),
  );
}

const portOf = (address: string): number => Number.parseInt(address.split(':')[1] ?? '', 16);
