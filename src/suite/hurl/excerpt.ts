// Lines of a Hurl file as its reports show them: a frame with line numbers, and places in the columns of a
// terminal. Knows neither what is wrong with a line nor how it is coloured.

import { columnsOf } from "../../text/columns.ts";

/** What stands at the left of a report's lines. */
export interface Frame {
  /** Before the place's name. */
  readonly arrow: string;
  /** Before a line without a number. */
  readonly bar: string;
  /** Before the line with this number. */
  readonly numbered: (line: number) => string;
  /** Before a line of a note below the report; the first one has a sign. */
  readonly note: (first: boolean) => string;
}

/** The frame for a file, as wide as its largest line number and two digits at least. */
export function frameOf(text: string, paint: (text: string) => string): Frame {
  const width = Math.max(2, String(lineCount(text)).length);
  const margin = " ".repeat(width);
  return {
    arrow: `${margin}${paint("-->")}`,
    bar: paint(`${margin} |`),
    numbered: (line) => paint(`${String(line).padStart(width)} |`),
    note: (first) => paint(`${margin} ${first ? "=" : " "}`),
  };
}

/** A line of a text, from 1, without what ends it and without a byte order mark. */
export function lineAt(text: string, line: number): string {
  const shown = text.split("\n")[line - 1] ?? "";
  return shown.replace(/^\uFEFF/, "").replace(/\r$/, "");
}

/** As much space as a text takes in a terminal, its tabs kept. */
export function blankOf(text: string): string {
  return [...text].map((char) => (char === "\t" ? "\t" : " ".repeat(columnsOf(char)))).join("");
}

function lineCount(text: string): number {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? Math.max(1, lines.length - 1) : lines.length;
}
