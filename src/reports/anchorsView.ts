/**
 * The anchors report as its page shows it: a table for each window, one row a symbol, texts ready to show. Colour only
 * repeats what a sign says.
 */
import type { AnchorsCell, AnchorsView } from '../shared/anchors';
import type { AnchorRow, AnchorsReport } from './anchorsReport';
import { cellsOf, COLUMNS, rungCells } from './anchorsText';

const RUNG_NUMBERS = [1, 2, 3, 4, 5, 6, 7];

export function anchorsView(report: AnchorsReport): AnchorsView {
  return {
    title: report.title,
    notes: report.notes,
    isPartial: report.isPartial,
    tables: report.tables.map(({ title, rows }) => ({
      title,
      columns: [...COLUMNS.slice(1), ...RUNG_NUMBERS.map(rung => `L${rung}`), ...RUNG_NUMBERS.map(rung => `U${rung}`)],
      rows: rows.map(row => ({
        symbol: row.symbol,
        cells: cells(row),
        hasPrices: row.anchor !== null,
        note: row.note,
      })),
    })),
  };
}

function cells(row: AnchorRow): AnchorsCell[] {
  const tone = row.change === null || row.change === 0 ? undefined : row.change > 0 ? 'up' : 'down';
  const [, ...own] = cellsOf(row);
  const change = COLUMNS.indexOf('Change') - 1;
  return [
    ...own.map((text, index) => (index === change && tone !== undefined ? { text, tone } : { text })),
    ...rungCells(row.buys, row).map(text => ({ text })),
    ...rungCells(row.sells, row).map(text => ({ text })),
  ];
}
