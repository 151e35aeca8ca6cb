// A fault in a Hurl file as Hurl's users know it: what was being read, the line, and a caret under the column.
// It prints nothing itself, and gets its colours handed in.
import type { HurlSyntaxError } from "./errors.ts";

/** How parts of the report are coloured; each adds its codes to a text or leaves it as it is. */
export interface ErrorPainter {
  readonly title: (text: string) => string;
  readonly frame: (text: string) => string;
  readonly problem: (text: string) => string;
}

const PLAIN: ErrorPainter = { title: same, frame: same, problem: same };

/** The lines of a report about `error` in the file `name` with the text `text`; ends with a newline. */
export function printHurlError(
  error: HurlSyntaxError,
  name: string,
  text: string,
  painter: ErrorPainter = PLAIN,
): string {
  const { line, column } = error.position;
  const number = String(line);
  const margin = " ".repeat(number.length);
  const shown = lineAt(text, line);
  const bar = painter.frame(`${margin}  |`);
  return [
    painter.title(`error: ${error.description}`),
    `${margin} ${painter.frame("-->")} ${name}:${number}:${column}`,
    bar,
    `${painter.frame(` ${number} |`)} ${shown}`,
    `${bar} ${indentTo(shown, column)}${painter.problem(`^ ${error.expected}`)}`,
    bar,
    "",
  ].join("\n");
}

function same(text: string): string {
  return text;
}

function lineAt(text: string, line: number): string {
  const shown = text.split("\n")[line - 1] ?? "";
  return shown.replace(/^\uFEFF/, "").replace(/\r$/, "");
}

/** As much space as the characters before `column` take in a terminal. */
function indentTo(line: string, column: number): string {
  return [...line]
    .slice(0, column - 1)
    .map((char) => (char === "\t" ? "\t" : " ".repeat(cells(char))))
    .join("");
}

// East Asian wide characters and emoji take two cells (Unicode Standard Annex 11); marks that combine take none.
function cells(char: string): number {
  if (/^\p{M}$/u.test(char)) return 0;
  return /^[\p{sc=Hangul}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]$/u.test(
    char,
  )
    ? 2
    : 1;
}
