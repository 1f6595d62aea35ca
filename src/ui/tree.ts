/**
 * The side bar's tree over reports/treeModel.ts: at most two refreshes a second and only of rows that changed, each with the
 * id it always had, so that nothing closes or jumps while numbers move.
 */
import * as vscode from 'vscode';
import { buyRungRows, ladderRows, sellRungRows, topRows, type TreeRow } from '../reports/treeModel';
import type { SymbolDetail } from '../shared/protocol';
import { Owner } from './emitter';
import type { SessionController } from './sessionController';

const EVERY_MS = 500;

export interface TreeNode {
  readonly id: string;
}

export class SessionTree extends Owner implements vscode.TreeDataProvider<TreeNode> {
  private readonly changed = this.own(new vscode.EventEmitter<TreeNode | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: vscode.TreeView<TreeNode>;
  private readonly nodes = new Map<string, TreeNode>();
  private readonly rows = new Map<string, TreeRow>();
  private readonly open = new Set<string>();
  private top: readonly string[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly controller: SessionController) {
    super();
    this.view = this.own(
      vscode.window.createTreeView('dronebot.session', { treeDataProvider: this, showCollapseAll: true }),
    );
    this.own(controller.onSnapshot(() => this.refreshSoon()));
    this.own(controller.onState(() => this.refreshSoon()));
    this.own(this.view.onDidExpandElement(({ element }) => this.opened(element, true)));
    this.own(this.view.onDidCollapseElement(({ element }) => this.opened(element, false)));
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const row = this.rows.get(node.id);
    if (row === undefined) return new vscode.TreeItem('');
    const state = row.expandable ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
    const item = new vscode.TreeItem(row.label, state);
    item.id = row.id;
    item.description = row.description;
    item.tooltip = row.tooltip === '' ? undefined : row.tooltip;
    item.iconPath = new vscode.ThemeIcon(
      row.icon,
      row.color === undefined ? undefined : new vscode.ThemeColor(row.color),
    );
    item.contextValue = row.context;
    item.accessibilityInformation = { label: [row.label, row.description, row.tooltip].filter(Boolean).join(', ') };
    return item;
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    const { snapshot } = this.controller;
    if (snapshot === null) return [];
    if (node === undefined) return topRows(snapshot).map(row => this.put(row));
    const [symbol = '', ladder] = node.id.split('/');
    if (ladder === undefined) {
      const summary = snapshot.symbols.find(each => each.symbol === symbol);
      return summary === undefined ? [] : ladderRows(summary).map(row => this.put(row));
    }
    const detail = await this.controller.detail(symbol);
    if (detail === null) return [];
    return rungRows(detail, ladder).map(row => this.put(row));
  }

  getParent({ id }: TreeNode): TreeNode | undefined {
    const [symbol = '', part] = id.split('/');
    if (part === undefined) return undefined;
    if (part === 'buy' || part === 'sell') return this.nodes.get(symbol);
    return this.nodes.get(`${symbol}/${part.startsWith('L') ? 'buy' : 'sell'}`);
  }

  /** The symbol of a row, for commands run from it. */
  static symbolOf(node: unknown): string | undefined {
    const id = (node as TreeNode | undefined)?.id;
    return typeof id === 'string' && id !== 'session' ? id.split('/')[0] : undefined;
  }

  /** The row that a key is meant for. */
  get selected(): TreeNode | undefined {
    return this.view.selection[0];
  }

  override dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    super.dispose();
  }

  private opened({ id }: TreeNode, isOpen: boolean): void {
    if (isOpen) this.open.add(id);
    else this.open.delete(id);
    this.controller.want(
      'tree',
      [...this.open].filter(each => each.includes('/')).map(each => each.split('/')[0] ?? ''),
    );
  }

  private refreshSoon(): void {
    if (this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.refresh();
    }, EVERY_MS);
  }

  private refresh(): void {
    const { snapshot } = this.controller;
    const top = snapshot === null ? [] : topRows(snapshot);
    const ids = top.map(row => row.id);
    if (ids.join('\n') !== this.top.join('\n')) {
      this.top = ids;
      this.changed.fire(undefined);
      return;
    }
    const current = [...top];
    for (const summary of snapshot?.symbols ?? []) {
      current.push(...ladderRows(summary));
      const detail = this.controller.details.get(summary.symbol);
      if (detail !== undefined) current.push(...buyRungRows(detail), ...sellRungRows(detail));
    }
    for (const row of current) {
      const before = this.rows.get(row.id);
      if (before === undefined || isSame(before, row)) continue;
      const node = this.put(row);
      this.changed.fire(node);
    }
  }

  private put(row: TreeRow): TreeNode {
    this.rows.set(row.id, row);
    const known = this.nodes.get(row.id);
    if (known !== undefined) return known;
    const node = { id: row.id };
    this.nodes.set(row.id, node);
    return node;
  }
}

/** Buy rungs from the highest down, sell rungs as the ladder counts them. */
const rungRows = (detail: SymbolDetail, ladder: string): TreeRow[] =>
  ladder === 'buy' ? buyRungRows(detail) : sellRungRows(detail);

const isSame = (left: TreeRow, right: TreeRow): boolean => JSON.stringify(left) === JSON.stringify(right);
