// A fault in a Hurl file as Hurl's users know it: what was being read, the line, and a caret under the column.
// It prints nothing itself, and gets its colours handed in.
import type { HurlSyntaxError } from "./errors.ts";
import { blankOf, frameOf, lineAt } from "./excerpt.ts";

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
  const frame = frameOf(text, painter.frame);
  const shown = lineAt(text, line);
  const before = [...shown].slice(0, column - 1).join("");
  return [
    painter.title(`error: ${error.description}`),
    `${frame.arrow} ${name}:${line}:${column}`,
    frame.bar,
    `${frame.numbered(line)} ${shown}`,
    `${frame.bar} ${blankOf(before)}${painter.problem(`^ ${error.expected}`)}`,
    frame.bar,
    "",
  ].join("\n");
}

function same(text: string): string {
  return text;
}
