/**
 * Who may ask for what: one judgement over a request's first line and headers, before anything else looks at it. Pure: the same
 * request is refused for the same reason everywhere, and the tests are a table. What a body says is not its business.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface Knock {
  readonly method: string;
  /** As it stands in the first line. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** Name, value, name, value: what a header object would hide is a header that came twice. */
  readonly rawHeaders: readonly string[];
}

export interface House {
  /** `127.0.0.1:8765`, lower case. */
  readonly authorities: ReadonlySet<string>;
  readonly token: string;
  /** Beyond this machine nobody sees anything without the token. */
  readonly needsTokenToRead: boolean;
  readonly mayChange: boolean;
  /** The only paths there are. */
  readonly routes: ReadonlyMap<string, Route>;
}

/**
 * An asset is the same for everybody: code and colours, nothing of a session. An intent is what a page says that watches; what it
 * may say was settled when it came. A change needs the token.
 */
export interface Route {
  readonly kind: 'asset' | 'read' | 'intent' | 'change';
}

export interface Refusal {
  readonly status: number;
  /** A sentence without a dot: expected, found. */
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Admitted {
  readonly path: string;
  readonly query: ReadonlyMap<string, string>;
  /** It came with the token: its page may change things, where anybody may. */
  readonly hasToken: boolean;
}

export const MAX_BODY_BYTES = 4096;

const WRONG_TOKEN =
  'This link has expired: its token is not the one of this server. In VS Code, Dronebot: Serve Dashboard over HTTP gives the new link';

const ONCE = ['host', 'origin', 'content-type', 'content-length', 'transfer-encoding', 'authorization'];
const MAX_QUERY_FIELDS = 8;

export function judge(knock: Knock, house: House): { admitted: Admitted } | { refusal: Refusal } {
  const refusal = (status: number, reason: string, headers?: Record<string, string>) => ({
    refusal: { status, reason, ...(headers === undefined ? {} : { headers }) },
  });
  const { method, headers } = knock;
  const twice = ONCE.find(name => nTimes(knock.rawHeaders, name) > 1);
  if (twice !== undefined) return refusal(400, `Expected the header ${twice} at most once`);
  const host = headers.host?.toLowerCase() ?? '';
  if (!house.authorities.has(host)) return refusal(403, 'Expected the Host header to name this server');
  if (!isSameOrigin(headers.origin, house))
    return refusal(403, 'Expected a request of this page, found another origin');
  if (!isOwnFetch(headers)) return refusal(403, 'Expected a request of this page, found one of another site');
  const target = readTarget(knock.target);
  if (target === null) return refusal(400, 'Expected a path and a query that can be read');
  const route = house.routes.get(target.path);
  if (route === undefined) return refusal(404, 'Nothing is served under this path');
  const isPost = route.kind === 'change' || route.kind === 'intent';
  const allowed = isPost ? ['POST'] : ['GET', 'HEAD'];
  if (!allowed.includes(method)) {
    return refusal(405, `Expected ${allowed.join(' or ')}`, { Allow: allowed.join(', ') });
  }
  const given = tokenOf(headers.authorization, target.query);
  const hasToken = given !== null && isEqual(given, house.token);
  if (given !== null && !hasToken) return refusal(403, WRONG_TOKEN);
  const needsToken = refusal(401, 'Expected the token: open the URL that VS Code gives', {
    'WWW-Authenticate': 'Bearer',
  });
  if (house.needsTokenToRead && route.kind !== 'asset' && !hasToken) return needsToken;
  if (route.kind === 'change') {
    if (!house.mayChange) return refusal(403, 'This dashboard is read-only');
    if (!hasToken) return needsToken;
  }
  const wrong = isPost ? wrongBody(headers) : null;
  if (wrong !== null) return { refusal: wrong };
  return { admitted: { ...target, hasToken } };
}

function wrongBody(headers: IncomingHttpHeaders): Refusal | null {
  const type = headers['content-type'] ?? '';
  if (!/^application\/json(\s*;\s*charset="?utf-8"?)?\s*$/i.test(type)) {
    return { status: 415, reason: 'Expected the content type application/json' };
  }
  if (headers['content-encoding'] !== undefined) return { status: 415, reason: 'Expected a body without an encoding' };
  if (Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
    return { status: 413, reason: `Expected at most ${MAX_BODY_BYTES} bytes` };
  }
  return null;
}

/** Browsers send an Origin with whatever could do harm; programs of the terminal send none. */
function isSameOrigin(origin: string | undefined, house: House): boolean {
  if (origin === undefined) return true;
  const [, authority] = /^https?:\/\/([^/]+)$/.exec(origin.toLowerCase()) ?? [];
  return authority !== undefined && house.authorities.has(authority);
}

/** A link from elsewhere may open the page; nothing elsewhere may use it as a part of its own. */
function isOwnFetch(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return true;
  return headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

/** Paths are compared as they are written, never decoded: `..` and `%2e` lead nowhere. */
function readTarget(target: string): { path: string; query: Map<string, string> } | null {
  if (!/^\/[\x21-\x7e]*$/.test(target) || /[#\\]/.test(target)) return null;
  const [path = '', ...rest] = target.split('?');
  if (rest.length > 1 || decode(path) === null) return null;
  const query = new Map<string, string>();
  const fields = (rest[0] ?? '').split('&').filter(field => field !== '');
  if (fields.length > MAX_QUERY_FIELDS) return null;
  for (const field of fields) {
    const at = field.indexOf('=');
    const key = decode(at < 0 ? field : field.slice(0, at));
    const value = decode(at < 0 ? '' : field.slice(at + 1));
    if (key === null || value === null || query.has(key)) return null;
    query.set(key, value);
  }
  return { path, query };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function tokenOf(authorization: string | undefined, query: ReadonlyMap<string, string>): string | null {
  if (authorization !== undefined) return /^Bearer (\S+)$/i.exec(authorization)?.[1] ?? '';
  return query.get('token') ?? null;
}

/** In the same time whatever was guessed right. */
function isEqual(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function nTimes(rawHeaders: readonly string[], name: string): number {
  let n = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) if (rawHeaders[index]?.toLowerCase() === name) n++;
  return n;
}
