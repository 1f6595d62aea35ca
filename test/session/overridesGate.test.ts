/** An override while a session runs: answered, asked about on a live account where it raises the risk, and never lost. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { ChangeQuestion, FromSession } from '../../src/shared/protocol';
import { at } from './fakeBroker';
import { Scene } from './scene';

const TEXT = '@config risky=0.6 safe=0.4 equity=150000\nAVAV class=risky buy=0.60 sell=0.60\n';

describe('session: an override before it counts', () => {
  let scene: Scene;
  afterEach(() => scene.close());

  /** A reference of 100 and a last below it: 98.9 has not reached L1 at 98.87. */
  async function begin(mode: 'PAPER' | 'LIVE'): Promise<void> {
    scene = new Scene(TEXT);
    Object.assign(scene.broker, { mode, account: 'U9999034' });
    scene.config = { ...scene.config, liveConsent: 'U9999034', keepEquity: true };
    scene.make();
    await scene.begin();
    assert.equal(scene.endText, null);
    scene.makeReady();
    scene.broker.until(at('09:31'));
    scene.broker.tick('AVAV', { bid: 98.9, ask: 98.9, last: 98.9 });
  }
  const answers = () =>
    scene.heard.flatMap(message => (message.type === 'overrideAnswer' ? [`${message.id} ${message.outcome}`] : []));
  const questions = (): (ChangeQuestion | null)[] =>
    scene.heard.flatMap(message => (message.type === 'question' ? [message.question] : []));
  const file = () => {
    const name = path.join(scene.folder, 'dashboard_overrides.json');
    return fs.existsSync(name) ? (JSON.parse(fs.readFileSync(name, 'utf8')) as unknown) : null;
  };
  const inForce = () => scene.session.snapshot()?.symbols[0]?.override ?? null;
  const set = (buy: number | null, id: number) => scene.session.request({ type: 'override', symbol: 'AVAV', buy, id });
  const isLogged = (text: string) => scene.heard.some(each => each.type === 'log' && each.text.includes(text));

  it('is written, taken and answered on paper, also where it reaches more rungs', async () => {
    await begin('PAPER');
    set(0.1, 7);
    assert.deepEqual(answers(), ['7 taken']);
    assert.deepEqual(file(), { AVAV: { buy: 0.1 } });
    await scene.when(() => inForce()?.buy === 0.1);
    assert.deepEqual(questions(), []);
  });

  it('is refused with the range, and nothing is written', async () => {
    await begin('PAPER');
    set(12, 8);
    const answer = scene.heard.find(message => message.type === 'overrideAnswer');
    assert.deepEqual(answer, {
      type: 'overrideAnswer',
      id: 8,
      outcome: 'refused',
      text: 'AVAV: buy must be 0.10 to 10.00 percent, found 12',
    });
    assert.equal(file(), null);
  });

  it('counts at once on a live account when last reaches no further rung by it', async () => {
    await begin('LIVE');
    set(0.9, 1);
    assert.deepEqual(answers(), ['1 taken']);
    await scene.when(() => inForce()?.buy === 0.9);
  });

  it('waits for a yes on a live account when last would reach more rungs', async () => {
    await begin('LIVE');
    set(0.1, 2);
    assert.deepEqual(answers(), ['2 asked']);
    const [question] = questions();
    assert.match(
      question?.text ?? '',
      /^This change raises the money at risk on LIVE ···9034: AVAV buy 0\.60 to 0\.10/,
    );
    assert.deepEqual([file(), inForce()], [null, null]);
    scene.session.request({ type: 'answer', id: question!.id, yes: true });
    await scene.when(() => inForce()?.buy === 0.1);
    assert.deepEqual(file(), { AVAV: { buy: 0.1 } });
  });

  it('stays as it was after a no, and the question is over', async () => {
    await begin('LIVE');
    set(0.1, 3);
    scene.session.request({ type: 'answer', id: questions()[0]!.id, yes: false });
    assert.ok(isLogged('The override of AVAV was declined.'));
    assert.equal(questions().at(-1), null);
    assert.deepEqual([file(), inForce()], [null, null]);
  });

  it('of the file is held back too, and counts after a yes', async () => {
    await begin('LIVE');
    fs.writeFileSync(path.join(scene.folder, 'dashboard_overrides.json'), '{"AVAV":{"buy":0.1,"sell":0.7}}');
    await scene.when(() => questions().length > 0);
    assert.equal(inForce(), null);
    scene.session.request({ type: 'answer', id: questions().at(-1)!.id, yes: true });
    await scene.when(() => inForce()?.buy === 0.1);
    assert.equal(inForce()?.sell, 0.7);
  });

  it('a newer override of the symbol takes the question back', async () => {
    await begin('LIVE');
    set(0.1, 4);
    const asked = questions()[0]!.id;
    set(0.9, 5);
    scene.session.request({ type: 'answer', id: asked, yes: true });
    await scene.when(() => inForce()?.buy === 0.9);
    assert.deepEqual(answers(), ['4 asked', '5 taken']);
  });

  it('answers a preview, and sends charts and sparks only of what a view has open', async () => {
    await begin('PAPER');
    const of = <T extends FromSession['type']>(type: T) => scene.heard.filter(each => each.type === type);
    scene.session.watch([], 50);
    assert.deepEqual([of('chart').length, of('sparks').length], [0, 0]);
    scene.session.watch(['AVAV'], 50, { charts: ['AVAV'], sparks: true });
    await scene.when(() => of('chart').length > 0 && of('sparks').length > 0);
    scene.session.request({ type: 'preview', id: 9, symbol: 'AVAV', side: 'sell', value: 0.7 });
    const [preview] = of('preview');
    assert.ok(preview?.type === 'preview' && preview.preview?.rungs.length === 7);
  });
});
