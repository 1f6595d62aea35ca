/**
 * What the session says while it runs, turned into messages: notices, broker problems, its thread's end. Words are made in
 * reports/noticeText.ts; this only knows when a start is under way, whose own errors startSession.ts shows.
 */
import * as vscode from 'vscode';
import { noticeMessage, notInForceMessage } from '../reports/noticeText';
import { problemMessage } from '../reports/problemText';
import type { SessionSnapshot } from '../shared/protocol';
import type { Configuration } from './configuration';
import { Owner } from './emitter';
import { FillNotices } from './fillNotices';
import type { Messenger } from './messenger';
import type { SessionController } from './sessionController';

export class SessionNotices extends Owner {
  /** Lines that were not in force in the last snapshot; null before a session's first, whose lines the start has told. */
  private notInForce: ReadonlySet<string> | null = null;

  constructor(
    controller: SessionController,
    messenger: Messenger,
    log: vscode.LogOutputChannel,
    configuration: Configuration,
  ) {
    super();
    this.tellFills(controller, messenger, configuration);
    this.own(controller.onState(state => (this.notInForce = state === 'starting' ? null : this.notInForce)));
    this.own(controller.onSnapshot(snapshot => this.tellLines(snapshot, messenger)));
    this.own(controller.onNotice(notice => messenger.tell(noticeMessage(notice))));
    this.own(
      controller.onProblem(problem => {
        const { snapshot } = controller;
        const message = problemMessage(problem, { t: snapshot?.t ?? Date.now(), positions: snapshot?.positions ?? 0 });
        // Each try to connect again fails with the same words: the status bar shows that it is lost, the log each try.
        const isRetry = snapshot?.phase === 'linkLost' && problem.code !== 'linkLost';
        const isOfStart =
          controller.state === 'starting' &&
          !controller.isRecovering &&
          problem.code !== 'clientIdInUse' &&
          problem.code !== 'hostUnknown';
        messenger.tell(isRetry || isOfStart ? { ...message, level: 'log' } : message);
      }),
    );
    this.own(
      controller.onDied(({ text, restarts }) => {
        const next = restarts
          ? 'It is started again and recovers from its journal.'
          : 'Nothing watches its positions now. Start it again: it recovers from its journal.';
        const buttons = restarts ? [] : [{ title: 'Start Live', command: 'dronebot.start' }];
        const first = text.split('\n')[0] ?? text;
        messenger.tell({
          level: 'error',
          text: `The session has ended unexpectedly: ${/[.!?]$/.test(first) ? first : `${first}.`} ${next}`,
          buttons: [...buttons, { title: 'Show log', command: 'dronebot.showLog' }],
        });
        if (first !== text) log.error(text);
      }),
    );
    this.own(
      controller.onFill(({ side, qty, symbol, price, tag }) =>
        log.info(`Fill: ${side === 'BUY' ? 'bought' : 'sold'} ${qty} ${symbol} at ${price} (${tag})`),
      ),
    );
  }

  private tellFills(controller: SessionController, messenger: Messenger, configuration: Configuration): void {
    const fills = this.own(
      new FillNotices({
        isOn: () => configuration.notifyFills,
        tell: message => messenger.tell(message),
        after: (ms, run) => {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
      }),
    );
    fills.focus(vscode.window.state.focused);
    this.own(vscode.window.onDidChangeWindowState(({ focused }) => fills.focus(focused)));
    this.own(controller.onFill(row => fills.fill(row)));
  }

  private tellLines({ notInForce, symbols }: SessionSnapshot, messenger: Messenger): void {
    const before = this.notInForce;
    this.notInForce = new Set(notInForce.map(each => JSON.stringify(each)));
    if (before === null) return;
    for (const each of notInForce) {
      if (before.has(JSON.stringify(each))) continue;
      messenger.tell(
        notInForceMessage(
          each,
          symbols.some(({ symbol, line }) => symbol === each.symbol && line >= 0),
        ),
      );
    }
  }
}
