/**
 * What standIn.cjs runs: the suite named on VS Code's command line, inside VS Code in the browser, with its exit code.
 */
import { runSuite } from './browser';
import { readCommandLine } from './commandLine';
import { ensureServer } from './install';

/** The workbench's own lines come the same way as the suite's; these say nothing about it. */
const chatter = new RegExp(
  '^(Ignoring fetching additional builtin|Updating additional builtin|Creating a socket|Resolv(ing|ed) connection token|' +
    '\\[reconnection-grace-time\\]|\\[Service Worker\\]|\\[AgentHost|\\[AccountPolicyGate\\]|' +
    'Creation of workbench contribution)',
);
const timeoutMs = 5 * 60_000;

export async function main(argv: readonly string[]): Promise<void> {
  const { extensionTestsPath, userDataDir, extensionsDir, ...target } = readCommandLine(argv);
  if (extensionTestsPath === undefined) throw new Error('Expected --extensionTestsPath, found none');
  ensureServer();
  const server = {
    ...(userDataDir === undefined ? {} : { userDataDir }),
    ...(extensionsDir === undefined ? {} : { extensionsDir }),
  };
  const write = (type: string, line: string) => {
    if (chatter.test(line) && process.env.VSCODE_HOST_VERBOSE === undefined) return;
    const stream = type === 'error' || type === 'warn' ? process.stderr : process.stdout;
    stream.write(`${line}\n`);
  };
  process.exitCode = await runSuite({ server, target: { ...target, extensionTestsPath }, timeoutMs, write });
}
