/**
 * What is said while the pre-session anchors are collected: how far it is, why it ended early, why it could not begin.
 */
import type { BrokerProblem } from '../broker/port';
import type { AnchorsProgress } from '../shared/anchors';
import type { Message } from './message';
import { problemMessage } from './problemText';

/** `AVAV, 3 of 9`. */
export function progressText({ symbol, done, of, stage, waitingMs }: AnchorsProgress): string {
  const where = stage === 'bars' ? `${done} of ${of}` : `day before, ${done} of ${of}`;
  if (waitingMs > 0) return `${where}; waiting ${Math.ceil(waitingMs / 1000)} s for IB's pacing`;
  return symbol === '' ? where : `${symbol}, ${where}`;
}

/** Why a run ended early, as a sentence; empty when it did not. */
export function endedText(ended: 'cancelled' | BrokerProblem | null): string {
  if (ended === null) return '';
  if (ended === 'cancelled') return 'Cancelled: what had come by then is shown.';
  return ended.code === 'linkLost'
    ? `The link to the gateway was lost (${ended.text}): what had come by then is shown.`
    : `The gateway ended the connection (${ended.code}): what had come by then is shown.`;
}

/** A connection that did not come about: the sentences of a session, with what a report does differently. */
export function connectTrouble(problem: BrokerProblem, t: number): Message {
  const again = { title: 'Try again', command: 'dronebot.anchors' };
  const settings = { title: 'Open settings', command: 'dronebot.openSettings' };
  if (problem.code === 'clientIdInUse') {
    const { host, port, clientId } = problem;
    const text =
      `Client id ${clientId} is in use at ${host}:${port} (code 326): reports use the session's id and 900 more. ` +
      'Another report may still be running there.';
    return { level: 'warning', text, buttons: [again, settings] };
  }
  if (problem.code === 'linkLost') {
    const text = `The gateway closed the connection before the first bars: ${problem.text}.`;
    return { level: 'error', text, buttons: [again] };
  }
  const message = problemMessage(problem, { t, positions: 0 });
  const buttons = message.buttons.map(each => (each.command === 'dronebot.start' ? again : each));
  return { ...message, buttons };
}
