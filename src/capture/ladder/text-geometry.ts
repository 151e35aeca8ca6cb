// Where the columns of the terminal picture stand, and whether they fit beside each other.

import { columnsOf } from "../../text/columns.ts";
import { endpointText } from "./endpoints.ts";
import type { Column, Ladder } from "./ladder.ts";
import { wholeWidth } from "./text-label.ts";
import { AROUND_LABEL } from "./text-lines.ts";

export interface Geometry {
  readonly width: number;
  /** The columns of the lifelines. */
  readonly lifelines: readonly number[];
  /** Whether the states stand outside of the arrows, on their lines; else they get lines of their own inside. */
  readonly statesOutside: boolean;
}

/** The time, and a space. */
export const GUTTER = 13;
/** The longest state, SYN-RECEIVED, and a space. */
const STATE = 13;
/** The least between two lifelines: `GET /Pingping HTTP/1.1` on an arrow. */
const LEAST_GAP = 28;
/** Arrows are not drawn longer than the longest label needs, but for a short one they are not drawn shorter. */
const USUAL_GAP = 39;

/** The least width that a picture of one connection takes. */
export const LEAST_WIDTH: number = GUTTER + LEAST_GAP + 2;

/** Where so many columns stand with a gap of `wanted` at most; undefined when they do not fit beside each other. */
export function geometryOf(count: number, width: number, wanted: number): Geometry | undefined {
  const outside = gapBetween(count, width - GUTTER - 2 * STATE);
  if (outside >= LEAST_GAP) return place(count, GUTTER + STATE, Math.min(outside, wanted), width, true);
  const inside = gapBetween(count, width - GUTTER);
  if (inside < LEAST_GAP) return undefined;
  return place(count, GUTTER, Math.min(inside, wanted), width, false);
}

function gapBetween(count: number, room: number): number {
  return Math.floor((room - count) / (count - 1));
}

function place(count: number, first: number, gap: number, width: number, statesOutside: boolean): Geometry {
  const lifelines = Array.from({ length: count }, (_, i) => first + i * (gap + 1));
  return { width, lifelines, statesOutside };
}

/** The gap that the longest label and head of a ladder want. */
export function wantedGap({ rows, columns }: Ladder): number {
  const labels = rows.map(({ label }) => wholeWidth(label) + AROUND_LABEL);
  const heads = columns.map((column) => columnsOf(headOf(column)) + 2);
  return [...labels, ...heads].reduce((most, one) => Math.max(most, one), USUAL_GAP);
}

/** What stands over a column. */
export function headOf(column: Column): string {
  const endpoint = endpointText(column);
  return column.name === undefined ? endpoint : `${column.name} (${endpoint})`;
}
