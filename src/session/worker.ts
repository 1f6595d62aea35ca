/**
 * The session's own thread, or its own process where a program forks it: messages in, messages out (shared/protocol.ts), one
 * session at a time. Errors that nobody caught end the session loudly instead of the thread silently.
 */
import { parentPort, type MessagePort } from 'node:worker_threads';
import { createIbPort } from '../broker/ib/ibPort';
import type { FromSession, SessionConfig, ToSession } from '../shared/protocol';
import { Rehearsal } from './rehearsal';
import { Session } from './session';

/** Often enough for the processor to have the way of an order at hand: some two percent of one core. */
const REHEARSE_MS = 10;

const host = parentPort ?? processHost();
const emit = (message: FromSession): void => host.postMessage(message);

let session: Session | null = null;

process.on('uncaughtException', error => broken('uncaught exception', error));
process.on('unhandledRejection', reason => broken('unhandled rejection', reason));

host.on('message', (message: ToSession) => {
  switch (message.type) {
    case 'start':
      return start(message.config);
    case 'control':
      return session?.control(message.action, message.symbol, message.fromBrokerCost);
    case 'override':
    case 'preview':
    case 'answer':
      return session?.request(message);
    case 'retry':
      return session?.retry();
    case 'watch':
      return session?.watch(message.details, message.intervalMs, {
        charts: message.charts ?? [],
        sparks: message.sparks === true,
      });
    case 'stop':
      void session?.stop(message);
      return;
  }
});

function start(config: SessionConfig): void {
  const rehearse = rehearsal();
  session = new Session(config, { createPort: createIbPort, emit });
  session.start();
  const timer = setInterval(() => session?.expectsOrders() === true && rehearse(), REHEARSE_MS);
  // A thread without anything to do ends by itself: the host starts a new one.
  void session.ended.then(() => {
    clearInterval(timer);
    host.close();
  });
}

/** What goes wrong in a rehearsal costs speed and nothing else. */
function rehearsal(): () => void {
  let isBroken = false;
  const tried = (action: () => void): void => {
    try {
      if (!isBroken) action();
    } catch (error) {
      isBroken = true;
      emit({ type: 'log', level: 'warn', text: `The rehearsal failed, so orders will be slower: ${String(error)}` });
    }
  };
  let made: Rehearsal | undefined;
  tried(() => (made = new Rehearsal()).play());
  return () => tried(() => made?.step());
}

/** Forked: the other end of the channel is the host, and a session without one ends as it would by hand. */
function processHost(): Pick<MessagePort, 'postMessage' | 'on' | 'close'> {
  if (process.send === undefined) throw new Error('The session runs in a worker thread or a forked process.');
  process.once('disconnect', () => void session?.stop({ suspended: true }).then(() => process.exit()));
  const self = {
    postMessage: (message: FromSession) => void process.send?.(message),
    on: (_: string, listener: (message: ToSession) => void) => {
      process.on('message', listener);
      return self;
    },
    close: () => process.disconnect(),
  };
  return self as never;
}

function broken(where: string, error: unknown): void {
  if (session !== null) return session.fail(where, error);
  emit({ type: 'ended', why: 'failed', text: `${where}: ${error instanceof Error ? error.message : String(error)}` });
}
