/**
 * npm test: every check of the project, one after the other, with what each prints; then a summary and the counts of all
 * mocha runs. Without arguments all steps run, with arguments the named ones. It checks nothing itself.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

interface Command {
  /** Relative to node_modules or to the project. */
  script: string;
  args: readonly string[];
}

interface Step {
  name: string;
  commands: () => readonly Command[];
  /** A step that runs tests must leave counts; one that leaves none has failed, whatever it says. */
  hasCounts: boolean;
  limitMinutes: number;
  needs?: string;
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const root = path.resolve(__dirname, '..');
const bin = (script: string) => path.join(root, 'node_modules', script);
// What was checked last time is remembered with the packages, so that a second run is quick.
const typescript = (project: string): Command => ({
  script: bin('typescript/bin/tsc'),
  args: ['-p', project, '--incremental', '--tsBuildInfoFile', bin(`.cache/tsc/${path.basename(project)}.info`)],
});
const mocha = (...folders: readonly string[]): Command[] => {
  const specs = folders
    .filter(folder => hasFiles(`test/${folder}`, '.test.ts'))
    .map(folder => `test/${folder}/**/*.test.ts`);
  return [{ script: bin('mocha/bin/mocha.js'), args: ['--reporter', 'test/reporter.cjs', ...specs] }];
};
const tsx = (file: string): Command => ({ script: bin('tsx/dist/cli.mjs'), args: [file] });

const steps: readonly Step[] = [
  {
    name: 'types',
    commands: () => [
      typescript('tsconfig.json'),
      ...(hasFiles('webview', '.ts') ? [typescript('tsconfig.webview.json')] : []),
    ],
    hasCounts: false,
    limitMinutes: 3,
  },
  {
    name: 'lint',
    commands: () => [
      { script: bin('eslint/bin/eslint.js'), args: ['.', '--max-warnings', '0'] },
      {
        script: bin('dependency-cruiser/bin/dependency-cruise.mjs'),
        args: ['src', 'webview', 'tools', 'test', '--config', '.dependency-cruiser.cjs'],
      },
    ],
    hasCounts: false,
    limitMinutes: 3,
  },
  {
    name: 'format',
    commands: () => [{ script: bin('prettier/bin/prettier.cjs'), args: ['--check', '.'] }],
    hasCounts: false,
    limitMinutes: 2,
  },
  {
    name: 'build',
    commands: () => [{ script: path.join(root, 'esbuild.mjs'), args: [] }],
    hasCounts: false,
    limitMinutes: 2,
  },
  { name: 'unit', commands: () => mocha('unit', 'property'), hasCounts: true, limitMinutes: 5 },
  { name: 'house', commands: () => mocha('house'), hasCounts: true, limitMinutes: 3, needs: 'build' },
  {
    name: 'session',
    commands: () => mocha('simulation', 'wire', 'session'),
    hasCounts: true,
    limitMinutes: 10,
    needs: 'build',
  },
  { name: 'web', commands: () => mocha('web'), hasCounts: true, limitMinutes: 5, needs: 'build' },
  { name: 'vscode', commands: () => [tsx('test/host/suite.ts')], hasCounts: true, limitMinutes: 12, needs: 'build' },
  { name: 'screens', commands: () => mocha('screens'), hasCounts: true, limitMinutes: 8, needs: 'build' },
];

async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter(name => !steps.some(step => step.name === name));
  if (unknown.length > 0)
    throw new Error(`Unknown step ${unknown.join(', ')}; the steps are ${steps.map(({ name }) => name).join(', ')}`);
  const chosen = steps.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  const rows: string[] = [];
  const failed = new Set<string>();
  for (const step of chosen) {
    const { isOk, says, counts, seconds } = await runStep(step, failed);
    if (!isOk) failed.add(step.name);
    total.passed += counts.passed;
    // A step may fail without a failed test: by not running, by running out of time, or because it is no test run at all.
    total.failed += isOk ? 0 : Math.max(1, counts.failed);
    total.skipped += counts.skipped;
    rows.push(`${isOk ? 'ok    ' : 'FAILED'}  ${step.name.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s   ${says}`);
  }
  console.log(`\n${rows.join('\n')}\n`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  if (chosen.some(({ hasCounts }) => hasCounts))
    console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  if (total.failed > 0) process.exitCode = 1;
}

interface Outcome {
  isOk: boolean;
  says: string;
  counts: Counts;
  seconds: number;
}

async function runStep(step: Step, failed: ReadonlySet<string>): Promise<Outcome> {
  const none: Counts = { passed: 0, failed: 0, skipped: 0 };
  if (step.needs !== undefined && failed.has(step.needs))
    return { isOk: false, says: `did not run: ${step.needs} failed`, counts: none, seconds: 0 };
  console.log(`\n── ${step.name} ${'─'.repeat(70 - step.name.length)}`);
  const start = performance.now();
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'dronebot-test-'));
  const countsFile = path.join(scratch, 'counts.jsonl');
  try {
    let problem: string | undefined;
    const deadline = start + step.limitMinutes * 60_000;
    // The second command of a step runs even if the first has found something: both lists are wanted.
    for (const command of step.commands()) problem = (await runCommand(command, countsFile, deadline)) ?? problem;
    const counts = step.hasCounts ? readCounts(countsFile) : none;
    if (step.hasCounts && counts.passed + counts.failed === 0) problem ??= 'ran no test';
    if (counts.failed > 0) problem ??= `${counts.failed} failed`;
    const tally = step.hasCounts ? `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped` : '';
    const says = [tally, problem].filter(part => part !== undefined && part !== '').join('; ');
    return { isOk: problem === undefined, says, counts, seconds: (performance.now() - start) / 1000 };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Resolves with what went wrong, or nothing. The output goes straight to the terminal. */
function runCommand({ script, args }: Command, countsFile: string, deadline: number): Promise<string | undefined> {
  return new Promise(resolve => {
    const { FORCE_COLOR: _forced, NO_COLOR: _none, ...rest } = process.env;
    const colour = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' };
    const env = { ...rest, ...colour, DRONEBOT_COUNTS: countsFile };
    // On POSIX a group of its own, so that a step that hangs is ended with everything that it started.
    const isGroup = process.platform !== 'win32';
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: isGroup,
    });
    let ended: string | undefined;
    const kill = (why: string) => {
      ended = why;
      try {
        if (isGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
        else child.kill();
      } catch {
        // It has ended in the meantime.
      }
    };
    const timer = setTimeout(() => kill('ran out of time'), deadline - performance.now());
    const onInterrupt = () => kill('interrupted');
    process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
    const finish = (problem: string | undefined) => {
      clearTimeout(timer);
      process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
      if (ended === 'interrupted') process.exit(130);
      resolve(ended ?? problem);
    };
    child.once('error', error => finish(error.message));
    child.once('exit', (code, signal) =>
      finish(code === 0 ? undefined : `ended with ${signal ?? `exit code ${code}`}`),
    );
  });
}

function readCounts(file: string): Counts {
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  if (!existsSync(file)) return total;
  for (const line of readFileSync(file, 'utf8')
    .split('\n')
    .filter(text => text !== '')) {
    const { passed, failed, skipped } = JSON.parse(line) as Counts;
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

function hasFiles(folder: string, ending: string): boolean {
  const full = path.join(root, folder);
  return existsSync(full) && readdirSync(full, { recursive: true }).some(name => String(name).endsWith(ending));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
