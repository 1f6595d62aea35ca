/**
 * Messages from the dashboard's page, read like any stranger's input: what is not exactly an intent that a page may have is
 * nothing. It knows no session and changes none.
 */
import type { Action, FromDashboard, PageCommand, Side } from '../shared/dashboard';

const ACTIONS: readonly Action[] = ['pause', 'resume', 'flatten', 'kill', 'release', 'resetLoss', 'stop', 'retry'];
const COMMANDS: readonly PageCommand[] = [
  'start',
  'startSimulator',
  'startIb',
  'createTargets',
  'openTargets',
  'openLine',
  'showLog',
  'reviewFills',
  'copyLadder',
];

/** Null for anything that the page has no business asking for. */
export function readIntent(message: unknown): FromDashboard | null {
  if (typeof message !== 'object' || message === null) return null;
  const { type, id, symbol, side, value, action, command, isConfirmed } = message as Record<string, unknown>;
  switch (type) {
    case 'ready':
    case 'refresh':
      return { type };
    case 'open':
      return symbol === null || isSymbol(symbol) ? { type, symbol } : null;
    case 'act':
      if (!isId(id) || !isOneOf(ACTIONS, action) || typeof isConfirmed !== 'boolean') return null;
      if (symbol === undefined) return { type, id, action, isConfirmed };
      return isSymbol(symbol) ? { type, id, action, symbol, isConfirmed } : null;
    case 'setOverride':
    case 'preview':
      // The range is the session's to check, which names it; only numbers get there.
      return isId(id) && isSymbol(symbol) && isSide(side) && typeof value === 'number' && Number.isFinite(value)
        ? { type, id, symbol, side, value }
        : null;
    case 'dropOverride':
    case 'writeOverride':
      return isId(id) && isSymbol(symbol) && isSide(side) ? { type, id, symbol, side } : null;
    case 'command':
      if (!isOneOf(COMMANDS, command)) return null;
      if (symbol === undefined) return { type, command };
      return isSymbol(symbol) ? { type, command, symbol } : null;
    default:
      return null;
  }
}

const isId = (value: unknown): value is number => Number.isSafeInteger(value);
const isSide = (value: unknown): value is Side => value === 'buy' || value === 'sell';
const isSymbol = (value: unknown): value is string => typeof value === 'string' && /^[A-Z0-9.]{1,13}$/.test(value);
const isOneOf = <T extends string>(list: readonly T[], value: unknown): value is T =>
  (list as readonly unknown[]).includes(value);
