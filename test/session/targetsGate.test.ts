/** A saved targets.txt while a session runs: always in the log as a difference, and on a live account asked before it counts. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import type { ChangeQuestion } from '../../src/shared/protocol';
import { Scene } from './scene';

const CLIP = (usd: number) =>
  `@config risky=0.6 safe=0.4 equity=150000\nAVAV class=risky buy=0.60 sell=0.60 clip=${usd}\n`;

describe('session: a change of targets.txt before it counts', () => {
  let scene: Scene;
  afterEach(() => scene.close());

  async function begin(mode: 'SIM' | 'PAPER' | 'LIVE'): Promise<void> {
    scene = new Scene(CLIP(750));
    Object.assign(scene.broker, { mode, account: 'U9999034' });
    scene.config = { ...scene.config, liveConsent: 'U9999034', keepEquity: true };
    scene.make();
    await scene.begin();
    assert.equal(scene.endText, null);
    scene.makeReady();
  }
  const save = (text: string) => fs.writeFileSync(scene.targetsFile, text);
  const questions = (): (ChangeQuestion | null)[] =>
    scene.heard.flatMap(message => (message.type === 'question' ? [message.question] : []));
  const isLogged = (text: string): boolean =>
    scene.heard.some(message => message.type === 'log' && message.text.includes(text));
  const changes = (): number => scene.notices('targetsChanged');

  it('counts at once on paper, with the difference in the log', async () => {
    await begin('PAPER');
    save(CLIP(1500));
    await scene.when(() => changes() === 1);
    assert.deepEqual(questions(), []);
    assert.ok(isLogged('AVAV  clip $750 to $1,500, full ladder $8,475 to $16,950'));
  });

  it('waits for a yes on a live account, and counts after it', async () => {
    await begin('LIVE');
    save(CLIP(1500));
    await scene.when(() => questions().length === 1);
    const [question] = questions();
    assert.ok(question);
    assert.equal(
      question.text,
      'This change raises the money at risk on LIVE ···9034: AVAV clip $750 to $1,500, full ladder $8,475 to $16,950. Nothing would fire at once.',
    );
    assert.match(question.difference, /Money at risk/);
    assert.equal(changes(), 0);
    scene.session.request({ type: 'answer', id: question.id, yes: true });
    await scene.when(() => changes() === 1);
  });

  it('leaves the old version in force after a no', async () => {
    await begin('LIVE');
    save(CLIP(1500));
    await scene.when(() => questions().length === 1);
    scene.session.request({ type: 'answer', id: questions()[0]!.id, yes: false });
    assert.ok(isLogged('was declined'));
    assert.equal(changes(), 0);
  });

  it('asks nothing on a live account when the risk falls', async () => {
    await begin('LIVE');
    save(CLIP(500));
    await scene.when(() => changes() === 1);
    assert.deepEqual(questions(), []);
  });

  it('takes a question back when the file changes again, and hears no answer to it', async () => {
    await begin('LIVE');
    save(CLIP(1500));
    await scene.when(() => questions().length === 1);
    const old = questions()[0]!.id;
    save(CLIP(500));
    await scene.when(() => changes() === 1);
    assert.equal(questions().at(-1), null);
    scene.session.request({ type: 'answer', id: old, yes: true });
    assert.equal(changes(), 1);
    assert.ok(!isLogged('a person said yes'));
  });
});
