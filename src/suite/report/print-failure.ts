// A failure as Hurl's users know it: a title, the place, the entry's request line, the line with what is wrong
// below it. It prints nothing itself, and gets its colours and the secrets' eraser handed in.

import { columnsOf } from "../../text/columns.ts";
import { printable, printableLine } from "../../text/printable.ts";
import type { Failure } from "../failure.ts";
import { blankOf, type Frame, frameOf, lineAt } from "../hurl/excerpt.ts";
import type { ErrorPainter } from "../hurl/print-error.ts";
import type { Span } from "../hurl/tree.ts";
import type { SuiteFile } from "../run/outcome.ts";
import { difference, type Hunk, omittedLines } from "./difference.ts";
import { type ReaderLanguage, reasonAbove } from "./reasons.ts";
import { shortLine, shortLines, shownFrom } from "./short-lines.ts";
import { sourceLines } from "./source-lines.ts";

/** Colours for a difference, too: `missing` for what was expected, `present` for what came. Default `problem`. */
export interface FailurePainter extends ErrorPainter {
  readonly missing?: (text: string) => string;
  readonly present?: (text: string) => string;
}

/** How a failure is shown, and which of a file's reasons its reader reads (default: English). */
export interface FailureLook extends FailurePainter {
  readonly language?: ReaderLanguage;
}

const PLAIN: FailureLook = { title: same, frame: same, problem: same };

/** Where a failure is said to be, and the lines that say what it is. */
interface Account {
  readonly line: number;
  readonly column: number;
  readonly lines: readonly string[];
}

interface Page {
  readonly text: string;
  /** Of the file, as they may be shown. */
  readonly lines: readonly string[];
  readonly frame: Frame;
  readonly painter: FailurePainter;
  readonly redact: (text: string) => string;
}

/**
 * The lines of a report about `failure` in `file`, in the entry whose request is at `entrySource`; ends with a
 * newline. Everything goes through `redact` before it is laid out; the colours come last.
 */
export function printFailure(
  failure: Failure,
  file: SuiteFile,
  entrySource: Span,
  painter: FailureLook = PLAIN,
  redact: (text: string) => string = same,
): string {
  const page = pageOf(file, painter, redact);
  const { frame } = page;
  const { line, column, lines } = accountOf(failure, page);
  return [
    painter.title(`error: ${failure.title}`),
    `${frame.arrow} ${printableLine(redact(file.name))}:${line}:${column}`,
    frame.bar,
    ...entryLines(entrySource.start.line, line, page),
    ...lines,
    frame.bar,
    ...reasonLines(reasonAbove(file.text, failure.source.start.line, painter.language ?? "en"), page),
    "",
  ].join("\n");
}

const REASON_COLUMNS = 76;

/** What the file's author wrote above the line, in lines of a width that can be read. */
function reasonLines(reason: string | undefined, { frame, redact }: Page): string[] {
  if (reason === undefined) return [];
  const lines: string[] = [];
  let line = "";
  for (const word of printableLine(redact(reason)).split(" ")) {
    if (line !== "" && columnsOf(`${line} ${word}`) > REASON_COLUMNS) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((text, index) => `${frame.note(index === 0)} ${text}`);
}

/** Where printFailure() says that the failure is; the column is 0 for a whole line. */
export function failurePlace(
  failure: Failure,
  file: SuiteFile,
  redact: (text: string) => string = same,
): { readonly line: number; readonly column: number } {
  const { line, column } = accountOf(failure, pageOf(file, PLAIN, redact));
  return { line, column };
}

function pageOf({ text }: SuiteFile, painter: FailurePainter, redact: (text: string) => string): Page {
  return { text, lines: sourceLines(text, redact), frame: frameOf(text, painter.frame), painter, redact };
}

function entryLines(entry: number, line: number, page: Page): string[] {
  if (entry >= line) return [];
  const request = `${page.frame.bar} ${sourceLine(entry, page)}`;
  return entry + 1 === line ? [request] : [request, `${page.frame.bar} ...`];
}

function accountOf(failure: Failure, page: Page): Account {
  const { detail, source } = failure;
  switch (detail.form) {
    case "caret":
      return caretAccount(source, detail.text, page);
    case "values":
      return valuesAccount(source, detail, page);
    case "difference":
      return differenceAccount(source, detail, page);
  }
}

function caretAccount(source: Span, text: string, page: Page): Account {
  const { line, column } = source.start;
  const { shown, before, marked } = markedLine(source, page);
  const carets = "^".repeat(Math.max(1, columnsOf(marked)));
  const indent = blankOf(before);
  const [first = "", ...others] = shortLines(printable(page.redact(text)));
  const { bar, numbered } = page.frame;
  return {
    line,
    column,
    lines: [
      `${numbered(line)} ${shown}`,
      `${bar} ${indent}${page.painter.problem(`${carets} ${first}`)}`,
      ...others.map((other) => `${bar} ${indent}${blankOf(carets)} ${page.painter.problem(other)}`),
    ],
  };
}

// The whole line is what is wrong, and Hurl says so with column 0.
function valuesAccount(
  source: Span,
  detail: { readonly actual: string; readonly expected: string; readonly remark?: string | undefined },
  page: Page,
): Account {
  const { line } = source.start;
  const { painter, frame } = page;
  const rows = (label: string, text: string): string[] => {
    const [first = "", ...others] = shortLines(printable(page.redact(text)));
    return [`   ${painter.problem(`${label}${first}`)}`, ...others.map((other) => painter.problem(other))];
  };
  const said = [
    ...rows("actual:   ", detail.actual),
    ...rows("expected: ", detail.expected),
    ...(detail.remark === undefined ? [] : rows(">>> ", detail.remark)),
  ];
  return {
    line,
    column: 0,
    lines: [`${frame.numbered(line)} ${sourceLine(line, page)}`, ...said.map((row) => `${frame.bar}${row}`)],
  };
}

/** Differing lines shown in a terminal. */
const MOST_DIFFERING = 40;

/** Every stretch that differs, below the line of the file that it begins in. */
function differenceAccount(
  source: Span,
  detail: { readonly actual: string; readonly expected: string },
  page: Page,
): Account {
  const { hunks, omitted } = difference(page.redact(detail.expected), page.redact(detail.actual), {
    context: 0,
    mostLines: MOST_DIFFERING,
  });
  const { bar, numbered } = page.frame;
  const lineOf = lineFinder(source, page.text);
  const first = hunks[0] === undefined ? source.start.line : lineOf(hunks[0]);
  const lines: string[] = [];
  let shown: number | undefined;
  for (const hunk of hunks) {
    const line = lineOf(hunk);
    if (shown !== undefined) lines.push(`${bar} ...`);
    if (line !== shown) lines.push(`${numbered(line)} ${sourceLine(line, page)}`);
    lines.push(...hunkRows(hunk, page.painter).map((row) => `${bar}   ${row}`));
    shown = line;
  }
  if (hunks.length === 0) lines.push(`${numbered(first)} ${sourceLine(first, page)}`);
  if (omitted > 0) lines.push(`${bar}   ${page.painter.problem(omittedLines(omitted))}`);
  return { line: first, column: first === source.start.line ? source.start.column : 1, lines };
}

function hunkRows({ lines }: Hunk, painter: FailurePainter): string[] {
  return lines.map(({ sign, text }) => {
    const row = `${sign}${printable(text)}`;
    if (sign === "-") return (painter.missing ?? painter.problem)(row);
    return sign === "+" ? (painter.present ?? painter.problem)(row) : row;
  });
}

/**
 * The file's line for a stretch of the expected text. A text between "```" begins on the line below; what is only
 * added stands below the line before it; a text that comes from a file or a variable ends where its source does.
 */
function lineFinder(source: Span, text: string): (hunk: Hunk) => number {
  const first = text.slice(source.start.offset, source.end.offset).split("\n", 1)[0] ?? "";
  const begin = source.start.line + (/^```[a-z0-9, \t]*\r?$/.test(first) ? 1 : 0);
  return ({ expectedLine, lines }) => {
    const onlyAdded = lines.every(({ sign }) => sign !== "-");
    const line = begin + (onlyAdded ? Math.max(0, expectedLine - 1) : expectedLine);
    return Math.max(source.start.line, Math.min(line, source.end.line));
  };
}

function sourceLine(line: number, { lines }: Page): string {
  return shortLine(printable(lines[line - 1] ?? ""));
}

/** The line at which a source begins, what stands before the source, and what of it is on this line. */
function markedLine(
  { start, end }: Span,
  { text, lines, redact }: Page,
): { readonly shown: string; readonly before: string; readonly marked: string } {
  const characters = [...lineAt(text, start.line)];
  // Of a source of several lines, Hurl marks the beginning.
  const to = end.line === start.line ? end.column - 1 : start.column;
  const before = characters.slice(0, start.column - 1).join("");
  const marked = characters.slice(start.column - 1, to).join("");
  const shown = printable(lines[start.line - 1] ?? "");
  const redacted = printable(redact(before));
  // A secret that reaches over the border is erased in the whole line only.
  if (!shown.startsWith(redacted)) return { shown: shortLine(shown), before: "", marked: "" };
  const from = shownFrom(shown, redacted.length);
  return {
    shown: shortLine(shown, redacted.length),
    before: from === 0 ? redacted : `…${redacted.slice(from)}`,
    marked: shortLine(printable(redact(marked))),
  };
}

function same(text: string): string {
  return text;
}
