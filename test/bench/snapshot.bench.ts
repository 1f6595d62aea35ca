/**
 * What a summary of a hundred symbols costs on its way to the views: made in the session's thread, copied to the host's, and
 * turned there into the rows of the tree, the status bar's text and the dashboard's view. What the webview does with it is
 * a bench of its own.
 */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { dashboardView } from '../../src/reports/dashboardModel';
import { statusText } from '../../src/reports/statusText';
import { ladderRows, topRows } from '../../src/reports/treeModel';
import type { FromSession, SessionSnapshot } from '../../src/shared/protocol';
import type { ShellFacts } from '../../src/engine/views';
import { bench, report, spread, timed, type Row } from './harness';
import { Market, newEngine } from './market';

const SHELL: ShellFacts = {
  mode: 'SIM',
  accountTail: '···0001',
  phase: 'trading',
  phaseText: '',
  endpoint: '127.0.0.1:4002',
  connectedSince: 0,
  linkLostSince: null,
  rowsWaiting: 0,
};
const EVERYTHING = { act: true, adjust: true, edit: true, asks: 'home' } as const;
const ROUNDS = { rounds: 400, warmUp: 200 };

bench(() => {
  const market = new Market();
  const engine = newEngine();
  for (const event of [...market.opening(), ...market.events(120_000)]) engine.handle(event);
  const build = (): SessionSnapshot => engine.snapshot(SHELL);
  const snapshot = build();
  const message: FromSession = { type: 'snapshot', snapshot, details: [] };
  const { port1, port2 } = new MessageChannel();
  const receive = (): FromSession => {
    const received = receiveMessageOnPort(port2) as { message: FromSession } | undefined;
    if (received === undefined) throw new Error('A snapshot was not received');
    return received.message;
  };
  const send: number[] = [];
  const copy: number[] = [];
  const apply: number[] = [];
  for (let n = 0; n < ROUNDS.rounds + ROUNDS.warmUp; n++) {
    const start = performance.now();
    port1.postMessage(message);
    const sent = performance.now();
    const heard = receive();
    const copied = performance.now();
    if (heard.type === 'snapshot') show(heard.snapshot);
    const shown = performance.now();
    if (n < ROUNDS.warmUp) continue;
    send.push(sent - start);
    copy.push(copied - sent);
    apply.push(shown - copied);
  }
  port1.close();
  const built = timed(build, ROUNDS);
  const session = built.map((each, n) => each + (send[n] ?? 0));
  const host = copy.map((each, n) => each + (apply[n] ?? 0));
  const row = (what: string, values: readonly number[]): Row => {
    const { median, p99, worst } = spread(values);
    return { what, values: [median, p99, worst] };
  };
  report({
    title: 'A summary of a hundred symbols, ms',
    how: 'Session: made and posted. Host: received, and turned into tree rows, status bar text and dashboard view.',
    columns: ['median', 'p99', 'worst'],
    rows: [
      row('build', built),
      row('send', send),
      row('session’s side', session),
      row('receive', copy),
      row('apply', apply),
      row('host’s side', host),
    ],
    aim: '1 ms on each side',
    found: `session ${spread(session).median.toFixed(2)} ms, host ${spread(host).median.toFixed(2)} ms`,
  });
});

/** What the host's views make of it at their own pace. */
function show(snapshot: SessionSnapshot): unknown[] {
  const rows = topRows(snapshot).concat(snapshot.symbols.flatMap(each => ladderRows(each)));
  return [rows, statusText(snapshot), dashboardView(snapshot, { can: EVERYTHING, isStarting: false, polite: '' })];
}
