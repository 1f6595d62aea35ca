/** Where hovers get a price from while no session runs: the newest of what a session and the anchors wrote down. */
import { deepEqual } from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lastReferences } from '../../../src/ui/lastReferences';

describe('last references', () => {
  let folder = '';
  const snapshot = () => path.join(folder, 'dashboard_snapshot.json');
  const anchors = () => path.join(folder, 'anchors.ib.json');
  const known = () => Object.fromEntries(lastReferences([snapshot(), anchors()]));
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'dronebot-references-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are those of the anchors before any session', () => {
    writeFileSync(anchors(), JSON.stringify({ anchors: { AVAV: { t: 5, reference: 41, last: 42 } } }));
    deepEqual(known(), { AVAV: { t: 5, reference: 41, last: 42 } });
  });
  it('are the newer of session and anchors, symbol by symbol', () => {
    const symbols = [
      { symbol: 'AVAV', reference: 40, last: 40.5 },
      { symbol: 'RCAT', reference: 12, last: null },
    ];
    writeFileSync(snapshot(), JSON.stringify({ t: 7, symbols }));
    const entries = { AVAV: { t: 5, reference: 41, last: 42 }, DPRO: { t: 5, reference: 10, last: 10.1 } };
    writeFileSync(anchors(), JSON.stringify({ anchors: entries }));
    deepEqual(known(), {
      AVAV: { t: 7, reference: 40, last: 40.5 },
      RCAT: { t: 7, reference: 12, last: 12 },
      DPRO: { t: 5, reference: 10, last: 10.1 },
    });
  });
  it('are nothing from a file that is missing, broken or of another form', () => {
    deepEqual(known(), {});
    writeFileSync(snapshot(), '{');
    writeFileSync(
      anchors(),
      JSON.stringify({ anchors: { AVAV: { t: 5, reference: '41', last: 42 }, RCAT: { t: 5 } } }),
    );
    deepEqual(known(), {});
    writeFileSync(anchors(), 'null');
    deepEqual(known(), {});
  });
});
