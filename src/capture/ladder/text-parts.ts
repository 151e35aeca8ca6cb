// Parts of the terminal picture: the heads of the columns, the states at the sides, the styles of the arrows.

import { columnsOf } from "../../text/columns.ts";
import type { Row, States } from "./ladder.ts";
import { type Place, placesOf } from "./sides.ts";
import type { Geometry } from "./text-geometry.ts";
import { cut } from "./text-label.ts";
import type { LadderStyle, Span } from "./text-lines.ts";

export interface Head {
  readonly head: string;
  readonly role: string;
}

/** The lines over the lifelines: endpoints and roles, centred. Where they are too long for one line, each gets its own. */
export function headLines(heads: readonly Head[], { lifelines, width }: Geometry, ascii: boolean): Span[][] {
  const spanOf = (text: string, i: number, style?: LadderStyle): Span => {
    const shown = cut(text, width, ascii);
    const wide = columnsOf(shown);
    const centred = (lifelines[i] as number) - Math.floor((wide - 1) / 2);
    return { at: Math.max(0, Math.min(centred, width - wide)), text: shown, style };
  };
  const ends = heads.map(({ head }, i) => spanOf(head, i, "bold"));
  if (areApart(ends)) return [ends, heads.map(({ role }, i) => spanOf(role, i))];
  return heads.map(({ head, role }, i) => [spanOf(`${role} ${head}`, i, "bold")]);
}

function areApart(spans: readonly Span[]): boolean {
  return spans.every(({ at }, i) => {
    const last = spans[i - 1];
    return last === undefined || at >= last.at + columnsOf(last.text) + 2;
  });
}

/** The states of a row's connection that are not those `before`: outside of the arrow, or inside by the lifelines. */
export function statesLine(
  row: Row,
  states: States,
  before: Partial<States>,
  { lifelines, statesOutside }: Geometry,
): Span[] {
  const { left, right } = placesOf(row);
  const spanOf = ({ side, column }: Place, isLeft: boolean): Span[] => {
    const state = states[side];
    if (state === undefined || state === before[side]) return [];
    const lifeline = lifelines[column] as number;
    const at = isLeft === statesOutside ? lifeline - 1 - state.length : lifeline + 2;
    return [{ at, text: state, style: "bold" }];
  };
  return [...spanOf(left, true), ...spanOf(right, false)];
}

/** Colours say again what the label says: a request, how it was answered, what went wrong. */
export function styleOf(row: Row): LadderStyle | undefined {
  switch (row.kind) {
    case "request":
      return "cyan";
    case "response":
      return styleOfStatus(row.messages.find(({ begins }) => begins)?.status);
    case "rst":
      return "red";
    case "retransmission":
      return "yellow";
    case "interim":
    case "keep-alive":
      return "dim";
    case "syn":
    case "syn-ack":
    case "ack":
    case "data":
    case "fin":
    case "open":
    case "close":
      return undefined;
  }
}

function styleOfStatus(status: number | undefined): LadderStyle | undefined {
  if (status === undefined || status < 200) return undefined;
  if (status < 300) return "green";
  if (status < 400) return "cyan";
  return status < 500 ? "yellow" : "red";
}
