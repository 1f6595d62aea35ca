/**
 * `npm run kill`: throws the kill switch from a terminal, for every running session or for the accounts named, and says whether
 * the session has taken it. It needs no VS Code, no broker and no build. Releasing it is a person's, in VS Code.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { isHeld } from '../src/session/owner';
import { killFileOf, saidToRun, throwKillSwitch, userFolder, type SessionFacts } from '../src/session/userPlace';

const help = `npm run kill [-- options] [ACCOUNT…]

No buys any more, in any symbol; working buys are cancelled; exits go on. It stays on over restarts until a person releases it
in VS Code (Dronebot: Release Kill Switch).

  (nothing)         every session of yours that runs
  ACCOUNT…          these accounts, whether or not a session runs on them now
  --list            says which sessions run, and throws nothing
  --home DIR        the user's own storage                         default ~/.dronebot
  --help            this text
`;

/** A running session looks four times a second and shows what it has done once a second. */
const TAKEN_WITHIN_MS = 5000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { list: { type: 'boolean' }, home: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) return void process.stdout.write(help);
  const home = values.home ?? userFolder();
  const running: SessionFacts[] = [];
  for (const facts of saidToRun(home)) if (await isHeld(facts.owner)) running.push(facts);
  if (values.list) return list(running);
  const wrong = positionals.find(account => !/^[A-Za-z]{1,4}\d{3,12}$/.test(account));
  if (wrong !== undefined) throw new Error(`Expected an account such as U1234567, found "${wrong}"`);
  const chosen = running.filter(({ account }) => positionals.length === 0 || positionals.includes(account));
  for (const facts of chosen) await kill(facts, home);
  for (const account of positionals) {
    if (chosen.some(facts => facts.account === account)) continue;
    throwKillSwitch(killFileOf(home, account, process.cwd()), 'npm run kill');
    console.log(`Thrown for ···${account.slice(-4)}. No session runs on it here; the next one starts with it on.`);
  }
  if (chosen.length + positionals.length > 0) return;
  console.log('No session runs, so nothing was thrown. Name an account to keep the next one from buying:');
  console.log('npm run kill -- U1234567');
  process.exitCode = 1;
}

async function kill(facts: SessionFacts, home: string): Promise<void> {
  throwKillSwitch(killFileOf(home, facts.account, facts.folder), 'npm run kill');
  const isTaken = await taken(facts);
  console.log(
    isTaken
      ? `Thrown on ${words(facts)}. The session has taken it: no buys until a person releases it in VS Code. Exits go on.`
      : `Thrown on ${words(facts)}, and the session has not said within ${TAKEN_WITHIN_MS / 1000} s that it took it. Look at it, or end process ${facts.pid}.`,
  );
  if (!isTaken) process.exitCode = 1;
}

async function taken({ folder }: SessionFacts): Promise<boolean> {
  const deadline = Date.now() + TAKEN_WITHIN_MS;
  while (Date.now() < deadline) {
    try {
      const text = fs.readFileSync(path.join(folder, 'dashboard_snapshot.json'), 'utf8');
      if ((JSON.parse(text) as { killed?: boolean }).killed === true) return true;
    } catch {
      // Not written yet.
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return false;
}

function list(running: readonly SessionFacts[]): void {
  for (const facts of running) console.log(`${words(facts)}, ${facts.endpoint}, files in ${facts.folder}`);
  if (running.length === 0) console.log('No session runs.');
}

const words = ({ mode, account, since, pid }: SessionFacts): string =>
  `${mode} ···${account.slice(-4)} (since ${since.slice(11, 19)} New York, process ${pid})`;

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
