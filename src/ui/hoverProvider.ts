/**
 * Hovers in the configured targets file: the 14 rungs on a symbol, the meaning of keys and values. It finds what stands
 * under the pointer and which data there is; the words are reports/hoverText.ts and reports/valueText.ts.
 */
import * as vscode from 'vscode';
import { idleHover, sessionHover, unknownHover, type HoverOptions } from '../reports/hoverText';
import { idleLadder, withoutReference } from '../reports/idleLadder';
import { configHover, idleConfigHover, valueHover } from '../reports/valueText';
import { nodeAt } from '../targets/context';
import { fieldHover } from '../targets/messages';
import { CONFIG_FIELDS, FIELDS, isConfigKey, isFieldKey } from '../targets/schema';
import type { Target } from '../targets/resolve';
import type { SymbolDetail } from '../shared/protocol';
import type { Configuration } from './configuration';
import { lastReference } from './lastReferences';
import type { SessionController } from './sessionController';
import { rangeOf, type Checked, type TargetsFiles } from './targetsFiles';

/** Links of a hover may run these and nothing else. */
export const HOVER_COMMANDS = [
  'start',
  'openDashboard',
  'openChart',
  'why',
  'dropOverride',
  'writeOverride',
  'copyLadder',
  'copyLadderMarkdown',
  'anchors',
].map(id => `dronebot.${id}`);

export class TargetsHover implements vscode.HoverProvider {
  constructor(
    private readonly files: TargetsFiles,
    private readonly configuration: Configuration,
    private readonly controller: SessionController,
    private readonly priceFiles: (uri: vscode.Uri) => readonly string[],
    private readonly onShown: () => void,
  ) {}

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    if (!this.files.isConfigured(document.uri)) return undefined;
    const checked = this.files.check(document);
    const node = nodeAt(checked.doc, document.offsetAt(position));
    const { line } = node;
    if (node.kind === 'comment' || node.kind === 'none' || line.kind === 'blank') return undefined;
    if (node.kind === 'key' || node.kind === 'value') {
      const text = await this.fieldText(node, checked);
      return text === null ? undefined : hover(text, rangeOf(document, node.at));
    }
    if (line.kind === 'directive') {
      const { snapshot } = this.controller;
      const settings = this.configuration.checkedSettings(document.uri);
      const text =
        snapshot === null
          ? idleConfigHover(checked.budget, checked.targets, settings)
          : configHover(snapshot, checked.budget, settings);
      return hover(text, rangeOf(document, line.name));
    }
    const target = targetOf(checked, line.line);
    if (target === undefined) return undefined;
    const text = await this.symbolText(document, target, checked);
    this.onShown();
    return hover(text, rangeOf(document, line.symbol));
  }

  private async symbolText(document: vscode.TextDocument, target: Target, checked: Checked): Promise<string> {
    const { snapshot } = this.controller;
    const settings = this.configuration.checkedSettings(document.uri);
    const options: HoverOptions = {
      commands: new Set(HOVER_COMMANDS),
      trailPercent: settings['protection.trailPercent'],
      settings,
      lineClip: target.clip,
      lineBuy: target.buy,
      lineSell: target.sell,
    };
    const detail = snapshot === null ? null : await this.controller.detail(target.symbol);
    if (detail !== null && this.controller.snapshot !== null)
      return sessionHover(detail, this.controller.snapshot, options);
    const known = lastReference(this.priceFiles(document.uri), target.symbol);
    if (known === null) return unknownHover(withoutReference(target), options);
    return idleHover(idleLadder(target, checked.targets, known, checked.budget, settings), options);
  }

  /** Lines whose symbol the broker knows: the others take no share of the budget. */
  private traded(targets: readonly Target[]): readonly Target[] {
    const failed =
      this.controller.snapshot?.symbols.filter(each => each.state === 'failed').map(each => each.symbol) ?? [];
    return targets.filter(target => !failed.includes(target.symbol));
  }

  private async fieldText(
    node: Extract<ReturnType<typeof nodeAt>, { kind: 'key' | 'value' }>,
    checked: Checked,
  ): Promise<string | null> {
    const key = node.field.key.kind === 'word' ? node.field.key.text.toLowerCase() : '';
    if (node.scope === 'config') return isConfigKey(key) ? fieldHover(CONFIG_FIELDS[key]) : null;
    if (!isFieldKey(key)) return null;
    const target = targetOf(checked, node.line.line);
    if (node.kind === 'key' || node.field.value.kind === 'missing' || target === undefined)
      return fieldHover(FIELDS[key]);
    const detail: SymbolDetail | null =
      this.controller.snapshot === null ? null : await this.controller.detail(target.symbol);
    return (
      valueHover(
        key,
        target,
        this.traded(checked.targets),
        checked.budget,
        this.configuration.checkedSettings(),
        detail,
      ) ?? fieldHover(FIELDS[key])
    );
  }
}

const targetOf = (checked: Checked, line: number): Target | undefined =>
  checked.targets.find(target => target.line === line);

function hover(text: string, range: vscode.Range): vscode.Hover {
  const markdown = new vscode.MarkdownString(text);
  markdown.supportThemeIcons = true;
  markdown.isTrusted = { enabledCommands: HOVER_COMMANDS };
  return new vscode.Hover(markdown, range);
}
