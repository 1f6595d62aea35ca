import { deepEqual, equal } from 'node:assert/strict';
import type { FromSession, SessionConfig, SymbolDetail, ToSession } from '../../../src/shared/protocol';
import { SessionController, type SessionThread } from '../../../src/ui/sessionController';
import { DPRO, RCAT, snapshot } from '../reports/moment';

const CONFIG: SessionConfig = {
  broker: 'simulator',
  host: '127.0.0.1',
  port: 1,
  clientId: 21,
  targetsFile: '/x/targets.txt',
  folder: '/x',
  settings: {},
  budget: { equity: 1, risky: 0.6, safe: 0.4 },
};

class FakeThread implements SessionThread {
  readonly posted: ToSession[] = [];
  isTerminated = false;
  say: (message: FromSession) => void = () => undefined;
  exit: (why: string) => void = () => undefined;
  post(message: ToSession) {
    this.posted.push(message);
  }
  onMessage(listener: (message: FromSession) => void) {
    this.say = listener;
  }
  onExit(listener: (why: string) => void) {
    this.exit = listener;
  }
  terminate() {
    this.isTerminated = true;
  }
  trade(details: SymbolDetail[] = []) {
    this.say({ type: 'snapshot', snapshot: snapshot(), details });
  }
  last(type: ToSession['type']) {
    return this.posted.filter(message => message.type === type).at(-1);
  }
}

function controllerWith(given: { now?: () => number; stopWithinMs?: number } = {}) {
  const threads: FakeThread[] = [];
  const controller = new SessionController({
    startThread: () => {
      const thread = new FakeThread();
      threads.push(thread);
      return thread;
    },
    log: () => undefined,
    now: given.now ?? (() => 0),
    ...(given.stopWithinMs === undefined ? {} : { stopWithinMs: given.stopWithinMs }),
  });
  return { controller, threads, thread: () => threads.at(-1)! };
}

const running = async (given?: Parameters<typeof controllerWith>[0]) => {
  const parts = controllerWith(given);
  const start = parts.controller.start(CONFIG);
  parts.thread().trade();
  await start;
  return parts;
};

describe('session controller: a start', () => {
  it('hands the configuration over by message and ends with the first trading snapshot', async () => {
    const { controller, thread } = controllerWith();
    const start = controller.start(CONFIG);
    equal(controller.state, 'starting');
    deepEqual(thread().posted[0], { type: 'start', config: CONFIG });
    thread().say({ type: 'snapshot', snapshot: snapshot({ phase: 'bars' }), details: [] });
    equal(controller.state, 'starting');
    thread().trade();
    deepEqual(await start, { type: 'trading' });
    equal(controller.state, 'running');
  });

  it('ends with a problem that waiting does not solve', async () => {
    const { controller, thread } = controllerWith();
    const start = controller.start(CONFIG);
    const problem = { code: 'nothingListens', host: 'h', port: 1 } as const;
    thread().say({ type: 'problem', problem });
    deepEqual(await start, { type: 'problem', problem });
  });

  it('waits while a client id is taken', async () => {
    const { controller, thread } = controllerWith();
    const start = controller.start(CONFIG);
    thread().say({ type: 'problem', problem: { code: 'clientIdInUse', host: 'h', port: 1, clientId: 21 } });
    thread().trade();
    deepEqual(await start, { type: 'trading' });
  });

  it('hands on what the session refuses, with its data', async () => {
    const { controller, thread } = controllerWith();
    const start = controller.start(CONFIG);
    thread().say({ type: 'refused', code: 'liveConsent', text: 'a yes', data: { account: 'U1' } });
    thread().say({ type: 'ended', why: 'failed', text: 'a yes' });
    deepEqual(await start, { type: 'refused', code: 'liveConsent', text: 'a yes', data: { account: 'U1' } });
    equal(controller.state, 'idle');
  });

  it('does not start twice', async () => {
    const { controller, threads } = await running();
    equal((await controller.start(CONFIG)).type, 'failed');
    equal(threads.length, 1);
  });

  it('tells a thread that dies while it starts as a failure, and does not try again', async () => {
    const { controller, threads, thread } = controllerWith();
    const start = controller.start(CONFIG);
    thread().exit('out of memory');
    deepEqual(await start, { type: 'failed', text: 'out of memory' });
    equal(threads.length, 1);
  });
});

describe('session controller: an end', () => {
  it('stops by message and is idle when the session says so', async () => {
    const { controller, thread } = await running();
    const stop = controller.stop();
    equal(controller.state, 'stopping');
    deepEqual(thread().last('stop'), { type: 'stop' });
    thread().say({ type: 'ended', why: 'stopped', text: 'Stopped.' });
    await stop;
    deepEqual([controller.state, controller.snapshot], ['idle', null]);
  });

  it('ends a thread that does not stop in time', async () => {
    const { controller, thread } = await running({ stopWithinMs: 10 });
    await controller.stop();
    deepEqual([thread().isTerminated, controller.state], [true, 'idle']);
  });

  it('says at once that the thread is gone, and starts another with the same configuration', async () => {
    const { controller, threads, thread } = await running();
    const died: unknown[] = [];
    controller.onDied(each => died.push(each));
    thread().exit('boom');
    deepEqual(died, [{ text: 'boom', restarts: true }]);
    equal(threads.length, 2);
    deepEqual(thread().posted[0], { type: 'start', config: CONFIG });
  });

  it('treats an error that nobody expected the same way', async () => {
    const { threads, thread } = await running();
    thread().say({ type: 'ended', why: 'failed', text: 'An internal error', crash: true });
    equal(threads.length, 2);
  });

  it('leaves it to the person after three deaths in ten minutes', async () => {
    let now = 0;
    const { controller, threads, thread } = await running({ now: () => now });
    const died: boolean[] = [];
    controller.onDied(({ restarts }) => died.push(restarts));
    for (let i = 0; i < 4; i++) {
      thread().exit('boom');
      if (i < 3) thread().trade();
      now += 1000;
    }
    deepEqual(died, [true, true, true, false]);
    equal(threads.length, 4);
    equal(controller.state, 'idle');
  });

  it('does not start again what ended for a reason, such as another account', async () => {
    const { controller, threads, thread } = await running();
    const died: boolean[] = [];
    controller.onDied(({ restarts }) => died.push(restarts));
    thread().say({ type: 'ended', why: 'failed', text: 'another account' });
    deepEqual([died, threads.length, controller.state], [[false], 1, 'idle']);
  });

  it('goes on trying while it recovers, and says when it may not', async () => {
    const { controller, thread } = await running();
    const died: unknown[] = [];
    controller.onDied(each => died.push(each));
    thread().exit('boom');
    thread().say({ type: 'problem', problem: { code: 'nothingListens', host: 'h', port: 1 } });
    deepEqual([controller.state, controller.isRecovering], ['starting', true]);
    thread().say({ type: 'refused', code: 'ownerTaken', text: 'another window trades', data: {} });
    thread().say({ type: 'ended', why: 'failed', text: 'another window trades' });
    deepEqual(died.at(-1), { text: 'another window trades', restarts: false });
    deepEqual([controller.state, controller.isRecovering], ['idle', false]);
  });

  it('does not hear a thread that is no longer its own', async () => {
    const { controller, threads, thread } = await running();
    thread().exit('boom');
    threads[0]!.trade();
    equal(controller.snapshot, null);
  });
});

describe('session controller: what views ask for', () => {
  it('asks for the union of what is open, at the fastest pace anybody wants', async () => {
    const { controller, thread } = await running();
    controller.want('tree', ['RCAT']);
    controller.want('dashboard', [], 100);
    deepEqual(thread().last('watch'), { type: 'watch', details: ['RCAT'], intervalMs: 100 });
    controller.want('dashboard', []);
    controller.want('tree', []);
    deepEqual(thread().last('watch'), { type: 'watch', details: [], intervalMs: 500 });
  });

  it('answers a hover with the next snapshot, and asks no longer after half a minute', async () => {
    let now = 0;
    const { controller, thread } = await running({ now: () => now });
    const detail = controller.detail('RCAT');
    deepEqual(thread().last('watch'), { type: 'watch', details: ['RCAT'], intervalMs: 500 });
    thread().trade([RCAT]);
    equal(await detail, RCAT);
    equal(await controller.detail('RCAT'), RCAT);
    now = 31_000;
    thread().trade([DPRO]);
    deepEqual(thread().last('watch'), { type: 'watch', details: [], intervalMs: 500 });
  });

  it('knows nothing of a symbol that the session does not have', async () => {
    const { controller } = await running();
    equal(await controller.detail('XXXX'), null);
    equal(await controllerWith().controller.detail('RCAT'), null);
  });

  it('gives waiting hovers an end when the session ends', async () => {
    const { controller, thread } = await running();
    const detail = controller.detail('RCAT');
    thread().say({ type: 'ended', why: 'stopped', text: '' });
    equal(await detail, null);
  });

  it('passes on a question and its answer, and knows which one is still open', async () => {
    const { controller, thread } = await running();
    const asked: (number | null)[] = [];
    controller.onQuestion(question => asked.push(question?.id ?? null));
    thread().say({ type: 'question', question: { id: 1, text: 'Sure?', difference: '' } });
    thread().say({ type: 'question', question: null });
    equal(controller.answer(1, true), false);
    thread().say({ type: 'question', question: { id: 2, text: 'Sure?', difference: '' } });
    equal(controller.answer(2, false), true);
    equal(controller.question?.id, 2);
    equal(controller.answer(2, true), true);
    deepEqual(thread().last('answer'), { type: 'answer', id: 2, yes: true });
    equal(controller.question, null);
    deepEqual(asked, [1, null, 2]);
  });

  it('sends commands only while there is somebody to hear them', async () => {
    const { controller, thread } = await running();
    equal(controller.control('flatten', 'RCAT'), true);
    deepEqual(thread().last('control'), { type: 'control', action: 'flatten', symbol: 'RCAT' });
    equal(controllerWith().controller.control('kill'), false);
  });
});
