// What the simulated exchange executed, written down before any frame about it is encoded: the independent account that a
// client's own fills are compared with. Append only; it repairs and reads nothing.

import { closeSync, openSync, writeSync } from 'node:fs';

/** One line of the truth file. Prices and amounts in dollars, times in epoch milliseconds of the simulated clock. */
export interface TruthEntry {
  readonly type: 'execution';
  readonly t: number;
  readonly execId: string;
  readonly account: string;
  readonly clientId: number;
  readonly orderId: number;
  readonly permId: number;
  readonly orderRef: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly shares: number;
  readonly price: number;
  readonly commission: number;
}

export class TruthLog {
  readonly entries: TruthEntry[] = [];
  private readonly file: number | undefined;

  constructor(
    path: string | undefined,
    private readonly onTruth: (entry: TruthEntry) => void,
  ) {
    this.file = path === undefined ? undefined : openSync(path, 'w');
  }

  append(entry: TruthEntry): void {
    this.entries.push(entry);
    if (this.file !== undefined) writeSync(this.file, `${JSON.stringify(entry)}\n`);
    this.onTruth(entry);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }
}
