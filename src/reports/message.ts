/**
 * What a message to a person is made of: its words, how much attention it needs, and the buttons that help. The words themselves
 * are in problemText.ts (the broker's problems) and noticeText.ts (what the engine and the files report).
 */

export interface Button {
  readonly title: string;
  readonly command: string;
  readonly args?: readonly (string | number)[];
}

export interface Message {
  readonly text: string;
  /** `log`: written to the log and shown nowhere else. */
  readonly level: 'error' | 'warning' | 'info' | 'log';
  /** The first is the safe one. */
  readonly buttons: readonly Button[];
}

export const SETTINGS: Button = { title: 'Open settings', command: 'dronebot.openSettings', args: ['gateway'] };
export const RETRY: Button = { title: 'Try again', command: 'dronebot.start' };
export const DASHBOARD: Button = { title: 'Show dashboard', command: 'dronebot.openDashboard' };
export const LOG: Button = { title: 'Show log', command: 'dronebot.showLog' };
export const show = (symbol: string): Button => ({ title: `Show ${symbol}`, command: 'dronebot.why', args: [symbol] });
export const line = (symbol: string): Button => ({
  title: 'Open its line',
  command: 'dronebot.openLine',
  args: [symbol],
});

export const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
export const error = (text: string, ...buttons: Button[]): Message => ({ text, level: 'error', buttons });
export const warning = (text: string, ...buttons: Button[]): Message => ({ text, level: 'warning', buttons });
export const log = (text: string): Message => ({ text, level: 'log', buttons: [] });
