/**
 * The anchors report as text: tables for the terminal, CSV for a spreadsheet, Markdown for a diary. Each holds the same
 * numbers; prices have the symbol's decimals.
 */
import { stringify } from 'csv-stringify/sync';
import { dayText } from '../strategy/exchangeTime';
import type { AnchorRow, AnchorsReport, AnchorTable } from './anchorsReport';
import { distance, dollarsAndCents, price, shares } from './format';

const RUNG_NUMBERS = [1, 2, 3, 4, 5, 6, 7];
const ANCHOR_RUNG = 4;

/** Two lines a symbol, buys above sells; the anchor rung in brackets. */
export function anchorsText(report: AnchorsReport): string {
  return [report.title, ...report.notes, ...report.tables.map(tableText)].join('\n\n');
}

export function anchorsCsv(report: AnchorsReport): string {
  const head = ['date', 'source', 'window', 'symbol', 'class', 'anchor', 'previous_anchor', 'change_pct', 'last_close'];
  const rungs = (side: string) => RUNG_NUMBERS.map(rung => `${side}_${rung}`);
  const rows = report.tables.flatMap(({ window, rows }) =>
    rows.map(row => {
      const fixed = (value: number | null, decimals = row.decimals) => (value === null ? '' : value.toFixed(decimals));
      const prices = (side: readonly number[]) => RUNG_NUMBERS.map((_, i) => fixed(side[i] ?? null));
      return [
        dayText(report.day),
        dayText(report.source),
        window,
        row.symbol,
        row.class,
        fixed(row.anchor),
        fixed(row.previous),
        fixed(row.change, 2),
        fixed(row.lastClose),
        fixed(row.clip, 2),
        row.shares === null ? '' : String(row.shares),
        ...prices(row.buys),
        ...prices(row.sells),
        row.note,
      ];
    }),
  );
  return stringify([[...head, 'clip_usd', 'clip_shares', ...rungs('buy'), ...rungs('sell'), 'note'], ...rows]);
}

export function anchorsMarkdown(report: AnchorsReport): string {
  const table = ({ title, rows }: AnchorTable): string => {
    const head = [...COLUMNS, ...RUNG_NUMBERS.map(rung => `L${rung}`), ...RUNG_NUMBERS.map(rung => `U${rung}`), 'Note'];
    const align = head.map((_, index) => (index < 2 || index === head.length - 1 ? '---' : '--:'));
    const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    const body = rows.map(row =>
      line([...cellsOf(row), ...rungCells(row.buys, row), ...rungCells(row.sells, row), row.note]),
    );
    return [`## ${title}`, '', line(head), line(align), ...body].join('\n');
  };
  return [`# ${report.title}`, ...report.notes, ...report.tables.map(table)].join('\n\n') + '\n';
}

export const COLUMNS = ['Symbol', 'Class', 'Anchor', 'Day before', 'Change', 'Last close', 'Clip', 'Shares'] as const;

/** In the order of `COLUMNS`. */
export function cellsOf(row: AnchorRow): string[] {
  return [
    row.symbol,
    row.class,
    price(row.anchor, row.decimals),
    price(row.previous, row.decimals),
    distance(row.change),
    price(row.lastClose, row.decimals),
    dollarsAndCents(row.clip),
    shares(row.shares),
  ];
}

/** Seven prices, or seven dashes. */
export const rungCells = (side: readonly number[], row: AnchorRow): string[] =>
  RUNG_NUMBERS.map((_, index) => price(side[index], row.decimals));

function tableText({ title, rows }: AnchorTable): string {
  const head = [...COLUMNS, '', ...RUNG_NUMBERS.map(rung => (rung === ANCHOR_RUNG ? `[${rung}]` : ` ${rung} `))];
  const bracketed = (cells: readonly string[]) =>
    cells.map((cell, i) => (i + 1 === ANCHOR_RUNG ? `[${cell}]` : ` ${cell} `));
  const lines = rows.flatMap(row => {
    if (row.buys.length === 0) return [[...cellsOf(row), row.note]];
    const sells = [...COLUMNS.map(() => ''), 'sell', ...bracketed(rungCells(row.sells, row))];
    return [
      [...cellsOf(row), 'buy', ...bracketed(rungCells(row.buys, row))],
      row.note === '' ? sells : [...sells, row.note],
    ];
  });
  // A row without rungs ends in its note, which may be as long as it likes.
  const counts = (line: readonly string[], column: number) => column < COLUMNS.length || line.length > head.length - 1;
  const widths = head.map((name, column) =>
    Math.max(name.length, ...lines.filter(line => counts(line, column)).map(line => (line[column] ?? '').length)),
  );
  const isLeft = (column: number) => column < 2 || column === COLUMNS.length || column >= head.length;
  const write = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (isLeft(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const top = write(head);
  return [
    title,
    '',
    top,
    '─'.repeat(Math.max(top.length, ...lines.map(line => write(line).length))),
    ...lines.map(write),
  ].join('\n');
}
