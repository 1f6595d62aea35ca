/** The program around the replay: what it says of input that it cannot use, and that its files are there in the end. */
import { equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';

const FIXTURES = path.join(__dirname, '../../fixtures');
const TAPE = path.join(FIXTURES, 'tape-opening.jsonl');
const TARGETS = path.join(FIXTURES, 'tape-opening.targets.txt');
const SETTINGS = { 'volatility.minimum': 3, 'protection.restSeconds': 20 };

describe('npm run replay', function () {
  this.timeout(60_000);
  let folder: string;
  const at = (name: string): string => path.join(folder, name);
  const write = (name: string, text: string | Buffer): string => {
    fs.writeFileSync(at(name), text);
    return at(name);
  };
  const run = (...args: string[]): { code: number | null; out: string; err: string } => {
    const all = ['--require', 'tsx/cjs', path.join(__dirname, '../../../tools/replay.ts'), ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8' });
    return { code: status, out: stdout, err: stderr };
  };
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-replay-'))));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('plain, compressed, and begun decades before its first tick: the same files', () => {
    const settings = write('settings.json', JSON.stringify(SETTINGS));
    const lines = fs.readFileSync(TAPE, 'utf8');
    const tapes = [
      TAPE,
      write('tape.jsonl.gz', gzipSync(lines)),
      write('early.jsonl', `{"t":0,"type":"contract","symbol":"AVAV"}\n${lines}`),
    ];
    const files = tapes.map((tape, n) => {
      const { code, err } = run('--targets', TARGETS, '--tape', tape, '--out', at(`out${n}`), '--settings', settings);
      equal(code, 0, err);
      return ['decisions.jsonl', 'fills_live.csv', 'pnl_summary_live.csv'].map(name =>
        fs.readFileSync(path.join(at(`out${n}`), name), 'utf8'),
      );
    });
    equal(files[0]?.[0]?.split('\n').length, 1 + (fs.readFileSync(path.join(FIXTURES, 'tape-opening.expected.txt'), 'utf8').match(/ AVAV at /g)?.length ?? 0)); // prettier-ignore
    equal(JSON.stringify(files[1]), JSON.stringify(files[0]));
    equal(JSON.stringify(files[2]), JSON.stringify(files[0]));
  });

  it('names the line that it skips, and goes on', () => {
    const tape = write('bad.jsonl', `nonsense\n{"t":1,"type":"contract","symbol":"AVAV","hours":5}\n${fs.readFileSync(TAPE, 'utf8')}`); // prettier-ignore
    const { code, out, err } = run('--targets', TARGETS, '--tape', tape, '--out', at('bad'));
    equal(code, 0);
    match(err, /^Line 1 was skipped: expected a JSON object, found nonsense\.$/m);
    match(err, /^Line 2 was skipped: expected a list of pairs of numbers for "hours", found 5\.$/m);
    ok(!/^0 events/.test(out), out);
  });

  it('a sentence for each thing that is not there', () => {
    const file = write('file', '@config equity=0');
    const torn = write('torn.jsonl.gz', Buffer.from([0x1f, 0x8b, 0x20, 0x21]));
    const cases: readonly (readonly [args: string[], text: RegExp])[] = [
      [['--tape', TAPE], /^Expected --tape FILE and --out DIR/],
      [['--targets', TARGETS, '--tape', at('none'), '--out', at('o')], /^The tape .*none cannot be read: not there/],
      [['--targets', at('none'), '--tape', TAPE, '--out', at('o')], /^The file .*none cannot be read: not there/],
      [
        ['--targets', TARGETS, '--tape', TAPE, '--out', file],
        /^The folder .*file cannot be made: a file has that name/,
      ],
      [['--targets', file, '--tape', TAPE, '--out', at('o')], /^targets\.txt has an invalid @config/],
      [['--targets', TARGETS, '--tape', torn, '--out', at('o')], /^The tape .*torn\.jsonl\.gz cannot be read/],
      [
        ['--targets', TARGETS, '--tape', TAPE, '--out', at('o'), '--settings', file],
        /^The settings .*file are not JSON/,
      ],
    ];
    for (const [args, text] of cases) {
      const { code, err } = run(...args);
      match(err, text);
      ok(!err.includes('    at '), err);
      equal(code, 2);
    }
  });
});
