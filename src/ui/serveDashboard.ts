/**
 * `Dronebot: Serve Dashboard over HTTP`: from the address that is set to a server that runs, with what a person has to be asked or
 * told on the way, and its item in the status bar. What is served and to whom is decided in web/; it starts nothing by itself.
 */
import { randomBytes } from 'node:crypto';
import { get } from 'node:http';
import * as vscode from 'vscode';
import { count } from '../reports/format';
import type { Button, Message } from '../reports/message';
import { findAddress, thisMachine, withBrackets, type Address } from '../web/address';
import type { WebServer } from '../web/server';
import { SERVER_NAME, type Adjust, type Asset, type WebSource } from '../web/source';
import type { Configuration } from './configuration';
import { Emitter, Owner } from './emitter';
import type { Messenger } from './messenger';

export interface ServeParts {
  readonly configuration: Configuration;
  readonly messenger: Messenger;
  readonly secrets: vscode.SecretStorage;
  readonly source: WebSource;
  readonly adjust: Adjust;
  readonly assets: () => ReadonlyMap<string, Asset>;
  readonly log: (text: string) => void;
}

const TOKEN_KEY = 'dashboardToken';
const SHOW_EVERY_MS = 1000;

export class ServedDashboard extends Owner {
  private server: WebServer | null = null;
  private readonly item = this.own(
    vscode.window.createStatusBarItem('dronebot.served', vscode.StatusBarAlignment.Left, 49),
  );
  private timer: NodeJS.Timeout | null = null;
  private readonly changeEmitter = this.own(new Emitter<boolean>());
  /** Whether it is served. */
  readonly onChange = this.changeEmitter.event;

  constructor(private readonly parts: ServeParts) {
    super();
    this.item.name = 'Dronebot: Dashboard over HTTP';
    this.item.command = 'dronebot.serveDashboard';
  }

  /** With the token; null while nothing is served. */
  get url(): string | null {
    return this.server?.url ?? null;
  }

  /** Serves, or offers what can be done with what is served already. */
  async serve(): Promise<void> {
    if (this.server !== null) return this.offer(this.server);
    const { host, port } = this.parts.configuration.dashboard;
    let address: Address;
    try {
      address = await findAddress(host);
    } catch {
      const text = `"${host}" means nothing on this machine. Expected an address such as 127.0.0.1 in dronebot.dashboard.host.`;
      return this.tell('error', text, SETTINGS);
    }
    if (address.isLoopback || (await this.consents(address, port))) await this.listen(address, port);
  }

  /** At any port that is free, whatever is set. */
  async serveOnFreePort(): Promise<void> {
    if (this.server !== null) return;
    const address = await findAddress(this.parts.configuration.dashboard.host);
    if (address.isLoopback || (await this.consents(address, 0))) await this.listen(address, 0);
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server === null) return;
    this.server = null;
    this.show();
    await server.close();
    this.parts.log('The dashboard is not served any more');
  }

  override dispose(): void {
    void this.stop();
    super.dispose();
  }

  private async listen(address: Address, port: number): Promise<void> {
    const { source, adjust, assets, log } = this.parts;
    const { WebServer } = await import('../web/server');
    const server = new WebServer({ address, port, token: await this.token(), source, adjust, assets: assets(), log });
    try {
      await server.listen();
    } catch (error) {
      return this.failed(address, port, error as NodeJS.ErrnoException);
    }
    this.server = server;
    this.show();
    const shown = withoutToken(server.url);
    log(`The dashboard is served at ${shown}${address.isLoopback ? '' : ', read-only'}`);
    const text = `The dashboard is served at ${shown}${address.isLoopback ? '' : ', read-only and with its token'}.`;
    const { browser, copy, end } = ANSWERS;
    // Nobody has to answer: the status bar offers the same.
    vscode.window
      .showInformationMessage(text, browser, copy, end)
      .then(answer => this.follow(answer))
      .then(undefined, (error: unknown) => log(String(error)));
  }

  private async failed(address: Address, port: number, error: NodeJS.ErrnoException): Promise<void> {
    const where = `${withBrackets(address.address)}:${port}`;
    switch (error.code) {
      case 'EADDRINUSE': {
        const text = (await isOurs(address, port))
          ? `Another window serves the dashboard at http://${where}/ already.`
          : `Port ${port} of ${address.address} is in use by another program.`;
        return this.tell('error', text, ['Serve on a free port', 'dronebot.serveOnFreePort'], SETTINGS);
      }
      case 'EACCES':
        return this.tell(
          'error',
          `The system does not allow you to serve at ${where}. Ports from 1024 on are free to use.`,
          SETTINGS,
        );
      case 'EADDRNOTAVAIL': {
        const own = ['127.0.0.1', ...thisMachine().addresses].join(', ');
        return this.tell('error', `${address.address} is no address of this machine. It has ${own}.`, SETTINGS);
      }
      default:
        return this.tell('error', `The dashboard cannot be served at ${where}: ${error.message}.`, SETTINGS, [
          'Show log',
          'dronebot.showLog',
        ]);
    }
  }

  /** Beyond this machine only after a yes that names the address. */
  private async consents(address: Address, port: number): Promise<boolean> {
    const where = `${withBrackets(address.address)}${port === 0 ? '' : `:${port}`}`;
    const all = address.isEvery
      ? `, which is every address of this machine (${thisMachine().addresses.join(', ')})`
      : '';
    const question =
      `Serve the dashboard at ${where}${all}? Other machines reach it there. Whoever has its URL sees account, positions ` +
      'and P&L, and nothing can be changed. It is plain HTTP: who can listen in on the network can read along.';
    const yes = `Serve at ${where}`;
    const answer = await vscode.window.showWarningMessage(
      question,
      { modal: true },
      { title: yes },
      { title: 'Do not serve', isCloseAffordance: true },
    );
    return answer?.title === yes;
  }

  private async offer(server: WebServer): Promise<void> {
    const { browser, copy, renew, end } = ANSWERS;
    const watching = server.nWatching === 0 ? 'nobody watches' : `${count(server.nWatching, 'page')} watching`;
    const title = `Dashboard at ${withoutToken(server.url)}, ${watching}`;
    await this.follow(await vscode.window.showQuickPick([browser, copy, renew, end], { title, placeHolder: title }));
  }

  private async follow(answer: string | undefined): Promise<void> {
    const { server } = this;
    if (server === null) return;
    switch (answer) {
      case ANSWERS.browser:
        return this.openInBrowser(server);
      case ANSWERS.copy:
        await vscode.env.clipboard.writeText(server.url);
        return void vscode.window.setStatusBarMessage('URL of the dashboard copied, with its token', 3000);
      case ANSWERS.renew:
        await this.parts.secrets.delete(TOKEN_KEY);
        await this.stop();
        return this.serve();
      case ANSWERS.end:
        return this.stop();
      default:
        return;
    }
  }

  private async openInBrowser(server: WebServer): Promise<void> {
    const url = vscode.Uri.parse(server.url);
    // Where VS Code runs elsewhere, it forwards the port, under a name that only it knows.
    const external = await vscode.env.asExternalUri(url);
    server.admit(external.authority);
    await vscode.env.openExternal(url);
  }

  /** Kept on this machine, so that a page that is left open, or kept as a bookmark, still counts tomorrow. */
  private async token(): Promise<string> {
    const { secrets, log } = this.parts;
    try {
      const kept = await secrets.get(TOKEN_KEY);
      if (kept !== undefined && /^[\w-]{43}$/.test(kept)) return kept;
      const made = randomBytes(32).toString('base64url');
      await secrets.store(TOKEN_KEY, made);
      return made;
    } catch (error) {
      log(`The token of the dashboard cannot be kept, so it counts until serving ends: ${String(error)}`);
      return randomBytes(32).toString('base64url');
    }
  }

  private show(): void {
    const { server } = this;
    this.changeEmitter.fire(server !== null);
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    if (server === null) return this.item.hide();
    const shown = withoutToken(server.url);
    const update = () => {
      const pages = count(server.nWatching, 'page');
      this.item.text = `$(broadcast) ${server.port}`;
      this.item.tooltip = `Dashboard served at ${shown}${server.mayChange ? '' : ', read-only'}. ${pages} watching. Click to open it, copy its URL or stop.`;
      this.item.accessibilityInformation = { label: `Dashboard served at ${shown}, ${pages} watching`, role: 'button' };
    };
    update();
    this.item.show();
    this.timer = setInterval(update, SHOW_EVERY_MS);
  }

  private tell(level: Message['level'], text: string, ...buttons: (readonly [title: string, command: string])[]): void {
    this.parts.messenger.tell({
      level,
      text,
      buttons: buttons.map(([title, command]): Button => ({ title, command })),
    });
  }
}

const ANSWERS = {
  browser: 'Open in browser',
  copy: 'Copy URL',
  renew: 'Change the token',
  end: 'Stop serving',
} as const;

const SETTINGS = ['Open settings', 'dronebot.openSettings'] as const;

const withoutToken = (url: string): string => url.replace(/\?.*$/, '');

/** Who has the port says so in each answer. */
function isOurs({ address }: Address, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const request = get({ host: address, port, path: '/healthz', timeout: 1000 }, response => {
      response.resume();
      resolve(response.headers.server === SERVER_NAME);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
