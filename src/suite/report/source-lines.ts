// The lines of a file's text as they may be shown: without secrets, those of several lines, too.

const HIDDEN = "***";

/** A line for each line of the text, without what ends it and without a byte order mark. */
export function sourceLines(text: string, redact: (text: string) => string): string[] {
  const lines = linesOf(text);
  const redacted = linesOf(redact(text));
  if (redacted.length === lines.length) return redacted;
  // A secret of several lines has become one: what is not there any more was part of it.
  const left = new Set(redacted);
  return lines.map((line) => redact(line)).map((line) => (left.has(line) ? line : HIDDEN));
}

function linesOf(text: string): string[] {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  return lines.length > 1 && lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}
