import assert, { deepEqual, equal } from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { lookAtOldFolder, PYTHON_FILES, takeOver } from '../../../src/session/takeOver';
import { SAMPLE_TARGETS } from '../../../src/targets/schema';

const fixtures = path.join(__dirname, '../reports/fixtures/python-bot');

let root: string;
let from: string;
let to: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-import-'));
  from = path.join(root, 'old');
  to = path.join(root, 'new');
  fs.cpSync(fixtures, from, { recursive: true });
  fs.mkdirSync(to);
});
afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

const put = (name: string, text: string): void => fs.writeFileSync(path.join(to, name), text);
const fates = (): string =>
  lookAtOldFolder(from, to)
    .files.map(({ name, fate }) => `${name} ${fate}`)
    .join(', ');
const run = () => takeOver(lookAtOldFolder(from, to).files, from, to);
const all = (folder: string): Record<string, string> =>
  Object.fromEntries(fs.readdirSync(folder).map(name => [name, fs.readFileSync(path.join(folder, name), 'latin1')]));

describe('importing the Python bot’s files', () => {
  it('copies everything into an empty folder and changes nothing in the old one', () => {
    const before = all(from);
    const { copied, failed } = run();
    deepEqual(copied, [...PYTHON_FILES]);
    deepEqual(failed, []);
    deepEqual(all(from), before);
    for (const name of PYTHON_FILES) equal(fs.readFileSync(path.join(to, name), 'latin1'), before[name], name);
    equal(fates(), PYTHON_FILES.map(name => `${name} same`).join(', '));
  });

  it('makes room for the untouched sample only', () => {
    put('targets.txt', SAMPLE_TARGETS);
    assert.match(fates(), /targets\.txt replace/);
    put('targets.txt', `${SAMPLE_TARGETS}TSLA\n`);
    assert.match(fates(), /targets\.txt beside/);
    deepEqual(run().copied[0], 'archive/python-bot/targets.txt');
    assert.match(fs.readFileSync(path.join(to, 'targets.txt'), 'utf8'), /TSLA/);
  });

  it('replaces nothing that changed between the page and the yes', () => {
    put('targets.txt', SAMPLE_TARGETS);
    const { files } = lookAtOldFolder(from, to);
    put('targets.txt', 'TSLA\n');
    put('fills_live.csv', 'mine\n');
    const { copied, failed } = takeOver(files, from, to);
    deepEqual(copied, ['pnl_summary_live.csv', 'dashboard_overrides.json']);
    deepEqual(
      failed.map(({ file }) => file),
      ['targets.txt', 'fills_live.csv'],
    );
    equal(fs.readFileSync(path.join(to, 'targets.txt'), 'utf8'), 'TSLA\n');
    equal(fs.readFileSync(path.join(to, 'fills_live.csv'), 'utf8'), 'mine\n');
  });

  it('puts fills beside once a journal counts rows here', () => {
    fs.mkdirSync(path.join(to, '.dronebot/DU1/journal'), { recursive: true });
    assert.match(fates(), /fills_live\.csv beside/);
  });

  it('uses the open folder’s own files where they are', () => {
    const { files } = lookAtOldFolder(from, from);
    assert.ok(files.every(({ fate }) => fate === 'inPlace'));
    deepEqual(takeOver(files, from, from), { copied: [], failed: [] });
  });

  it('reads launchers in UTF-16, and none that is huge', () => {
    fs.writeFileSync(path.join(from, 'run.ps1'), Buffer.from('\uFEFF$env:IB_CID = "9"\r\n', 'utf16le'));
    fs.writeFileSync(path.join(from, 'huge.sh'), `IB_CID=1\n${'#'.repeat(300_000)}`);
    const { assignments } = lookAtOldFolder(from, to);
    deepEqual(
      assignments.filter(({ name }) => name === 'IB_CID').map(({ file, value }) => `${file} ${value}`),
      ['run.ps1 9', 'run_live.bat 33'],
    );
  });

  it('says when the folder is not there', () =>
    assert.throws(() => lookAtOldFolder(path.join(root, 'gone'), to), { code: 'ENOENT' }));
});
