import assert, { deepEqual, equal } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  changesOf,
  importPage,
  isEmptyPlan,
  planImport,
  type FoundBot,
  type ImportPlan,
} from '../../../src/reports/pythonBotImport';
import {
  isLauncherName,
  meaningOf,
  readAssignments,
  VARIABLES,
  type VariableName,
} from '../../../src/reports/pythonBotVariables';
import { NUMBER_SETTINGS, type NumberSettingKey } from '../../../src/strategy/settings';

const fixture = (name: string): string =>
  readFileSync(path.join(__dirname, 'fixtures/python-bot', name), 'utf8').replaceAll('\r\n', '\n');

describe('launcher files of the Python bot', () => {
  const read = (file: string, text: string): string =>
    readAssignments(file, text)
      .map(({ name, value, line }) => `${line} ${name}=${value}`)
      .join(', ');
  for (const [file, text, expected] of [
    ['run.bat', 'set IB_PORT=7497', '1 IB_PORT=7497'],
    ['run.bat', '@SET "IB_HOST=10.0.0.5"\r\nset ib_cid=7', '1 IB_HOST=10.0.0.5, 2 IB_CID=7'],
    ['run.bat', 'set IB_PORT=7497& set IB_CID=5&&python bot.py', '1 IB_PORT=7497, 1 IB_CID=5'],
    ['run.cmd', 'rem set IB_PORT=1\n:: set IB_CID=2\nsetx LIVE_EQUITY 90000', '3 LIVE_EQUITY=90000'],
    ['run.bat', 'set PATH=C:\\x;IB_PORT=1', ''],
    ['.env', '# IB_PORT=1\nIB_PORT = 2\nIB_PORT=4002 # paper', '3 IB_PORT=4002'],
    ['.env', 'export TRAIL_PCT="0.025"\nIB_HOST=\'localhost\'', '1 TRAIL_PCT=0.025, 2 IB_HOST=localhost'],
    ['run.sh', 'IB_PORT=7496 IB_CID=3 python3 bot.py --x', '1 IB_PORT=7496, 1 IB_CID=3'],
    ['run.sh', 'export IB_CID=3; export IB_PORT=1', '1 IB_CID=3, 1 IB_PORT=1'],
    ['run.sh', 'MY_IB_PORT=1 XIB_CID=2', ''],
    ['run.ps1', '$env:IB_PORT = "7497"; $Env:IB_CID=9', '1 IB_PORT=7497, 1 IB_CID=9'],
    ['run.ps1', '# $env:IB_PORT = 1', ''],
    ['run.sh', 'SECRET=1\nPASSWORD=x', ''],
    ['run.bat', '\uFEFFset IB_PORT=1', '1 IB_PORT=1'],
  ] as const)
    it(`${file}: ${JSON.stringify(text)}`, () => equal(read(file, text), expected));

  for (const [name, isOne] of [
    ['.env', true],
    ['.env.live', true],
    ['bot.env', true],
    ['run.BAT', true],
    ['go.command', true],
    ['bot.py', false],
    ['environment', false],
    ['fills_live.csv', false],
  ] as const)
    it(`${name} is ${isOne ? 'a' : 'no'} launcher`, () => equal(isLauncherName(name), isOne));
});

describe('a variable of the Python bot', () => {
  for (const [written, expected] of [
    ['IB_HOST=tws-box:7497', 'host tws-box:7497'],
    ['IB_PORT=7497', 'port 7497'],
    ['IB_PORT=7497.5', 'no: expected a whole number from 1 to 65535, found 7497.5'],
    ['IB_PORT=0', 'no: expected a whole number from 1 to 65535, found 0'],
    ['IB_CID=0', 'clientId 0'],
    ['LIVE_EQUITY=150_000', 'equity 150000'],
    ['LIVE_EQUITY=0', 'no: expected a number over 0 USD, found 0'],
    ['HARD_STOP_PCT=0.05', 'protection.hardStopPercent 5'],
    ['HARD_STOP_PCT=.07', 'protection.hardStopPercent 7'],
    ['HARD_STOP_PCT=5', 'protection.hardStopPercent 5'],
    ['HARD_STOP_PCT=0.5', 'protection.hardStopPercent 0.5'],
    ['HARD_STOP_PCT=60', 'no: expected a number from 0.5 to 50 %, found 60'],
    ['HARD_STOP_PCT=0.001', 'no: expected a number from 0.5 to 50 %, found 0.1'],
    ['TRAIL_PCT=0.025', 'protection.trailPercent 2.5'],
    ['BUY_COOLDOWN_SEC=3', 'layers.buyCooldownSeconds 3'],
    ['BUY_COOLDOWN_SEC=-3', 'no: expected a number, found "-3"'],
    [
      'LOOP_SLEEP_SEC=0.5',
      'no: Dronebot evaluates every change of a price and every second; it has no loop to slow down',
    ],
    ['TARGET_UTILIZATION_FRAC=0.67', 'sizing.utilization 0.67'],
    ['TARGET_UTILIZATION_FRAC=67', 'no: expected a number from 0.01 to 1 share, found 67'],
    ['SHOTS_PER_TICKER=12', 'sizing.shots 12'],
    ['RISKY_CLIP_MULT=1.15', 'sizing.riskyClipFactor 1.15'],
    ['SAFE_CLIP_MULT=0.85', 'sizing.safeClipFactor 0.85'],
    ['CLIP_PRICE_REF=50', 'sizing.clipPriceReference 50'],
    ['MIN_CLIP_USD=100', 'sizing.minClip 100'],
    ['MAX_CLIP_USD=6000', 'sizing.maxClip 6000'],
    ['BREAKEVEN_TRIM_FRACTION=0.25', 'layers.trimPercent 25'],
    ['BREAKEVEN_TRIM_FRACTION=25', 'no: expected a number from 1 to 100 %, found 2500'],
    ['BREAKEVEN_MIN_UPNL_BP=5', 'layers.trimThresholdBp 5'],
    ['MIN_CLIP_USD=%CLIP%', 'no: "%CLIP%" is computed by the shell, so its value is not known here'],
    ['MIN_CLIP_USD=${CLIP:-1}', 'no: "${CLIP:-1}" is computed by the shell, so its value is not known here'],
    ['MIN_CLIP_USD=', 'no: it is empty'],
    ['IB_HOST=a b', 'no: expected a host, found "a b"'],
  ] as const)
    it(`${written} is ${expected}`, () => {
      const [name = '', value = ''] = written.split(/=(.*)/);
      const meant = meaningOf({ name: name as VariableName, value });
      equal(meant.ok ? `${meant.setting} ${meant.value}` : `no: ${meant.reason}`, expected);
    });

  it('has a default here that the old default gives', () => {
    const defaults: Partial<Record<VariableName, string>> = {
      HARD_STOP_PCT: '0.05',
      TRAIL_PCT: '0.025',
      BUY_COOLDOWN_SEC: '3',
      TARGET_UTILIZATION_FRAC: '0.67',
      SHOTS_PER_TICKER: '12',
      BREAKEVEN_TRIM_FRACTION: '0.25',
      BREAKEVEN_MIN_UPNL_BP: '5',
    };
    for (const [name, value] of Object.entries(defaults)) {
      const meant = meaningOf({ name: name as VariableName, value });
      assert.ok(meant.ok, name);
      equal(meant.value, NUMBER_SETTINGS[meant.setting as NumberSettingKey].default, name);
    }
  });

  it('is one of those that the bot had', () =>
    equal(
      Object.keys(VARIABLES).join(' '),
      'IB_HOST IB_PORT IB_CID LIVE_EQUITY HARD_STOP_PCT TRAIL_PCT BUY_COOLDOWN_SEC LOOP_SLEEP_SEC TARGET_UTILIZATION_FRAC ' +
        'SHOTS_PER_TICKER RISKY_CLIP_MULT SAFE_CLIP_MULT CLIP_PRICE_REF MIN_CLIP_USD MAX_CLIP_USD BREAKEVEN_TRIM_FRACTION BREAKEVEN_MIN_UPNL_BP',
    ));
});

describe('the plan of an import', () => {
  const current: FoundBot['current'] = setting => {
    const others: Record<string, number | string> = { host: '127.0.0.1', port: 7497, clientId: 21, equity: 150_000 };
    return others[setting] ?? NUMBER_SETTINGS[setting as NumberSettingKey].default;
  };
  const bot = (more: Partial<FoundBot> = {}): FoundBot => ({
    files: [],
    assignments: [],
    overrides: { symbols: [], problems: [] },
    current,
    ...more,
  });
  const whole = (): ImportPlan =>
    planImport(
      bot({
        files: ['targets.txt', 'fills_live.csv', 'pnl_summary_live.csv', 'dashboard_overrides.json'].map(name => ({
          name,
          text: fixture(name),
          fate: 'copy',
        })),
        assignments: ['run_live.bat', 'bot.env'].flatMap(name => readAssignments(name, fixture(name))),
        overrides: { symbols: ['RCAT'], problems: ['KTOS: buy must be 0.10 to 10.00 percent, found 99'] },
      }),
    );

  it('says what each file holds', () =>
    deepEqual(
      whole().files.map(({ name, holds }) => `${name}: ${holds}`),
      [
        'targets.txt: 3 symbols, 1 line not accepted',
        'fills_live.csv: 4 fills from 2026-11-16 to 2026-11-17, 1 row unreadable',
        'pnl_summary_live.csv: 2 rows',
        'dashboard_overrides.json: overrides of RCAT; KTOS: buy must be 0.10 to 10.00 percent, found 99',
      ],
    ));

  it('changes the settings that differ, and leaves those that are so already', () => {
    const { settings, same } = whole();
    deepEqual(
      settings.map(({ setting, was, value }) => `${setting} ${was} → ${value}`),
      [
        'clientId 21 → 33',
        'protection.hardStopPercent 5 → 6',
        'sizing.shots 12 → 10',
        'layers.trimPercent 25 → 30',
        'sizing.maxClip 6000 → 5000',
      ],
    );
    deepEqual(
      same.map(({ setting }) => setting),
      ['host', 'port', 'protection.trailPercent', 'equity', 'sizing.utilization'],
    );
    equal(changesOf(whole()), 9);
  });

  it('names what it does not take, with the reason', () =>
    deepEqual(
      whole().notTaken.map(({ written, where, reason }) => `${written} (${where}): ${reason}`),
      [
        'LOOP_SLEEP_SEC=0.5 (run_live.bat, line 7): Dronebot evaluates every change of a price and every second; it has no loop to slow down',
        'MIN_CLIP_USD=${MIN_CLIP:-100} (bot.env, line 5): "${MIN_CLIP:-100}" is computed by the shell, so its value is not known here',
        'BUY_COOLDOWN_SEC=-1 (bot.env, line 6): expected a number, found "-1"',
      ],
    ));

  it('lets the script win over .env and says so; two scripts that disagree decide nothing', () => {
    const of = (...files: [name: string, text: string][]) =>
      planImport(bot({ assignments: files.flatMap(([name, text]) => readAssignments(name, text)) }));
    const [won] = of(['run.bat', 'set IB_PORT=4001'], ['.env', 'IB_PORT=4002']).settings;
    equal(won?.value, 4001);
    equal(won?.where, 'run.bat, line 1; it wins over IB_PORT=4002 (.env, line 1)');
    const split = of(['live.bat', 'set IB_PORT=7496'], ['paper.bat', 'set IB_PORT=4002']);
    deepEqual(split.settings, []);
    equal(
      `${split.notTaken[0]?.written}: ${split.notTaken[0]?.reason}`,
      'IB_PORT=7496, IB_PORT=4002: the launcher files do not agree, so it is left to you',
    );
    equal(of(['live.bat', 'set IB_CID=5'], ['paper.bat', 'set IB_CID=5']).settings[0]?.value, 5);
    equal(of(['run.bat', 'set IB_CID=5\nset IB_CID=6']).settings[0]?.value, 6);
    const env = planImport(bot({ assignments: [{ name: 'IB_CID', value: '8', file: '', line: 0 }] }));
    equal(env.settings[0]?.where, 'the environment of VS Code');
  });

  it('says what is different on purpose: the trail, rungs beyond the hard stop, refused lines, equity', () => {
    const text = whole().differences.join('\n');
    for (const words of [
      'armed once a price 2.5 % over average cost is heard',
      'Rungs beyond the hard stop** of 6 % in 1 line (AVAV)',
      'targets.txt line 6: buy must be 0.10 to 10.00 percent, found 12',
      '`@config equity=120000` in targets.txt wins over LIVE_EQUITY=150000',
      'adopt',
      'one of the two bots at a time',
    ])
      assert.ok(text.includes(words), `${words} is not in ${text}`);
    const atOnce = planImport(bot({ current: key => (key === 'protection.trailArmPercent' ? 0 : current(key)) }));
    assert.match(atOnce.differences[0] ?? '', /armed at entry, as/);
  });

  it('is empty where there is nothing', () => {
    assert.ok(isEmptyPlan(planImport(bot())));
    assert.ok(!isEmptyPlan(whole()));
  });

  it('is a page with a row for each thing, and never a word of other variables', () => {
    const page = importPage(whole(), '/old', '/new');
    assert.match(page, /^# Import from the Python bot\n\nFrom `\/old` into `\/new`\. Nothing has been changed yet/);
    assert.match(
      page,
      /\| `HARD_STOP_PCT=0\.06` \| run_live\.bat, line 6 \| `dronebot\.protection\.hardStopPercent` \| 5 \| \*\*6 %\*\* \|/,
    );
    assert.match(page, /\| `fills_live\.csv` \| 4 fills from 2026-11-16 to 2026-11-17, 1 row unreadable \| copied \|/);
    assert.doesNotMatch(page, /SECRET|do-not-read/);
    for (const section of ['Files', 'Settings that change', 'Set so already', 'Not taken over', 'Different on purpose'])
      assert.ok(page.includes(`\n## ${section}\n`), section);
  });
});
