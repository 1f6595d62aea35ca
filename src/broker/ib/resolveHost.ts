/**
 * The address to connect to: a name that does not resolve falls back to this machine, and that is said (§11). Nothing is
 * connected here.
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** How long a name server may take. */
const resolveWithinMs = 5000;
const fallbackHost = '127.0.0.1';

export interface ResolveParts {
  later(ms: number, action: () => void): void;
  fellBack(host: string, fallback: string): void;
}

export async function resolvableHost(host: string, parts: ResolveParts): Promise<string> {
  if (isIP(host) !== 0) return host;
  const silence = new Promise<never>((_, reject) => parts.later(resolveWithinMs, () => reject(new Error('no answer'))));
  try {
    await Promise.race([lookup(host), silence]);
    return host;
  } catch {
    parts.fellBack(host, fallbackHost);
    return fallbackHost;
  }
}
