// Measures of the SVG, in px.

import { columnsOf } from "../../text/columns.ts";
import type { Ladder } from "./ladder.ts";
import { headOf } from "./text-geometry.ts";
import { wholeWidth } from "./text-label.ts";

/** A column of characters, at 12 px. */
export const CHARACTER = 7.3;
/** From one line of text to the next. */
export const LINE = 17;
/** From one arrow to the next. */
export const ROW = 32;
export const PADDING = 16;
/** Where the times end. */
export const TIME_END: number = PADDING + 90;

const STATE = 112;
const LEAST_GAP = 300;
/** A label that needs more is cut: longer arrows are hard to follow. */
const MOST_FOR_LABELS = 560;

export interface SvgGeometry {
  readonly width: number;
  readonly lifelines: readonly number[];
}

export function svgGeometryOf({ rows, columns }: Ladder): SvgGeometry {
  const labels = rows.map(({ label }) => wholeWidth(label) * CHARACTER + 32);
  const heads = columns.map((column) => columnsOf(headOf(column)) * CHARACTER + PADDING);
  const longest = Math.min(MOST_FOR_LABELS, labels.reduce(larger, LEAST_GAP));
  const gap = Math.ceil(heads.reduce(larger, longest));
  const first = Math.ceil(larger(TIME_END + 10 + STATE, (heads[0] ?? 0) / 2));
  const count = Math.max(2, columns.length);
  const lifelines = Array.from({ length: count }, (_, i) => first + i * gap);
  const last = first + (count - 1) * gap;
  return { lifelines, width: last + Math.ceil(larger(STATE + PADDING, (heads.at(-1) ?? 0) / 2)) };
}

function larger(one: number, other: number): number {
  return Math.max(one, other);
}
