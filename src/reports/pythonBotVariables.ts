/**
 * The environment variables of the earlier Python bot: how launcher files write them, and which setting each one is here.
 * A value that cannot be read, is computed by a shell, or lies outside the setting's range is named and not taken over.
 */
import { NUMBER_SETTINGS, type NumberSettingKey, type SettingSpec } from '../strategy/settings';

/** A setting without the `dronebot.` prefix. */
export type ImportedSetting = NumberSettingKey | 'host' | 'port' | 'clientId' | 'equity';

interface Meaning {
  readonly setting: ImportedSetting;
  /** How the number is meant; `part` is 0.25 for 25 %, `percent` is written either way. */
  readonly as: 'text' | 'number' | 'part' | 'percent';
}

/** Null: nothing here corresponds to it. */
export const VARIABLES = {
  IB_HOST: { setting: 'host', as: 'text' },
  IB_PORT: { setting: 'port', as: 'number' },
  IB_CID: { setting: 'clientId', as: 'number' },
  LIVE_EQUITY: { setting: 'equity', as: 'number' },
  HARD_STOP_PCT: { setting: 'protection.hardStopPercent', as: 'percent' },
  TRAIL_PCT: { setting: 'protection.trailPercent', as: 'percent' },
  BUY_COOLDOWN_SEC: { setting: 'layers.buyCooldownSeconds', as: 'number' },
  LOOP_SLEEP_SEC: null,
  TARGET_UTILIZATION_FRAC: { setting: 'sizing.utilization', as: 'number' },
  SHOTS_PER_TICKER: { setting: 'sizing.shots', as: 'number' },
  RISKY_CLIP_MULT: { setting: 'sizing.riskyClipFactor', as: 'number' },
  SAFE_CLIP_MULT: { setting: 'sizing.safeClipFactor', as: 'number' },
  CLIP_PRICE_REF: { setting: 'sizing.clipPriceReference', as: 'number' },
  MIN_CLIP_USD: { setting: 'sizing.minClip', as: 'number' },
  MAX_CLIP_USD: { setting: 'sizing.maxClip', as: 'number' },
  BREAKEVEN_TRIM_FRACTION: { setting: 'layers.trimPercent', as: 'part' },
  BREAKEVEN_MIN_UPNL_BP: { setting: 'layers.trimThresholdBp', as: 'number' },
} as const satisfies Record<string, Meaning | null>;
export type VariableName = keyof typeof VARIABLES;

export interface Assignment {
  readonly name: VariableName;
  readonly value: string;
  readonly file: string;
  /** Counted from 1; 0 for the environment of VS Code, which has no lines. */
  readonly line: number;
}

/** A percentage under this is a part of one: 0.05 is 5 %, 0.5 is 0.5 %. */
const PART_BELOW = 0.5;

// --- launcher files

/** Where a file's variables stand among the others: a script that starts the bot wins over a `.env`, which fills gaps. */
export function rankOf(file: string): number {
  if (file === '') return 2;
  return /\.env(\.|$)/i.test(file) ? 1 : 0;
}

export const isLauncherName = (name: string): boolean =>
  /\.(bat|cmd|ps1|sh|command|env)$/i.test(name) || /^\.env(\..+)?$/i.test(name);

/** The known variables that a launcher file sets, in its order. */
export function readAssignments(file: string, text: string): Assignment[] {
  const found: Assignment[] = [];
  text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .forEach((content, index) => {
      for (const [name, value] of assignmentsIn(file, content)) {
        const upper = name.toUpperCase();
        if (isVariable(upper)) found.push({ name: upper, value: value.trim(), file, line: index + 1 });
      }
    });
  return found;
}

function assignmentsIn(file: string, line: string): [string, string][] {
  if (/\.(bat|cmd)$/i.test(file)) return batch(line);
  if (/\.ps1$/i.test(file)) return line.trimStart().startsWith('#') ? [] : pairs(line, POWERSHELL);
  return line.trimStart().startsWith('#') ? [] : pairs(line, SHELL);
}

/** `set A=1`, `set "A=1"`, `setx A 1`, several joined with `&`. */
function batch(line: string): [string, string][] {
  if (/^\s*@?\s*(rem\b|::)/i.test(line)) return [];
  return line.split(/&+/).flatMap(part => {
    const set =
      /^\s*@?\s*set\s+"?(\w+)=([^"]*)"?\s*$/i.exec(part) ?? /^\s*@?\s*setx\s+(\w+)\s+"?([^"]*)"?\s*$/i.exec(part);
    return set === null ? [] : [[set[1] ?? '', set[2] ?? ''] satisfies [string, string]];
  });
}

const SHELL = /(?:^|[\s;])(\w+)=("[^"]*"|'[^']*'|[^\s;#]*)/g;
const POWERSHELL = /\$env:(\w+)\s*=\s*("[^"]*"|'[^']*'|[^\s;#]+)/gi;

const pairs = (line: string, form: RegExp): [string, string][] =>
  [...line.matchAll(form)].map(([, name = '', value = '']) => [name, value.replace(/^(["'])(.*)\1$/, '$2')]);

const isVariable = (name: string): name is VariableName => Object.hasOwn(VARIABLES, name);

// --- what a value means here

export type Meant =
  | { readonly ok: true; readonly setting: ImportedSetting; readonly value: number | string; readonly read: string }
  | { readonly ok: false; readonly reason: string };

export function meaningOf({ name, value }: Pick<Assignment, 'name' | 'value'>): Meant {
  const meaning: Meaning | null = VARIABLES[name];
  if (meaning === null)
    return no('Dronebot evaluates every change of a price and every second; it has no loop to slow down');
  if (/[$%`]|^\(/.test(value)) return no(`"${value}" is computed by the shell, so its value is not known here`);
  if (value === '') return no('it is empty');
  const { setting, as } = meaning;
  if (setting === 'host') {
    return /^[\w.:[\]/-]+$/.test(value) ? yes(setting, value, value) : no(`expected a host, found "${value}"`);
  }
  const plain = value.replace(/(?<=\d)_(?=\d)/g, '');
  if (!/^\d*\.?\d+$/.test(plain)) return no(`expected a number, found "${value}"`);
  const number = as === 'part' || (as === 'percent' && Number(plain) < PART_BELOW) ? asPercent(plain) : Number(plain);
  const { min, max, whole, unit } = rangeOf(setting);
  if (!(min <= number && number <= max) || (whole && !Number.isInteger(number))) {
    const kind = whole ? 'a whole number' : 'a number';
    const range = max === Infinity ? 'over 0' : `from ${min} to ${max}`;
    return no(`expected ${[kind, range, unit].join(' ').trim()}, found ${number}`);
  }
  const isPercent = as === 'part' || as === 'percent';
  return yes(setting, number, isPercent ? `${number} %` : [number, unit].join(' ').trim());
}

/** Of the decimal text: 0.07 × 100 in doubles is 7.000000000000001. */
const asPercent = (text: string): number => Number(`${text}e2`);

function rangeOf(setting: Exclude<ImportedSetting, 'host'>): {
  min: number;
  max: number;
  whole: boolean;
  unit: string;
} {
  switch (setting) {
    case 'port':
      return { min: 1, max: 65_535, whole: true, unit: '' };
    case 'clientId':
      return { min: 0, max: 2_147_483_647, whole: true, unit: '' };
    case 'equity':
      return { min: Number.MIN_VALUE, max: Infinity, whole: false, unit: 'USD' };
    default: {
      const { min, max, unit, ...rest }: SettingSpec = NUMBER_SETTINGS[setting];
      return { min, max, whole: rest.whole === true, unit };
    }
  }
}

const yes = (setting: ImportedSetting, value: number | string, read: string): Meant => ({
  ok: true,
  setting,
  value,
  read,
});
const no = (reason: string): Meant => ({ ok: false, reason });
