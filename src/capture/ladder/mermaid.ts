// The ladder as a Mermaid sequence diagram, for pages that draw those.

import { printableLine } from "../../text/printable.ts";
import { captionOf } from "./caption.ts";
import type { Ladder, Row, States } from "./ladder.ts";
import { toldRows } from "./sections.ts";
import { placesOf } from "./sides.ts";
import { headOf } from "./text-geometry.ts";
import { titleOf } from "./text-label.ts";

export interface LadderMermaidOptions {
  /** Where the packets come from, for the caption. */
  readonly origin?: string;
}

/** A sequence diagram: solid arrows for what was captured, dotted ones for what was reconstructed. */
export function ladderMermaid(ladder: Ladder, { origin }: LadderMermaidOptions = {}): string {
  const lines = ["sequenceDiagram"];
  for (const sentence of captionOf(ladder, origin)) lines.push(`%% ${commentText(sentence)}`);
  for (const [i, column] of ladder.columns.entries()) {
    lines.push(`participant c${i} as ${mermaidText(headOf(column))}`);
  }
  for (const { row, before, isFirst } of toldRows(ladder)) {
    if (isFirst) lines.push(...noteOf(row, before, undefined));
    lines.push(`c${row.source}${row.reconstructed ? "-->>" : "->>"}c${row.destination}: ${wordsOf(row)}`);
    lines.push(...noteOf(row, row.states, before));
  }
  return lines.map((line, i) => `${i === 0 ? "" : "    "}${line}\n`).join("");
}

function wordsOf({ label }: Row): string {
  return mermaidText([titleOf(label), ...label.details].join(", "));
}

function noteOf(row: Row, states: States, before: States | undefined): string[] {
  if (before !== undefined && states.a === before.a && states.b === before.b) return [];
  const { left, right } = placesOf(row);
  const [first, second] = [left, right].map(({ side }) => states[side] ?? "unknown");
  return [`Note over c${left.column},c${right.column}: ${first} · ${second}`];
}

/**
 * A text in a diagram, without what ends a statement, begins a comment, an entity or a directive, or becomes HTML:
 * these become Mermaid's entities, a number between `#` and `;`.
 */
export function mermaidText(text: string): string {
  return printableLine(text).replace(
    /[#;<>&"'`{}\\$*_~[\]|]|%(?=[%{])|(?<=%)%/g,
    (character) => `#${character.charCodeAt(0)};`,
  );
}

/** Braces make a directive, even in a comment. */
function commentText(text: string): string {
  return printableLine(text).replace(/[{}]/g, "");
}
