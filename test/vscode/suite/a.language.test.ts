/** The language in the editor while no session runs: colours' id, findings on exact characters, quick fixes, hovers. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { answering, api, folder, hoverAt, openTargets, read, targetsUri, until, write } from './support';

const GOOD = `@config risky=0.6 safe=0.4 equity=150000

RCAT  class=risky buy=0.60 sell=0.65
DPRO  class=risky buy=0.60 sell=0.60
KTOS  class=safe buy=0.40 sell=0.50 clip=750
`;

describe('targets.txt in the editor', () => {
  let sample = '';
  before(async () => {
    sample = (await read(targetsUri())) ?? '';
    await api();
  });
  after(() => write(targetsUri(), sample));

  const withText = async (text: string) => {
    await write(targetsUri(), text);
    const document = await openTargets();
    return until('the editor to show the new text', () => document.getText() === text && document);
  };

  it('has a language of its own, by its name', async () => {
    assert.equal((await withText(GOOD)).languageId, 'dronebot-targets');
  });

  it('registers every command of the manifest', async () => {
    const declared = (
      vscode.extensions.getExtension('dronebot.dronebot')?.packageJSON as {
        contributes: { commands: { command: string }[] };
      }
    ).contributes.commands;
    const known = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      declared.map(({ command }) => command).filter(command => !known.has(command)),
      [],
    );
  });

  it('underlines exactly what is wrong, and says what was expected', async () => {
    const document = await withText('RCAT class=risky buy=12 sell=0.6\nDPRO colour=red\n');
    const found = await until('two diagnostics', () => {
      const all = vscode.languages
        .getDiagnostics(document.uri)
        .filter(each => each.severity === vscode.DiagnosticSeverity.Error);
      return all.length === 2 && all;
    });
    assert.deepEqual(
      found.map(each => [document.getText(each.range), each.code, each.message]),
      [
        ['12', 'value/range', 'buy must be 0.10 to 10.00 percent, found 12'],
        ['colour', 'field/unknown', 'A symbol line has the keys class, buy, sell and clip, found "colour"'],
      ],
    );
  });

  it('offers a quick fix that takes its finding away', async () => {
    const document = await withText('RCAT class=risky buy=12 sell=0.6\n');
    const diagnostic = await until('the diagnostic', () =>
      vscode.languages.getDiagnostics(document.uri).find(each => each.code === 'value/range'),
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      diagnostic.range,
    );
    const fix = actions.find(action => action.kind?.value === 'quickfix' && action.edit !== undefined);
    assert.ok(fix?.edit, `a fix among ${actions.map(action => action.title).join(', ')}`);
    assert.equal(fix.title, 'Replace by 10');
    await vscode.workspace.applyEdit(fix.edit);
    assert.equal(document.lineAt(0).text, 'RCAT class=risky buy=10 sell=0.6');
    await until(
      'the finding to be gone',
      () => !vscode.languages.getDiagnostics(document.uri).some(each => each.code === 'value/range'),
    );
    await document.save();
  });

  it('explains a key and a value', async () => {
    const document = await withText(GOOD);
    assert.equal(
      (await hoverAt(document, 'buy=')).startsWith(
        '**buy** Base percent below the reference, 0.10 to 10.00, default 2.00.',
      ),
      true,
    );
    assert.equal(await hoverAt(document, '0.60'), '**0.60** puts the buy anchor 3.00% below the reference at z 0.');
    assert.equal(
      await hoverAt(document, '750'),
      '**$750** fixed. Full ladder $8,475 before rounding up to whole shares.',
    );
  });

  it('shows how @config splits the budget', async () => {
    const text = await hoverAt(await withText(GOOD), '@config');
    assert.match(text, /\*\*Budget\*\* from \$150,000 equity · 67% in use at most · no session/);
    assert.match(text, /\| risky \| 60% \| \$60,300 \| 2 \| \$30,150 \| {2}\|/);
  });

  it('says what is missing while no reference is known', async () => {
    const text = await hoverAt(await withText(GOOD), 'RCAT');
    assert.match(text, /^\*\*RCAT\*\* risky · no session\n/);
    assert.match(
      text,
      /No reference price is known yet.*buy anchor is 3\.00% below it and the sell anchor 3\.25% above\./,
    );
    assert.match(text, /\[Start\]\(command:dronebot\.start\)/);
  });

  it('shows the 14 rungs of the last reference that a session wrote down', async () => {
    const file = vscode.Uri.joinPath(folder().uri, '.dronebot', 'sim', 'dashboard_snapshot.json');
    const t = Date.parse('2026-11-17T15:59:00-05:00');
    await write(file, JSON.stringify({ t, symbols: [{ symbol: 'RCAT', reference: 12.6, last: 12.77 }] }));
    try {
      const text = await hoverAt(await withText(GOOD), 'RCAT');
      assert.match(text, /^\*\*RCAT\*\* risky · no session · reference of Nov 17, 15:59 ET/m);
      assert.match(text, /\| \*\*4\*\* \| 12\.22 \| 3\.000% \|/);
      assert.equal(text.split('\n').filter(line => /^\| (\*\*)?\d/.test(line)).length, 7);
    } finally {
      await vscode.workspace.fs.delete(file);
    }
  });

  it('judges 5,000 lines and still answers', async () => {
    const lines = Array.from(
      { length: 5000 },
      (_, index) => `S${index} class=safe buy=${index === 4321 ? '99' : '0.40'} sell=0.50`,
    );
    const document = await withText(`${lines.join('\n')}\n`);
    const found = await until(
      'the one finding',
      () => vscode.languages.getDiagnostics(document.uri).filter(each => each.code === 'value/range')[0],
    );
    assert.equal(found.range.start.line, 4321);
    assert.match(await hoverAt(document, 'S4999'), /\*\*S4999\*\* safe/);
  });

  for (const [name, text, said] of [
    ['empty', '', /lists no symbols, so nothing would trade/],
    ['of invalid lines only', 'RCAT buy=99\n', /No line of targets\.txt is accepted/],
    [
      'with an invalid @config',
      '@config risky=0.7 safe=0.4\nRCAT\n',
      /invalid @config, so Dronebot did not start: risky 0\.7 and safe 0\.4 add up to 1\.1, at most 1 is accepted/,
    ],
  ] as const) {
    it(`does not start on a file that is ${name}, and says why`, async () => {
      await withText(text);
      const dialogs = answering('');
      try {
        await vscode.commands.executeCommand('dronebot.start');
        const question = await until('the message', () => dialogs.questions[0]);
        assert.match(question, said);
        assert.equal((await api()).state(), 'idle');
      } finally {
        dialogs.restore();
      }
    });
  }

  it('offers the sample when there is no file', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(targetsUri());
    const dialogs = answering('Create the sample');
    try {
      await vscode.commands.executeCommand('dronebot.start');
      assert.match(
        await until('the message', () => dialogs.questions[0]),
        /There is no targets\.txt in .*so nothing trades/,
      );
      const made = await until('the sample file', () => read(targetsUri()));
      assert.match(made, /^RCAT {2}class=risky buy=0\.60 sell=0\.60$/m);
    } finally {
      dialogs.restore();
    }
  });
});
