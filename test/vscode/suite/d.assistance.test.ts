/** The language's help through the editor's own commands: completion, hints, outline, folding, formatting, fixes, previews. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { answering, api, folder, hoverAt, openTargets, read, targetsUri, until, write } from './support';

const GOOD = `@config risky=0.6 safe=0.4 equity=150000

RCAT  class=risky buy=0.60 sell=0.65
DPRO  class=risky buy=0.60 sell=0.60
KTOS  class=safe  buy=0.40 sell=0.50 clip=750
`;

describe('help in targets.txt', function () {
  this.timeout(120_000);
  let sample = '';
  before(async () => {
    sample = (await read(targetsUri())) ?? '';
    await api();
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await write(targetsUri(), sample);
  });

  const withText = async (text: string) => {
    await write(targetsUri(), text);
    const document = await openTargets();
    return until('the editor to show the new text', () => document.getText() === text && document);
  };
  const change = async (document: vscode.TextDocument, from: string, to: string) => {
    const start = document.getText().indexOf(from);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(
      document.uri,
      new vscode.Range(document.positionAt(start), document.positionAt(start + from.length)),
      to,
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
  };
  const completions = async (document: vscode.TextDocument, before: string) => {
    const offset = document.getText().indexOf(before) + before.length;
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      document.positionAt(offset),
    );
    return list.items.filter(item => item.kind !== vscode.CompletionItemKind.Snippet);
  };
  const labelOf = ({ label }: vscode.CompletionItem) => (typeof label === 'string' ? label : label.label);

  it('offers keys, and values with what they do', async () => {
    const document = await withText('RCAT class=risky buy=\nDPRO cl\n');
    const values = await completions(document, 'buy=');
    assert.ok(values.map(labelOf).includes('0.60'), values.map(labelOf).join());
    const value = values.find(item => labelOf(item) === '0.60');
    assert.equal(typeof value?.label === 'string' ? '' : value?.label.description, 'anchor 3.00% below');
    const keys = await completions(document, 'DPRO cl');
    assert.equal(keys.find(item => labelOf(item) === 'class')?.insertText, 'class=');
  });

  it('hints the anchor beside buy and sell', async () => {
    const document = await withText(GOOD);
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      document.uri,
      new vscode.Range(0, 0, document.lineCount, 0),
    );
    assert.deepEqual(
      hints.map(hint => `${hint.position.line}:${hint.label as string}`),
      ['2:−3.00%', '2:+3.25%', '3:−3.00%', '3:+3.00%', '4:−1.20%', '4:+1.50%'],
    );
  });

  it('has an outline by class, and folds', async () => {
    const document = await withText(GOOD);
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name, children }) => `${name}: ${children.map(child => child.name).join(' ')}`),
      ['config: @config', 'risky: RCAT DPRO', 'safe: KTOS'],
    );
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    assert.deepEqual(
      folds.map(({ start, end }) => [start, end]),
      [[2, 4]],
    );
  });

  it('formats the document', async () => {
    const document = await withText(GOOD.replaceAll('  ', ' ').replace('RCAT ', '  RCAT '));
    const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
      'vscode.executeFormatDocumentProvider',
      document.uri,
      { tabSize: 2, insertSpaces: true },
    );
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.getText(), GOOD);
    await document.save();
  });

  it('advises about money, explains on hover and fixes it', async () => {
    const document = await withText(GOOD.replace('750', '60000'));
    const found = await until('the advice', () =>
      vscode.languages.getDiagnostics(document.uri).find(each => each.code === 'money/overEquity'),
    );
    assert.equal(document.getText(found.range), '60000');
    assert.equal(
      found.message,
      'The full ladder of KTOS needs $678,000, all of the equity that may be in use is $100,500',
    );
    assert.match(await hoverAt(document, '60000'), /Buys stop at the limit/);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      found.range,
    );
    const fix = actions.find(action => action.title.startsWith('Replace by '));
    assert.ok(fix?.edit, actions.map(action => action.title).join());
    await vscode.workspace.applyEdit(fix.edit);
    await until(
      'the advice to be gone',
      () =>
        !vscode.languages.getDiagnostics(document.uri).some(({ range }) => range.start.line === found.range.start.line),
    );
    await document.save();
  });

  it('fixes all that is sure at once', async () => {
    const document = await withText('RCAT class=rsky buy = 0.6 sell=0.6\nRCAT buy=99\n');
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(0, 0, document.lineCount, 0),
      'source.fixAll.dronebot',
    );
    assert.deepEqual(
      actions.map(action => [action.title, action.kind?.value]),
      [['Fix all that is sure', 'source.fixAll.dronebot']],
    );
    await vscode.workspace.applyEdit(actions[0]!.edit!);
    assert.equal(document.getText(), 'RCAT class=risky buy=0.6 sell=0.6\n# RCAT buy=99\n');
    await document.save();
  });

  it('previews an unsaved change as a difference of ladders and clips', async () => {
    const document = await withText(GOOD);
    await change(document, 'clip=750', 'clip=1500');
    assert.ok(document.isDirty);
    await vscode.commands.executeCommand('dronebot.previewChanges');
    const text = (await api()).previewText();
    assert.match(text, /^Changes of targets\.txt against the saved file, no session\n/);
    assert.match(text, /KTOS {2}clip \$750 to \$1,500, full ladder \$8,475 to \$16,950/);
    assert.match(text, /Nothing would fire at once\. The money at risk rises\./);
    const shown = vscode.window.visibleTextEditors.find(({ document: { uri } }) => uri.scheme === 'dronebot-preview');
    assert.equal(shown?.document.getText(), text);
    await openTargets();
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('leaves a targets.txt elsewhere in the folder alone', async () => {
    const other = vscode.Uri.joinPath(folder().uri, 'other', 'targets.txt');
    await write(other, 'RCAT buy=99\n');
    try {
      const document = await vscode.workspace.openTextDocument(other);
      assert.equal(document.languageId, 'dronebot-targets');
      assert.deepEqual(vscode.languages.getDiagnostics(other), []);
      const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        other,
        new vscode.Range(0, 0, 1, 0),
      );
      assert.deepEqual(hints, []);
      assert.equal(await hoverAt(document, 'RCAT'), '');
    } finally {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder().uri, 'other'), { recursive: true });
    }
  });

  describe('while a session runs', () => {
    before(async () => {
      await withText(GOOD);
      await vscode.commands.executeCommand('dronebot.start');
      assert.equal((await api()).state(), 'running');
    });
    after(async () => {
      const dialogs = answering('Stop');
      await vscode.commands.executeCommand('dronebot.stop');
      dialogs.restore();
      await until('the session to end', async () => (await api()).state() === 'idle');
    });

    it('jots prices behind the lines, but not behind the one being edited', async () => {
      const { lineEnds } = await api();
      const document = await openTargets();
      const ends = await until('three line ends', () => {
        const all = lineEnds(document.uri);
        return all.length === 3 && all;
      });
      assert.deepEqual(
        ends.map(({ line }) => line),
        [2, 3, 4],
      );
      for (const { text } of ends) assert.match(text, /^(\d[\d,.]* {2}|no price yet)/);
      const editor = await vscode.window.showTextDocument(document);
      editor.selection = new vscode.Selection(3, 4, 3, 4);
      await editor.edit(edit => edit.insert(new vscode.Position(3, document.lineAt(3).text.length), ' '));
      await until('no text behind the edited line', () => !lineEnds(document.uri).some(({ line }) => line === 3));
      await vscode.commands.executeCommand('workbench.action.files.revert');
    });

    it('shows no line ends when they are switched off', async () => {
      const settings = vscode.workspace.getConfiguration('dronebot');
      const { lineEnds } = await api();
      await settings.update('lineEnds', false, vscode.ConfigurationTarget.Global);
      try {
        await until('no line ends', () => lineEnds(targetsUri()).length === 0);
      } finally {
        await settings.update('lineEnds', undefined, vscode.ConfigurationTarget.Global);
      }
      await until('line ends again', () => lineEnds(targetsUri()).length > 0);
    });

    it('says why a saved line is not in force', async () => {
      const { lineEnds } = await api();
      const document = await openTargets();
      await change(document, 'buy=0.60 sell=0.65', 'buy=12 sell=0.65');
      await document.save();
      const end = await until('the words of line 3', () => {
        const found = lineEnds(document.uri).find(({ line }) => line === 2);
        return found?.text.startsWith('not in force') === true && found;
      });
      assert.equal(end.text, 'not in force: buy=12 is over 10; running with 0.60');
    });
  });
});
