/**
 * `npm run bench`: every bench of test/bench in a process of its own, one after the other, then one table with what each figure
 * is held against, and the same as bench.json. It asserts no time: whoever reads it knows how busy the machine was.
 */
import { execFileSync, fork } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { tableText, type Table } from '../test/bench/harness';

const HELP = `Measures Dronebot beside what one would pick instead. Nothing is asserted.

  npm run bench                      everything, some five minutes on a quiet machine
  npm run bench -- --only NAME,…     some of it: NAMES
  npm run bench -- --out FILE        where the figures go besides the terminal      default bench.json
`;

const root = path.resolve(__dirname, '../..');
const folder = path.join(root, 'dist/bench');
/** From the quickest to the longest, so that something is there to read early; the one that starts VS Code last. */
const order = ['targets', 'snapshot', 'bars', 'simulator', 'replay', 'memory', 'order', 'dashboard', 'activation'];
const LIMIT_MS = 4 * 60_000;

interface Result {
  readonly name: string;
  readonly seconds: number;
  readonly tables: readonly Table[];
  readonly problem: string | null;
}

async function main(): Promise<number> {
  const names = readdirSync(folder)
    .filter(file => file.endsWith('.bench.js'))
    .map(file => file.slice(0, -'.bench.js'.length))
    .sort((left, right) => placeOf(left) - placeOf(right));
  const { values } = parseArgs({
    options: { only: { type: 'string' }, out: { type: 'string', default: 'bench.json' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(HELP.replace('NAMES', names.join(', ')));
    return 0;
  }
  const wanted = values.only?.split(',') ?? names;
  const unknown = wanted.filter(name => !names.includes(name));
  if (unknown.length > 0) {
    console.error(`Expected --only with names of ${names.join(', ')}, found ${unknown.join(', ')}`);
    return 2;
  }
  console.log(`${machineText()}\n`);
  const results: Result[] = [];
  for (const name of names.filter(each => wanted.includes(each))) {
    const result = await run(name);
    results.push(result);
    for (const table of result.tables) console.log(`${tableText(table)}\n`);
    if (result.problem !== null) console.log(`${name}: ${result.problem}\n`);
  }
  const busy = os.loadavg()[0] ?? 0;
  console.log(summary(results));
  console.log(`\nLoad of the machine at the end: ${busy.toFixed(1)} on ${os.cpus().length} cores.`);
  writeFileSync(values.out, `${JSON.stringify({ ...machine(), load: busy, results }, null, 1)}\n`);
  return results.some(({ problem }) => problem !== null) ? 1 : 0;
}

function run(name: string): Promise<Result> {
  const start = performance.now();
  return new Promise(resolve => {
    const tables: Table[] = [];
    const child = fork(path.join(folder, `${name}.bench.js`), [], {
      cwd: root,
      execArgv: ['--expose-gc', '--enable-source-maps'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let said = '';
    child.stderr?.on('data', (text: Buffer) => (said = (said + text.toString()).slice(-2000)));
    child.on('message', (message: { tables: Table[] }) => tables.push(...message.tables));
    const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      const ended = signal === null ? `exit code ${code}` : `signal ${signal}`;
      const problem = code === 0 && tables.length > 0 ? null : `did not come to an end (${ended})\n${said}`;
      resolve({ name, seconds: (performance.now() - start) / 1000, tables, problem });
    });
  });
}

function summary(results: readonly Result[]): string {
  const tables = results.flatMap(each => each.tables);
  const rows = tables.map(({ title, found, aim }) => `  ${title}\n      ${found}\n      aim: ${aim}`);
  const seconds = results.reduce((sum, each) => sum + each.seconds, 0);
  return `In short, after ${Math.round(seconds)} s:\n\n${rows.join('\n')}`;
}

function machine(): Record<string, string | number> {
  const [cpu] = os.cpus();
  return {
    when: new Date().toISOString(),
    commit: commit(),
    node: process.version,
    platform: `${os.platform()} ${os.arch()}`,
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: os.cpus().length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
  };
}

function machineText(): string {
  const { node, platform, cpu, cores, memoryGiB, commit: at } = machine();
  return `Node ${node}, ${platform}, ${cores} × ${cpu}, ${memoryGiB} GiB, ${at}`;
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return 'no git';
  }
}

/** One that nobody has put in a row comes last. */
function placeOf(name: string): number {
  const place = order.indexOf(name);
  return place === -1 ? order.length : place;
}

main().then(
  code => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
