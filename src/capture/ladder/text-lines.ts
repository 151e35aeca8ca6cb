// The lines of the terminal picture: spans of text at columns, lifelines where there is none.

import { columnsOf } from "../../text/columns.ts";

export type LadderStyle = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Colours, or nothing, around a text. They may only say again what the text says, too. */
export type LadderPaint = (style: LadderStyle, text: string) => string;

/** A text at a column; spans of one line do not overlap. */
export interface Span {
  readonly at: number;
  readonly text: string;
  readonly style?: LadderStyle | undefined;
}

export interface Glyphs {
  readonly lifeline: string;
  readonly crossing: string;
  readonly toRight: string;
  readonly toLeft: string;
  /** What a shaft is made of, repeated. */
  readonly solid: string;
  readonly dashed: string;
}

// None of them is wide in any terminal that is not told to take all ambiguous ones for wide, and none is an emoji.
export const UNICODE: Glyphs = {
  lifeline: "│",
  crossing: "┼",
  toRight: "►",
  toLeft: "◄",
  solid: "─",
  dashed: "╌",
};

export const ASCII: Glyphs = {
  lifeline: "|",
  crossing: "+",
  toRight: ">",
  toLeft: "<",
  solid: "-",
  dashed: "- ",
};

/** A line with its spans, and a lifeline at each column that no span covers. */
export function lineOf(
  spans: readonly Span[],
  lifelines: readonly number[],
  glyphs: Glyphs,
  paint: LadderPaint,
): string {
  const all: Span[] = spans.filter(({ text }) => text !== "");
  for (const at of lifelines) {
    if (!spans.some((span) => span.at <= at && at < span.at + columnsOf(span.text))) {
      all.push({ at, text: glyphs.lifeline, style: "dim" });
    }
  }
  all.sort((one, other) => one.at - other.at);
  let line = "";
  let at = 0;
  for (const span of all) {
    line += " ".repeat(Math.max(0, span.at - at));
    line += span.style === undefined ? span.text : paint(span.style, span.text);
    at = span.at + columnsOf(span.text);
  }
  return line;
}

export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly style: LadderStyle | undefined;
  readonly dashed: boolean;
}

/**
 * The columns between two lifelines where an arrow's label stands: all of the arrow, or of one that crosses other lifelines
 * the part at its sender. `end` is behind the last.
 */
export function labelPlace(
  from: number,
  to: number,
  lifelines: readonly number[],
): { readonly start: number; readonly end: number } {
  const crossed = lifelines.filter((at) => Math.min(from, to) < at && at < Math.max(from, to));
  return to > from
    ? { start: from + 1, end: Math.min(to, ...crossed) }
    : { start: Math.max(to, ...crossed) + 1, end: from };
}

/** A piece of shaft and a space on each side, and the head. */
export const AROUND_LABEL = 5;

/** The spans of an arrow between two lifelines, with its label, crossing the lifelines on its way. */
export function arrowSpans(
  { from, to, label, style, dashed }: Arrow,
  lifelines: readonly number[],
  glyphs: Glyphs,
): Span[] {
  const toRight = to > from;
  const left = Math.min(from, to) + 1;
  const right = Math.max(from, to) - 1;
  // The shaft, without the head, from `start` to before `end`.
  const start = toRight ? left : left + 1;
  const end = toRight ? right : right + 1;
  const pattern = dashed ? glyphs.dashed : glyphs.solid;
  const shaft = (from: number, to: number): string =>
    Array.from({ length: Math.max(0, to - from) }, (_, i) => {
      const at = from + i;
      if (lifelines.includes(at)) return glyphs.crossing;
      // Counted from the head, so that no pattern has a hole before it.
      return pattern[(toRight ? end - 1 - at : at - start) % pattern.length];
    }).join("");
  const place = labelPlace(from, to, lifelines);
  const low = Math.max(start, place.start);
  const labelAt = low + Math.floor((Math.min(end, place.end) - low - columnsOf(label)) / 2);
  const labelEnd = labelAt + columnsOf(label);
  return [
    { at: left, text: `${toRight ? "" : glyphs.toLeft}${shaft(start, labelAt - 1)}`, style },
    { at: labelAt, text: label, style },
    { at: labelEnd + 1, text: `${shaft(labelEnd + 1, end)}${toRight ? glyphs.toRight : ""}`, style },
  ];
}
