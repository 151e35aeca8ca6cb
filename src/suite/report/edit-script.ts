// Which lines make one text into another: E. W. Myers, "An O(ND) difference algorithm and its variations", 1986.
// Knows lists and nothing of texts.

/** A stretch of `a` that a stretch of `b` stands in place of; one of the two may be empty. Ends are exclusive. */
export interface Change {
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

// Memory grows with the square of the differences: 600 of them take 1.5 MB. More than that nobody reads.
const MOST_DIFFERENCES = 600;
/** Lines on either side between the first difference and the last one; time grows with them. */
const MOST_LINES = 50_000;

/** The changes from `a` to `b`, in order. Lists that have very little in common come as one change. */
export function changesBetween(a: readonly string[], b: readonly string[]): Change[] {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  if (start === a.length - end && start === b.length - end) return [];
  const script = shortestScript(a.slice(start, a.length - end), b.slice(start, b.length - end));
  if (script === undefined) return [{ aFrom: start, aTo: a.length - end, bFrom: start, bTo: b.length - end }];
  return script.map(({ aFrom, aTo, bFrom, bTo }) => ({
    aFrom: aFrom + start,
    aTo: aTo + start,
    bFrom: bFrom + start,
    bTo: bTo + start,
  }));
}

/** Undefined when it would be too long to be worth finding. */
function shortestScript(a: readonly string[], b: readonly string[]): Change[] | undefined {
  if (Math.max(a.length, b.length) > MOST_LINES) return undefined;
  // How far each diagonal k = x - y reaches, after each number of differences.
  const rounds: Int32Array[] = [];
  const reach = new Int32Array(2 * MOST_DIFFERENCES + 3);
  const zero = MOST_DIFFERENCES + 1;
  for (let d = 0; d <= MOST_DIFFERENCES; d++) {
    rounds.push(reach.slice(zero - d - 1, zero + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const below = reach[zero + k - 1] as number;
      const above = reach[zero + k + 1] as number;
      let x = k === -d || (k !== d && below < above) ? above : below + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach[zero + k] = x;
      if (x >= a.length && x - k >= b.length) return walkBack(a.length, b.length, rounds);
    }
  }
  return undefined;
}

/** `rounds[d]` is what was reached before round `d`, on the diagonals from -d-1 to d+1. */
function walkBack(aLength: number, bLength: number, rounds: readonly Int32Array[]): Change[] {
  const changes: Change[] = [];
  let x = aLength;
  let y = bLength;
  for (let d = rounds.length - 1; d > 0; d--) {
    const reach = rounds[d] as Int32Array;
    const at = (k: number): number => reach[k + d + 1] as number;
    const k = x - y;
    const added = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const aTo = added ? at(k + 1) : at(k - 1) + 1;
    const bTo = aTo - k;
    const change = { aFrom: added ? aTo : aTo - 1, aTo, bFrom: added ? bTo - 1 : bTo, bTo };
    prepend(changes, change);
    x = change.aFrom;
    y = change.bFrom;
  }
  return changes.reverse();
}

/** `changes` is in reverse: the last one is the first in the texts. */
function prepend(changes: Change[], change: Change): void {
  const next = changes.at(-1);
  if (next !== undefined && next.aFrom === change.aTo && next.bFrom === change.bTo)
    changes[changes.length - 1] = { ...next, aFrom: change.aFrom, bFrom: change.bFrom };
  else changes.push(change);
}
