/**
 * From settings and environment to what a session starts with, by the precedence of docs/strategy.md sections 1 and 11: what
 * a person has set, then the environment as it was at activation, then the default. Pure, so that it can be tested as a table.
 */
import { parseEndpoint } from '../broker/endpoint';
import { DEFAULT_SETTINGS, NUMBER_SETTINGS } from '../strategy/settings';
import { DEFAULTS } from '../targets/schema';
import type { Budget } from '../strategy/sizing';

/** The variables that count, copied before any library could read a `.env`. */
export interface Environment {
  readonly LIVE_EQUITY?: string;
  readonly IB_HOST?: string;
  readonly IB_PORT?: string;
  readonly IB_CID?: string;
}

export const copyEnvironment = (env: Readonly<Record<string, string | undefined>>): Environment => {
  const copy: Record<string, string> = {};
  for (const key of ['LIVE_EQUITY', 'IB_HOST', 'IB_PORT', 'IB_CID']) {
    const value = env[key];
    if (value !== undefined && value !== '') copy[key] = value;
  }
  return copy;
};

/** `undefined` where a person has set nothing. */
export type UserValue = (key: string) => unknown;

export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
}

export type Resolved<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly text: string };

export const DEFAULT_CLIENT_ID = 21;

const HIGHEST_CLIENT_ID = 2_147_483_647;
const REPORTS_OFFSET = 900;

/** Reports run beside a session on an id of their own (§11). */
export const reportClientId = (clientId: number): number =>
  clientId <= HIGHEST_CLIENT_ID - REPORTS_OFFSET ? clientId + REPORTS_OFFSET : clientId - REPORTS_OFFSET;

export function resolveEndpoint(user: UserValue, env: Environment): Resolved<Endpoint> {
  const host = text(user('host')) ?? env.IB_HOST ?? '127.0.0.1';
  const port = scalar(user('port')) ?? env.IB_PORT;
  const parsed = parseEndpoint(host, port === undefined ? undefined : String(port));
  if (!parsed.ok)
    return {
      ok: false,
      text: `The gateway's address is not usable: "${host}${port === undefined ? '' : `:${String(port)}`}".`,
    };
  const id = scalar(user('clientId')) ?? env.IB_CID ?? DEFAULT_CLIENT_ID;
  const clientId = Number(id);
  if (!Number.isInteger(clientId) || clientId < 0 || clientId > HIGHEST_CLIENT_ID) {
    return { ok: false, text: `The client id must be a whole number from 0, found "${String(id)}".` };
  }
  return { ok: true, value: { ...parsed.endpoint, clientId } };
}

/** Below what @config says. A value that cannot be is left out: the next source counts, as if it were not there. */
export function resolveBudget(user: UserValue, env: Environment): Budget {
  const share = (key: string, fallback: number): number => {
    const value = user(key);
    return typeof value === 'number' && 0 <= value && value <= 1 ? value : fallback;
  };
  return {
    equity: positive(user('equity')) ?? positive(env.LIVE_EQUITY) ?? DEFAULTS.equity,
    risky: share('riskyShare', DEFAULTS.risky),
    safe: share('safeShare', DEFAULTS.safe),
  };
}

/** Every number and switch of the strategy as it is set; the session checks ranges again. */
export function resolveSettings(value: (key: string) => unknown): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const key of [...Object.keys(NUMBER_SETTINGS), 'protection.antiShort']) {
    const found = value(key);
    settings[key] = found === undefined ? DEFAULT_SETTINGS[key as keyof typeof DEFAULT_SETTINGS] : found;
  }
  return settings;
}

const scalar = (value: unknown): string | number | undefined =>
  typeof value === 'string' || typeof value === 'number' ? value : undefined;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

function positive(value: unknown): number | undefined {
  const number = typeof value === 'string' ? (/^\d*\.?\d+$/.test(value.trim()) ? Number(value) : NaN) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : undefined;
}
