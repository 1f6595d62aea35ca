/**
 * The simulator alone, for other programs that speak the TWS protocol: asks for port, kind of day and speed, listens on the
 * loopback, and shows in an output channel of its own who comes and what is executed. It trades nothing of Dronebot's.
 */
import * as vscode from 'vscode';
import { marketKinds, marketKindTexts, type MarketKind } from '../gateway/marketKinds';
import type { SimulatorOptions } from '../gateway/worker';
import type { Configuration } from './configuration';
import { Emitter, Owner } from './emitter';
import { closeGateway, launchGateway, type GatewayThread } from './gatewayThread';

const HOST = '127.0.0.1';
const DEFAULT_PORT = 4002;
const LAST_PORT = 'simulator.port';
const SPEEDS = [1, 10, 60] as const;

export interface StandaloneAnswers {
  port: number;
  market: MarketKind;
  speed: number;
}

export class StandaloneSimulator extends Owner {
  private readonly channel: vscode.OutputChannel;
  private readonly changes = this.own(new Emitter<boolean>());
  readonly onChange = this.changes.event;
  private running: GatewayThread | null = null;

  constructor(
    private readonly distFolder: string,
    private readonly configuration: Configuration,
    private readonly memory: vscode.Memento,
  ) {
    super();
    this.channel = this.own(vscode.window.createOutputChannel('Dronebot: Simulator'));
  }

  get isRunning(): boolean {
    return this.running !== null;
  }

  override dispose(): void {
    void this.running?.worker.terminate();
    super.dispose();
  }

  /** Without answers a person is asked; whoever leaves a question starts nothing. */
  async start(given?: StandaloneAnswers): Promise<void> {
    if (this.running !== null) return this.channel.show(true);
    const answers = given ?? (await this.ask());
    if (answers === undefined) return;
    const { seed, date, startTime } = this.configuration.simulator(0);
    const options: SimulatorOptions = { seed, date, startTime, host: HOST, ...answers };
    try {
      this.running = await launchGateway(this.distFolder, options, text => this.channel.appendLine(text));
    } catch (error) {
      return this.explain(error instanceof Error ? error.message : String(error), answers);
    }
    const { port, worker } = this.running;
    worker.once('exit', () => {
      this.running = null;
      this.channel.appendLine('Ended');
      this.changes.fire(false);
    });
    await this.memory.update(LAST_PORT, port);
    this.changes.fire(true);
    this.channel.appendLine(
      `Simulated gateway on ${HOST}:${port}, ${date} ${startTime} New York, ${speedText(answers.speed)}, a day of the kind “${answers.market}”, seed ${seed}. ` +
        'Point a client at it as at a paper account, with any client id. “Dronebot: Stop Simulator” ends it.',
    );
    this.channel.show(true);
  }

  async stop(): Promise<void> {
    if (this.running !== null) await closeGateway(this.running);
  }

  private async ask(): Promise<StandaloneAnswers | undefined> {
    const title = 'Start Simulator';
    const port = await vscode.window.showInputBox({
      title: `${title} (1/3)`,
      prompt: `Port on ${HOST} for other programs; IB Gateway’s paper port is ${DEFAULT_PORT}, TWS’s 7497`,
      value: String(this.memory.get<number>(LAST_PORT, DEFAULT_PORT)),
      validateInput: text =>
        readPort(text) === null ? `Expected a whole number from 1 to 65535, found “${text}”` : null,
    });
    if (port === undefined) return undefined;
    const market = await vscode.window.showQuickPick(
      marketKinds.map(label => ({ label, description: marketKindTexts[label] })),
      { title: `${title} (2/3)`, placeHolder: 'Kind of day' },
    );
    if (market === undefined) return undefined;
    const speed = await vscode.window.showQuickPick(
      SPEEDS.map(value => ({ label: speedText(value), value })),
      { title: `${title} (3/3)`, placeHolder: 'Speed of its clock' },
    );
    return speed && { port: readPort(port) ?? DEFAULT_PORT, market: market.label, speed: speed.value };
  }

  private async explain(text: string, answers: StandaloneAnswers): Promise<void> {
    const another = 'Another port…';
    const isTaken = text.includes('EADDRINUSE');
    const message = isTaken
      ? `Another program listens on ${HOST}:${answers.port}. Stop it, or choose another port.`
      : `The simulator did not start: ${text}`;
    if ((await vscode.window.showErrorMessage(message, another)) === another) await this.start();
  }
}

const speedText = (speed: number): string => (speed === 1 ? 'real time' : `${speed}× real time`);

function readPort(text: string): number | null {
  const port = Number(text.trim());
  return /^\d{1,5}$/.test(text.trim()) && 1 <= port && port <= 65_535 ? port : null;
}
