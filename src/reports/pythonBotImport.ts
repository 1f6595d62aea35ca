/**
 * `Dronebot: Import Python Bot`: from what was found in the earlier bot's folder to a plan (what is taken over, what is not and
 * why, what is different here on purpose) and the plan as a page. It reads no disk and changes nothing.
 */
import { basePercent, count } from './format';
import { reviewFills } from './fillReview';
import { meaningOf, rankOf, type Assignment, type ImportedSetting, type VariableName } from './pythonBotVariables';
import { findingText } from '../targets/messages';
import { parseTargets } from '../targets/parse';
import { startChecked } from '../targets/resolve';
import { DEFAULTS } from '../targets/schema';
import { checkTargets } from '../targets/validate';

/** What becomes of a file. `copy`: there is none yet; `replace`: the untouched sample makes room; `beside`: put where it disturbs nothing. */
export type FileFate = 'copy' | 'replace' | 'beside' | 'same' | 'inPlace';

export interface FoundFile {
  readonly name: string;
  readonly text: string;
  readonly fate: FileFate;
}

export interface FoundBot {
  /** targets.txt and the files that the bot wrote. */
  readonly files: readonly FoundFile[];
  /** Of launcher files and of VS Code's own environment (file ''). */
  readonly assignments: readonly Assignment[];
  /** What dashboard_overrides.json says, read by the rules of a session. */
  readonly overrides: { readonly symbols: readonly string[]; readonly problems: readonly string[] };
  /** The settings as they are now, defaults included. */
  readonly current: (setting: ImportedSetting) => number | string;
}

export interface ImportedValue {
  readonly setting: ImportedSetting;
  readonly value: number | string;
  readonly was: number | string;
  /** `HARD_STOP_PCT=0.05`. */
  readonly written: string;
  /** `run.bat, line 3`. */
  readonly where: string;
  /** As it was read: `5 %`. */
  readonly read: string;
}

export interface ImportPlan {
  readonly files: readonly { readonly name: string; readonly fate: FileFate; readonly holds: string }[];
  /** Values that differ from what is set now. */
  readonly settings: readonly ImportedValue[];
  /** Values that are set so already. */
  readonly same: readonly ImportedValue[];
  readonly notTaken: readonly { readonly written: string; readonly where: string; readonly reason: string }[];
  readonly differences: readonly string[];
}

export function planImport(found: FoundBot): ImportPlan {
  const values: ImportedValue[] = [];
  const notTaken: { written: string; where: string; reason: string }[] = [];
  for (const all of byName(found.assignments)) {
    const chosen = choose(all);
    const where = placesOf(chosen.counting);
    const written = [...new Set(chosen.counting.map(textOf))].join(', ');
    if (chosen.conflict) {
      notTaken.push({ written, where, reason: 'the launcher files do not agree, so it is left to you' });
      continue;
    }
    const [first] = chosen.counting;
    if (first === undefined) continue;
    const meant = meaningOf(first);
    if (meant.ok) values.push({ ...meant, was: found.current(meant.setting), written, where: where + chosen.over });
    else notTaken.push({ written, where, reason: meant.reason });
  }
  return {
    files: found.files.map(file => ({ name: file.name, fate: file.fate, holds: holds(file, found) })),
    settings: values.filter(({ value, was }) => value !== was),
    same: values.filter(({ value, was }) => value === was),
    notTaken,
    differences: differencesOf(found, values),
  };
}

export const isEmptyPlan = ({ files, settings, same, notTaken }: ImportPlan): boolean =>
  files.length + settings.length + same.length + notTaken.length === 0;

/** How many things a yes would do. */
export const changesOf = ({ files, settings }: ImportPlan): number =>
  files.filter(({ fate }) => fate === 'copy' || fate === 'replace' || fate === 'beside').length + settings.length;

// --- variables

function byName(assignments: readonly Assignment[]): Assignment[][] {
  const groups = new Map<VariableName, Assignment[]>();
  for (const each of assignments) groups.set(each.name, [...(groups.get(each.name) ?? []), each]);
  return [...groups.values()];
}

/** The last of each file counts, as in a shell; then the file that starts the bot before `.env` before the environment. */
function choose(all: readonly Assignment[]): { counting: Assignment[]; conflict: boolean; over: string } {
  const last = [...new Map(all.map(each => [each.file, each])).values()];
  const rank = Math.min(...last.map(({ file }) => rankOf(file)));
  const counting = last.filter(({ file }) => rankOf(file) === rank);
  const overruled = last.filter(({ file, value }) => rankOf(file) > rank && value !== counting[0]?.value);
  const over =
    overruled.length === 0
      ? ''
      : `; it wins over ${overruled.map(each => `${textOf(each)} (${placesOf([each])})`).join(', ')}`;
  return { counting, conflict: new Set(counting.map(({ value }) => value)).size > 1, over };
}

const textOf = ({ name, value }: Assignment): string => `${name}=${value}`;
const placesOf = (all: readonly Assignment[]): string =>
  all.map(({ file, line }) => (file === '' ? 'the environment of VS Code' : `${file}, line ${line}`)).join(' and ');

// --- files

function holds({ name, text }: FoundFile, { overrides }: FoundBot): string {
  switch (name) {
    case 'targets.txt': {
      const { targets, refused } = judge(text);
      const bad = refused.length === 0 ? '' : `, ${count(refused.length, 'line')} not accepted`;
      return `${count(targets.length, 'symbol')}${bad}`;
    }
    case 'fills_live.csv': {
      const { read, skipped, firstDate, lastDate } = reviewFills(text);
      const days =
        firstDate === '' ? '' : firstDate === lastDate ? ` of ${firstDate}` : ` from ${firstDate} to ${lastDate}`;
      const bad = skipped.length === 0 ? '' : `, ${count(skipped.length, 'row')} unreadable`;
      return `${count(read, 'fill')}${days}${bad}`;
    }
    case 'dashboard_overrides.json': {
      const { symbols, problems } = overrides;
      const named = symbols.length === 0 ? 'no overrides' : `overrides of ${symbols.join(', ')}`;
      return problems.length === 0 ? named : `${named}; ${problems.join('; ')}`;
    }
    default: {
      const rows = text.split('\n').filter(line => /^"?\d{4}-/.test(line)).length;
      return count(rows, 'row');
    }
  }
}

interface Judged {
  readonly targets: readonly string[];
  /** `line 4: …`. */
  readonly refused: readonly string[];
  /** Symbols whose deepest rungs lie beyond the hard stop. */
  readonly beyondStop: readonly string[];
  readonly equity: number | undefined;
}

function judge(text: string, hardStopPct?: number): Judged {
  const checked = checkTargets(parseTargets(text), DEFAULTS, hardStopPct === undefined ? {} : { hardStopPct });
  const start = startChecked(checked, DEFAULTS);
  return {
    targets: start.ok ? start.value.targets.map(({ symbol }) => symbol) : [],
    refused: checked.findings
      .filter(({ severity }) => severity === 'error')
      .map(finding => `line ${finding.line + 1}: ${findingText(finding)}`),
    beyondStop: checked.findings
      .filter(({ code }) => code === 'ladder/beyondStop')
      .map(({ line }) => checked.symbols.find(each => each.line === line)?.symbol ?? `line ${line + 1}`),
    equity: checked.config.written.equity,
  };
}

// --- what is different here

function differencesOf(found: FoundBot, values: readonly ImportedValue[]): string[] {
  const number = (setting: ImportedSetting): number =>
    Number(values.find(value => value.setting === setting)?.value ?? found.current(setting));
  const arm = number('protection.trailArmPercent');
  const list = [
    arm === 0
      ? 'The **trailing stop** is armed at entry, as `dronebot.protection.trailArmPercent` 0 asks and as the Python bot did. It may sell the first layers before the deeper rungs are reached.'
      : `The **trailing stop** is armed once a price ${arm} % over average cost is heard; the Python bot armed it at entry, which sells the first layers before the deeper rungs are reached. \`dronebot.protection.trailArmPercent\` 0 gives that back.`,
  ];
  const targets = found.files.find(({ name }) => name === 'targets.txt');
  if (targets !== undefined) list.push(...ofTargets(targets.text, number('protection.hardStopPercent'), values));
  list.push(
    'Dronebot sends **nothing before it has compared** positions, open orders and executions with the broker. Shares that the Python bot bought are in no journal: for each symbol it asks whether to adopt them or to leave them alone, and sells none before the answer.',
    'Buys have **limits of their own**: largest order, orders a minute, distance from the mid, spread, the day’s loss, budgets a class. They are settings with ranges; *Why Not?* shows each with both numbers.',
    'Orders go out on every change of a price and every second. There is no loop to slow down.',
  );
  if (found.assignments.some(({ name }) => name.startsWith('IB_')))
    list.push(
      '**Run one of the two bots at a time.** With the same client id the second one waits; with another id both would trade.',
    );
  list.push('`dronebot.broker` stays as it is: try the simulator first, then a paper account.');
  return list;
}

function ofTargets(text: string, hardStop: number, values: readonly ImportedValue[]): string[] {
  const { refused, beyondStop, equity } = judge(text, hardStop);
  const list: string[] = [];
  if (beyondStop.length > 0) {
    list.push(
      `**Rungs beyond the hard stop** of ${hardStop} % in ${count(beyondStop.length, 'line')} (${beyondStop.join(', ')}): bought down to its lowest rung the position would be sold first. The sample file uses ${basePercent(0.6)} for risky and ${basePercent(0.4)} for safe symbols. The lines are taken over as they are and underlined.`,
    );
  }
  for (const line of refused) list.push(`Not traded until it is mended, targets.txt ${line}.`);
  const live = values.find(({ setting }) => setting === 'equity');
  if (equity !== undefined && live !== undefined && live.value !== equity)
    list.push(`\`@config equity=${equity}\` in targets.txt wins over ${live.written}.`);
  return list;
}

// --- the page

const FATES: Readonly<Record<FileFate, string>> = {
  copy: 'copied',
  replace: 'copied over the untouched sample',
  beside: 'copied into archive/python-bot, for there is one here already',
  same: 'is here already, the same',
  inPlace: 'used where it is',
};

export function importPage(plan: ImportPlan, from: string, to: string): string {
  const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
    `| ${head.join(' | ')} |`,
    `|${head.map(() => ' --- ').join('|')}|`,
    ...rows.map(row => `| ${row.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`),
    '',
  ];
  const code = (text: number | string): string => `\`${text}\``;
  const section = (title: string, rows: readonly unknown[], body: () => string[]): string[] =>
    rows.length === 0 ? [] : [`## ${title}`, '', ...body()];
  return [
    '# Import from the Python bot',
    '',
    from === to
      ? `From ${code(from)}, the open folder. Nothing has been changed yet, and the bot’s files will stay as they are.`
      : `From ${code(from)} into ${code(to)}. Nothing has been changed yet, and nothing in the old folder will be.`,
    '',
    ...section('Files', plan.files, () =>
      table(
        ['file', 'holds', ''],
        plan.files.map(({ name, holds: held, fate }) => [code(name), held, FATES[fate]]),
      ),
    ),
    ...section('Settings that change', plan.settings, () =>
      table(
        ['found', 'where', 'setting', 'now', 'then'],
        plan.settings.map(({ written, where, setting, was, read }) => [
          code(written),
          where,
          code(`dronebot.${setting}`),
          was === '' ? '–' : String(was),
          `**${read}**`,
        ]),
      ),
    ),
    ...section('Set so already', plan.same, () => [
      plan.same.map(({ written, setting }) => `${code(written)} is ${code(`dronebot.${setting}`)}`).join(', ') + '.',
      '',
    ]),
    ...section('Not taken over', plan.notTaken, () =>
      table(
        ['found', 'where', 'why'],
        plan.notTaken.map(({ written, where, reason }) => [code(written), where, reason]),
      ),
    ),
    ...section('Different on purpose', plan.differences, () => [...plan.differences.map(text => `* ${text}`), '']),
  ].join('\n');
}
