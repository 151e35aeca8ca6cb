// As much of a long text as can be read.

/** A line longer than this is nothing to read. */
const MOST_CHARACTERS = 2000;
/** More lines than these are nothing to read in a terminal. */
const MOST_LINES = 100;

/** Where the part of a very long line begins that shows the character at `from`; 0 for any other line. */
export function shownFrom(line: string, from: number): number {
  return line.length <= MOST_CHARACTERS || from < MOST_CHARACTERS - 100 ? 0 : from - 100;
}

/** The part of a line that shows the character at `from`, with an ellipsis for what is left out. */
export function shortLine(line: string, from: number = 0): string {
  const start = shownFrom(line, from);
  const end = start + MOST_CHARACTERS;
  return `${start === 0 ? "" : "…"}${line.slice(start, end)}${end < line.length ? "…" : ""}`;
}

/** The lines of a text, as many and as much of each as can be read. */
export function shortLines(text: string): string[] {
  const lines = text.split("\n");
  const shown = lines.slice(0, MOST_LINES).map((line) => shortLine(line));
  return lines.length > MOST_LINES ? [...shown, `… and ${lines.length - MOST_LINES} more lines`] : shown;
}
