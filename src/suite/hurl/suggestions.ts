// "Did you mean": the known name that is one slip of the fingers away. Knows only names.

/** "Did you mean X?", or else all that is allowed. */
export function suggestion(known: readonly string[], written: string): string {
  const meant = known.find((name) => withinOneEdit(name.toLowerCase(), written.toLowerCase()));
  return meant === undefined ? `Valid values are ${known.join(", ")}` : `Did you mean ${meant}?`;
}

/** Whether one character put in, left out or replaced turns one name into the other. */
function withinOneEdit(one: string, other: string): boolean {
  const shorter = Math.min(one.length, other.length);
  let head = 0;
  while (head < shorter && one[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  return Math.max(one.length, other.length) - head - tail <= 1;
}
