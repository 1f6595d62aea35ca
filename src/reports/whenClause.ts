/**
 * The conditions of the manifest (`enablement` and `when`) for people: which parts of one do not hold now. It knows the
 * grammar that the manifest uses (names, `!`, `==`, `!=`, `&&`, `||`), so that the launcher says why a command is grey
 * without a second copy of the rule.
 */

/** Values of context keys; a key that nobody has set is absent. */
export type Context = Readonly<Record<string, string | boolean | undefined>>;

/** The parts that would have to change, as written; empty when the condition holds. Of alternatives the last one's. */
export function unmetParts(when: string, context: Context): string[] {
  let unmet: string[] = [];
  for (const alternative of when.split('||')) {
    unmet = alternative
      .split('&&')
      .map(part => part.trim())
      .filter(part => part !== '' && !holds(part, context));
    if (unmet.length === 0) return [];
  }
  return unmet;
}

/** Every part of a condition, for a test that has words for each. */
export const partsOf = (when: string): string[] =>
  when
    .split(/\|\||&&/)
    .map(part => part.trim())
    .filter(part => part !== '');

function holds(part: string, context: Context): boolean {
  const [, key = '', operator, value = ''] = /^(!?[\w.]+)(?:\s*(==|!=)\s*(\S+))?$/.exec(part) ?? [];
  if (operator === undefined) return key.startsWith('!') ? !context[key.slice(1)] : Boolean(context[key]);
  const isEqual = String(context[key] ?? '') === value.replace(/^'|'$/g, '');
  return operator === '==' ? isEqual : !isEqual;
}
