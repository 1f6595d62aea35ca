/**
 * The words for a session that did not end cleanly: the question, and the red item in the status bar until it is answered.
 */
import type { SessionSnapshot } from '../shared/protocol';
import { clockMinutes, count } from './format';
import type { StatusText } from './statusText';

export function interruptedText({ mode, accountTail, positions, t }: SessionSnapshot): {
  question: string;
  status: StatusText;
} {
  const held = count(positions, 'position');
  const since = clockMinutes(t);
  const question =
    positions === 0
      ? `The last session on ${mode} ${accountTail} did not end cleanly at ${since}. It held nothing.`
      : `${held} unprotected since ${since} on ${mode} ${accountTail}: the last session did not end cleanly.`;
  const text = positions === 0 ? `$(warning) ${mode} not resumed` : `$(warning) ${mode} ${positions} unprotected`;
  return { question, status: { text, tooltip: `${question} Click to choose.`, background: 'error' } };
}
