/**
 * The known name next to a mistyped one. It serves "did you mean" and nothing that decides.
 */

/** The candidate within two edits (one for a name of up to three letters), the nearest first; null if there is none. */
export function nearestName<Name extends string>(found: string, candidates: readonly Name[]): Name | null {
  if (found.length > 20) return null;
  const lower = found.toLowerCase();
  let best: Name | null = null;
  let bestEdits = lower.length <= 3 ? 2 : 3;
  for (const candidate of candidates) {
    // A candidate that shares nothing but its length is no help: `x` is not `buy`.
    const edits = editsBetween(lower, candidate);
    if (edits < bestEdits && edits < candidate.length - 1) {
      best = candidate;
      bestEdits = edits;
    }
  }
  return best;
}

/** The Levenshtein distance, row by row. */
function editsBetween(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    let behind = row;
    const current = [behind];
    for (let column = 1; column <= right.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      behind = Math.min(replaced, (above[column] ?? 0) + 1, behind + 1);
      current.push(behind);
    }
    above = current;
  }
  return above[right.length] ?? 0;
}
