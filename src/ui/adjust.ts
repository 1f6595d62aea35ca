/**
 * A change of a program over HTTP: `{symbol, buy_pct, sell_pct}`, a number to set a base percent and null to drop its override. It
 * takes the way of the dashboard's steppers, through the same check and the same file, and answers when the session says that it
 * is in force. It imports no VS Code.
 */
import type { Side } from '../shared/dashboard';
import type { Answer } from '../web/source';
import { readIntent } from './dashboardIntents';
import type { SessionController } from './sessionController';

const WITHIN_MS = 5000;
const FIELDS: Readonly<Record<string, Side>> = { buy_pct: 'buy', sell_pct: 'sell' };

interface Change {
  readonly symbol: string;
  readonly sides: Readonly<Partial<Record<Side, number | null>>>;
}

export async function adjust(controller: SessionController, asked: unknown): Promise<Answer> {
  const read = readAdjust(asked);
  if ('error' in read) return { status: 400, body: read };
  const { symbol, sides } = read;
  const { snapshot } = controller;
  if (snapshot === null) return { status: 503, body: { error: 'No session runs here, so nothing can be changed' } };
  if (!snapshot.symbols.some(each => each.symbol === symbol)) {
    return { status: 422, body: { error: `The session knows no ${symbol}` } };
  }
  const { outcome, text } = await controller.override(symbol, sides);
  if (outcome === 'refused') return { status: 422, body: { error: text } };
  if (outcome === 'asked') return { status: 202, body: { state: 'asked', text } };
  if (!(await isInForce(controller, read))) {
    return { status: 504, body: { error: `Written, but the session has not taken it within ${WITHIN_MS / 1000} s` } };
  }
  const row = controller.snapshot?.symbols.find(each => each.symbol === symbol);
  // Taken and not written: it counts until the session ends, and the file says why.
  const warning = text === '' ? {} : { warning: text };
  const body = { state: 'taken', symbol, buy_pct: row?.buyPercent, sell_pct: row?.sellPercent, ...warning };
  return { status: 200, body };
}

export function readAdjust(asked: unknown): Change | { error: string } {
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked)) {
    return { error: 'Expected an object with symbol, buy_pct and sell_pct' };
  }
  const { symbol: given, ...fields } = asked as Record<string, unknown>;
  const symbol = typeof given === 'string' ? given.toUpperCase() : given;
  const sides: Partial<Record<Side, number | null>> = {};
  for (const [name, value] of Object.entries(fields)) {
    const side = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (side === undefined) return { error: `Expected symbol, buy_pct or sell_pct, found "${name.slice(0, 40)}"` };
    const type = value === null ? 'dropOverride' : 'setOverride';
    // Like a page's intent, by the same function.
    const intent = readIntent({ type, id: 0, symbol, side, ...(value === null ? {} : { value }) });
    if (intent?.type !== type) {
      return { error: `Expected a ticker and for ${name} a number or null, found ${shown(given)} and ${shown(value)}` };
    }
    sides[side] = value as number | null;
  }
  if (Object.keys(sides).length === 0) return { error: 'Expected buy_pct, sell_pct or both' };
  return { symbol: symbol as string, sides };
}

function isInForce(controller: SessionController, { symbol, sides }: Change): Promise<boolean> {
  const isSo = () => {
    const row = controller.snapshot?.symbols.find(each => each.symbol === symbol);
    return (
      row !== undefined &&
      Object.entries(sides).every(([side, value]) => (row.override?.[side as Side] ?? null) === value)
    );
  };
  if (isSo()) return Promise.resolve(true);
  return new Promise(resolve => {
    const done = (result: boolean) => {
      clearTimeout(timer);
      listener.dispose();
      resolve(result);
    };
    const timer = setTimeout(() => done(false), WITHIN_MS);
    const listener = controller.onSnapshot(() => {
      if (isSo()) done(true);
    });
  });
}

const shown = (value: unknown): string => {
  const json = value === undefined ? 'nothing' : JSON.stringify(value);
  return json.length > 40 ? `${json.slice(0, 39)}…` : json;
};
