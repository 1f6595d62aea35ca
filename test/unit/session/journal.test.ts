import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { emptyDurable, type DurableState } from '../../../src/engine/durable';
import { Journal, JournalRefused, readJournal, type JournalOptions } from '../../../src/session/journal';

const OWNER = { broker: 'simulator', account: 'SIM00001' };
const noon = Date.parse('2026-11-18T12:00:00-05:00');
const DAY = 86_400_000;

describe('journal', () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dronebot-journal-'))));
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const states: boolean[] = [];
  const carried = (): DurableState => ({ ...emptyDurable(OWNER.account), version: 1 });
  const open = (more: Partial<JournalOptions> = {}): Journal => {
    const options = {
      ...OWNER,
      folder,
      carry: carried,
      fillsBefore: () => 4,
      onState: (ok: boolean) => states.push(ok),
    };
    return new Journal({ ...options, ...more }, readJournal(folder, OWNER));
  };
  const session = (killed: boolean) => ({ ...emptyDurable('').session, killed });
  const read = (date: string): string => fs.readFileSync(path.join(folder, `${date}.jsonl`), 'utf8');
  const killed = (): boolean | undefined => readJournal(folder, OWNER).state?.session.killed;

  it('is empty before the first session', () => {
    assert.deepEqual(readJournal(folder, OWNER), {
      state: null,
      date: null,
      goodBytes: 0,
      fillsBefore: null,
      sessions: 0,
      torn: false,
    });
  });

  it('hands each entry to the operating system before it returns', () => {
    const journal = open();
    assert.ok(journal.append({ t: noon, why: 'kill', session: session(true) }));
    assert.equal(killed(), true);
    assert.ok(journal.append({ t: noon, why: 'release', session: session(false) }));
    assert.equal(killed(), false);
    journal.close();
  });

  it('says which entries a power cut cannot take any more, and only those', async () => {
    const syncs: ((error: NodeJS.ErrnoException | null) => void)[] = [];
    const disk = { ...fs, fdatasync: (_fd: number, done: (typeof syncs)[0]) => void syncs.push(done) };
    const synced: number[] = [];
    const journal = open({ disk: disk as unknown as typeof fs, onSynced: nEntries => synced.push(nEntries) });
    journal.append({ t: noon, why: 'one' });
    journal.append({ t: noon, why: 'two' });
    assert.deepEqual(synced, []);
    while (syncs.length < 1) await new Promise(resolve => setTimeout(resolve, 5));
    journal.append({ t: noon, why: 'three' });
    syncs[0]!(null);
    assert.deepEqual(synced, [2]);
    while (syncs.length < 2) await new Promise(resolve => setTimeout(resolve, 5));
    syncs[1]!(Object.assign(new Error('gone'), { code: 'EIO' }));
    assert.deepEqual(synced, [2]);
    journal.append({ t: noon, why: 'four' });
    journal.close();
    assert.deepEqual(synced, [2, 4]);
  });

  it('begins each exchange day with the whole state', () => {
    const journal = open();
    journal.append({ t: noon, why: 'kill', session: session(true) });
    // 23:59:59 in New York, then a second later.
    journal.append({ t: noon + DAY / 2 - 1000, why: 'resume' });
    journal.append({ t: noon + DAY / 2, why: 'day' });
    journal.close();
    assert.equal(read('2026-11-18').trim().split('\n').length, 4);
    const [header, carry, day] = read('2026-11-19').trim().split('\n');
    assert.deepEqual(JSON.parse(header!), { format: 1, ...OWNER, date: '2026-11-19' });
    assert.equal((JSON.parse(carry!) as { why: string }).why, 'carry');
    assert.equal((JSON.parse(day!) as { why: string }).why, 'day');
    assert.equal(readJournal(folder, OWNER).fillsBefore, 4);
  });

  it('cuts what a crash tore, wherever the tear is', () => {
    const journal = open();
    journal.append({ t: noon, why: 'kill', session: session(true) });
    journal.append({ t: noon, why: 'release', session: session(false) });
    journal.close();
    const file = path.join(folder, '2026-11-18.jsonl');
    const whole = fs.readFileSync(file);
    const lastLine = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let size = lastLine; size < whole.length; size++) {
      fs.writeFileSync(file, whole.subarray(0, size));
      const found = readJournal(folder, OWNER);
      assert.equal(found.state?.session.killed, true, `cut at ${size}`);
      const again = new Journal(
        { ...OWNER, folder, carry: carried, fillsBefore: () => 0, onState: () => undefined },
        found,
      );
      again.append({ t: noon, why: 'release', session: session(false) });
      again.close();
      assert.deepEqual(fs.readFileSync(file), whole, `cut at ${size}`);
    }
  });

  it('goes back a day when the newest file has no whole beginning', () => {
    const journal = open();
    journal.append({ t: noon, why: 'kill', session: session(true) });
    journal.append({ t: noon + DAY, why: 'day' });
    journal.close();
    const file = path.join(folder, '2026-11-19.jsonl');
    const text = read('2026-11-19');
    for (const size of [0, 10, text.indexOf('\n') + 1, text.indexOf('\n') + 30]) {
      fs.writeFileSync(file, text.slice(0, size));
      const found = readJournal(folder, OWNER);
      assert.deepEqual([found.date, found.torn, found.state?.session.killed], ['2026-11-18', true, true]);
      const again = new Journal(
        { ...OWNER, folder, carry: carried, fillsBefore: () => 4, onState: () => undefined },
        found,
      );
      again.append({ t: noon + DAY, why: 'day' });
      again.close();
      assert.equal(read('2026-11-19'), text);
    }
  });

  it('keeps texts of any length and letter, a short one after a long one too', () => {
    const journal = open();
    const texts = ['a', 'é'.repeat(21_800), '–'.repeat(70_000), 'b'.repeat(70_000), 'ç'];
    for (const text of texts) journal.append({ t: noon, why: 'told', decision: { text } });
    journal.close();
    const entries = read('2026-11-18').trimEnd().split('\n').slice(-texts.length);
    assert.deepEqual(
      entries.map(line => (JSON.parse(line) as { decision: { text: string } }).decision.text),
      texts,
    );
    assert.equal(readJournal(folder, OWNER).goodBytes, fs.statSync(path.join(folder, '2026-11-18.jsonl')).size);
  });

  it('refuses damage, other accounts and other formats', () => {
    const journal = open();
    journal.append({ t: noon, why: 'kill', session: session(true) });
    journal.append({ t: noon, why: 'release', session: session(false) });
    journal.close();
    const file = path.join(folder, '2026-11-18.jsonl');
    const text = read('2026-11-18');
    const codeOf = (changed: string): unknown => {
      fs.writeFileSync(file, changed);
      try {
        return readJournal(folder, OWNER);
      } catch (error) {
        return error instanceof JournalRefused ? error.refusal.code : error;
      }
    };
    assert.equal(codeOf(text.replace('"why":"kill"', 'why:"kill"')), 'broken');
    assert.equal(codeOf(text.replace('SIM00001', 'SIM00002')), 'otherAccount');
    assert.equal(codeOf(text.replace('"simulator"', '"ib"')), 'otherAccount');
    assert.equal(codeOf(text.replace('"format":1', '"format":2')), 'otherFormat');
    const intent = {
      key: 'dronebot:s:1:ladder_buy:1',
      orderId: 1,
      symbol: 'KTOS',
      side: 'BUY',
      tag: 'ladder_buy',
      t: 1,
    };
    assert.equal(codeOf(`${text}{"t":1,"why":"intent","intent":${JSON.stringify(intent)}}\n`), 'broken');
  });

  it('keeps entries in order while the disk refuses, also one that tore a line, and writes each once', () => {
    let room = Infinity;
    const disk = {
      ...fs,
      writeSync: (fd: number, bytes: Buffer, from: number, length: number, at: number): number => {
        if (room <= 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
        const n = Math.min(length, room);
        room -= n;
        return fs.writeSync(fd, bytes, from, n, at);
      },
    } as unknown as typeof fs;
    states.length = 0;
    const journal = open({ disk });
    journal.append({ t: noon, why: 'kill', session: session(true) });
    const before = read('2026-11-18');
    room = 20;
    assert.equal(journal.append({ t: noon, why: 'release', session: session(false) }), false);
    assert.equal(journal.append({ t: noon, why: 'pause' }), false);
    assert.equal(journal.nWaiting, 2);
    assert.equal(killed(), true);
    room = Infinity;
    assert.ok(journal.flush());
    assert.deepEqual(states, [false, true]);
    journal.close();
    const lines = read('2026-11-18').slice(before.length).trim().split('\n');
    assert.deepEqual(
      lines.map(line => (JSON.parse(line) as { why: string }).why),
      ['release', 'pause'],
    );
  });
});
