// A typed line as words, and where its answer goes. Knows quotes and white space; what the words mean is in line.ts.

export interface Word {
  /** Without its quotes. */
  readonly text: string;
  /** Where it ends in the line. */
  readonly end: number;
}

/** Where the body of an answer goes instead of the screen. */
export type Destination =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "command"; readonly command: string };

interface Span {
  readonly from: number;
  /** Of the closing quote. */
  readonly to: number;
}

/**
 * Splits at white space. '…' and "…" hold a word together; in the latter \" and \\ are a quote and a backslash. A
 * quote behind a letter or a digit, and one that is never closed, is an ordinary character: "don't".
 */
export function splitWords(line: string): Word[] {
  const spans = quotedSpans(line);
  const words: Word[] = [];
  let text: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const span = spans.find(({ from }) => from === at);
    if (span !== undefined) {
      text = (text ?? "") + unquote(line.slice(span.from, span.to + 1));
      at = span.to;
    } else if (/\s/.test(line[at] as string)) {
      if (text !== undefined) words.push({ text, end: at });
      text = undefined;
    } else {
      text = (text ?? "") + line[at];
    }
  }
  if (text !== undefined) words.push({ text, end: line.length });
  return words;
}

/**
 * Takes `> file` or `| command` off the end of a line. The sign has white space on both sides and is in no quotes, and
 * a file is one word: "3 > 2 is true" is a text.
 */
export function takeDestination(line: string): {
  readonly line: string;
  readonly destination: Destination | undefined;
} {
  const spans = quotedSpans(line);
  for (const { index } of line.matchAll(/(?<=\s)[>|](?=\s)/g)) {
    if (spans.some(({ from, to }) => from < index && index < to)) continue;
    const before = line.slice(0, index).trimEnd();
    const behind = line.slice(index + 1).trim();
    if (behind === "" || before === "") continue;
    if (line[index] === "|") return { line: before, destination: { kind: "command", command: behind } };
    const [path, ...more] = splitWords(behind);
    if (path !== undefined && more.length === 0)
      return { line: before, destination: { kind: "file", path: path.text } };
  }
  return { line, destination: undefined };
}

function quotedSpans(line: string): Span[] {
  const spans: Span[] = [];
  for (let at = 0; at < line.length; at += 1) {
    const quote = line[at] as string;
    if ((quote !== '"' && quote !== "'") || /[\p{L}\p{N}]/u.test(line[at - 1] ?? "")) continue;
    const to = closingQuote(line, at, quote);
    if (to === undefined) continue;
    spans.push({ from: at, to });
    at = to;
  }
  return spans;
}

function closingQuote(line: string, from: number, quote: string): number | undefined {
  for (let at = from + 1; at < line.length; at += 1) {
    if (quote === '"' && line[at] === "\\") at += 1;
    else if (line[at] === quote) return at;
  }
  return undefined;
}

function unquote(quoted: string): string {
  const inner = quoted.slice(1, -1);
  return quoted.startsWith('"') ? inner.replace(/\\(["\\])/g, "$1") : inner;
}
