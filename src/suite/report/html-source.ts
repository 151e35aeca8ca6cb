// A file's text as a page shows it: numbered lines in colours, and below those that failed what is wrong with them.

import type { FailureDetail } from "../failure.ts";
import type { Token } from "../hurl/tree.ts";
import type { FileOutcome } from "../run/outcome.ts";
import { unified } from "./difference.ts";
import { failuresOf } from "./failures.ts";
import type { Markup, Write } from "./markup.ts";
import { failurePlace } from "./print-failure.ts";
import { shortLines } from "./short-lines.ts";
import { sourceLines } from "./source-lines.ts";

/** The lines have the ids L1, L2 and so on. */
export function sourceMarkup(outcome: FileOutcome, write: Write): Markup {
  const lines = coloured(outcome, write);
  const notes = notesOf(outcome);
  return write`<div class="scroll"><div class="source">
${lines.map((line, i) => lineMarkup(line, i + 1, notes.get(i + 1) ?? [], write))}</div></div>`;
}

function lineMarkup(line: Markup, number: number, notes: readonly Note[], write: Write): Markup {
  const wrong = notes.length > 0 ? " wrong" : "";
  return write`<div class="row${wrong}" id="L${number}"><a href="#L${number}">${number}</a><code>${line}</code></div>
${notes.map((note) => noteMarkup(note, write))}`;
}

function noteMarkup({ title, lines }: Note, write: Write): Markup {
  const shown = lines.map((line) => {
    const side = SIDES.get(line.slice(0, 1));
    return side === undefined ? write`${line}\n` : write`<span class="${side}">${line}</span>\n`;
  });
  return write`<div class="note"><b>${title}</b>\n${shown}</div>\n`;
}

const SIDES: ReadonlyMap<string, string> = new Map([
  ["-", "removed"],
  ["+", "added"],
  [" ", "soft"],
]);

/** What is wrong with a line. */
interface Note {
  readonly title: string;
  readonly lines: readonly string[];
}

function notesOf(outcome: FileOutcome): Map<number, Note[]> {
  const notes = new Map<number, Note[]>();
  for (const { failure } of failuresOf(outcome)) {
    const { line } = failurePlace(failure, outcome.file, outcome.redact);
    const told = notes.get(line) ?? [];
    const { title } = failure;
    notes.set(line, [...told, { title, lines: noteLines(failure.detail, outcome.redact) }]);
  }
  return notes;
}

function noteLines(detail: FailureDetail, redact: (text: string) => string): string[] {
  switch (detail.form) {
    case "caret":
      return shortLines(redact(detail.text));
    case "values": {
      const { actual, expected, remark } = detail;
      const lines = [`actual:   ${redact(actual)}`, `expected: ${redact(expected)}`];
      if (remark !== undefined) lines.push(`>>> ${redact(remark)}`);
      return lines.flatMap(shortLines);
    }
    case "difference":
      return unified(redact(detail.expected), redact(detail.actual), { mostLines: 60 })
        .split("\n")
        .slice(0, -1);
  }
}

/** A secret may reach over tokens, so a text with one in it has no colours. */
function coloured({ file, redact }: FileOutcome, write: Write): Markup[] {
  if (redact(file.text) !== file.text) return sourceLines(file.text, redact).map((line) => write`${line}`);
  const lines: Markup[][] = [[]];
  for (const token of file.tree.tokens) {
    for (const [i, piece] of token.text.split("\n").entries()) {
      if (i > 0) lines.push([]);
      lines.at(-1)?.push(tokenMarkup(token, piece.replace(/\r$/, ""), write));
    }
  }
  if (file.text.endsWith("\n")) lines.pop();
  return lines.map((line) => write`${line}`);
}

function tokenMarkup({ kind }: Token, piece: string, write: Write): Markup {
  switch (kind) {
    case "bom":
      return write``;
    case "comment":
    case "keyword":
    case "mark":
    case "number":
      return write`<span class="t-${kind}">${piece}</span>`;
    case "space":
    case "newline":
    case "text":
      return write`${piece}`;
  }
}
