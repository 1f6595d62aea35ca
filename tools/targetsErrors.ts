/** The errors of a targets.txt as lines for a terminal. */
import type { Finding } from '../src/targets/findings';
import { findingText } from '../src/targets/messages';

/** `Line 3: buy must be 0.10 to 10.00 percent, found "60".`, one each. */
export function targetsErrors(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(finding => `Line ${finding.line + 1}: ${findingText(finding)}.`);
}
