/**
 * The edits of a "fix all": of each finding the first fix, where that is sure enough to be made without looking, and no two
 * over the same characters. What a first round only uncovers, the next one mends.
 */
import type { TextEdit } from './edit';
import type { Finding } from './findings';
import { findingFix } from './fixes';

export function safeEdits(findings: readonly Finding[]): TextEdit[] {
  const edits: TextEdit[] = [];
  for (const finding of findings) {
    const [fix] = findingFix(finding);
    if (fix?.isSafe !== true) continue;
    if (fix.edits.some(edit => edits.some(other => edit.start <= other.end && other.start <= edit.end))) continue;
    edits.push(...fix.edits);
  }
  return edits;
}
