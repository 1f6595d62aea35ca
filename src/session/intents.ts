/**
 * What another window says to the session that it watches, read like any stranger's input: what is not exactly a message that
 * such a window may send is nothing. It obeys none of them.
 */
import type { ControlAction } from '../engine/events';
import type { ToSession } from '../shared/protocol';

export type Intent = Exclude<ToSession, { type: 'start' }>;

/** Leaving stops is a part of a stop, and nothing by itself. */
type Action = Exclude<ControlAction, 'leaveStops'>;
const ACTIONS: Readonly<Record<Action, true>> = {
  pause: true,
  resume: true,
  protect: true,
  flatten: true,
  kill: true,
  release: true,
  resetLoss: true,
  adopt: true,
  leaveAlone: true,
};

const MOST_SYMBOLS = 1000;

/** Null for anything else. */
export function readIntent(line: string): Intent | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  return typeof value === 'object' && value !== null ? intentOf(value as Record<string, unknown>) : null;
}

function intentOf(said: Record<string, unknown>): Intent | null {
  const { type, id, symbol, action, yes, leaveStops } = said;
  switch (type) {
    case 'control': {
      if (typeof action !== 'string' || !Object.hasOwn(ACTIONS, action)) return null;
      if (symbol !== undefined && !isSymbol(symbol)) return null;
      const about = symbol === undefined ? {} : { symbol };
      const from = said['fromBrokerCost'] === true ? { fromBrokerCost: true } : {};
      return { type, action: action as Action, ...about, ...from };
    }
    case 'override': {
      const { buy, sell } = said;
      // The range is the overrides file's to check, which names it.
      if (!isSymbol(symbol) || !isPercent(buy) || !isPercent(sell) || !(id === undefined || isId(id))) return null;
      return { type, symbol, ...(buy !== undefined && { buy }), ...(sell !== undefined && { sell }), ...(isId(id) && { id }) }; // prettier-ignore
    }
    case 'preview': {
      const { side, value } = said;
      if (!isId(id) || !isSymbol(symbol) || (side !== 'buy' && side !== 'sell') || !isNumber(value)) return null;
      return { type, id, symbol, side, value };
    }
    case 'watch': {
      const { details, intervalMs, charts = [], sparks } = said;
      if (!isNumber(intervalMs) || !areSymbols(details) || !areSymbols(charts)) return null;
      return { type, details, intervalMs, charts, sparks: sparks === true };
    }
    case 'answer':
      return isId(id) && typeof yes === 'boolean' ? { type, id, yes } : null;
    case 'retry':
      return { type };
    case 'stop':
      return leaveStops === true ? { type, leaveStops } : { type };
    default:
      return null;
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isId = (value: unknown): value is number => Number.isSafeInteger(value);
const isSymbol = (value: unknown): value is string => typeof value === 'string' && /^[A-Z0-9.]{1,13}$/.test(value);
const isPercent = (value: unknown): value is number | null | undefined =>
  value === undefined || value === null || isNumber(value);
const areSymbols = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= MOST_SYMBOLS && value.every(isSymbol);
