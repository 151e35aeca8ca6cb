// The ladder as a picture of its own: an SVG file that needs nothing else, readable in light and dark, and by ear.

import { columnsOf } from "../../text/columns.ts";
import { printableLine } from "../../text/printable.ts";
import { captionOf, hasDashes } from "./caption.ts";
import { timesOf } from "./clock.ts";
import type { Column, Ladder, Row, States } from "./ladder.ts";
import { sectionsOf, type ToldRow, toldRows } from "./sections.ts";
import { type Place, placesOf } from "./sides.ts";
import { CHARACTER, LINE, PADDING, ROW, svgGeometryOf, TIME_END } from "./svg-geometry.ts";
import { arrowShapes, lifelineShapes, textShape, xmlText } from "./svg-shapes.ts";
import { SVG_STYLE } from "./svg-style.ts";
import { headOf } from "./text-geometry.ts";
import { fitLabel, titleOf } from "./text-label.ts";
import { labelPlace } from "./text-lines.ts";

export interface LadderSvgOptions {
  /** Where the packets come from, for the caption. */
  readonly origin?: string;
  /** What the ids in it begin with, for a page that has several. Default "ladder". */
  readonly id?: string;
}

/** More of them would be a banner: then the connections stand one below the other. */
const MOST_COLUMNS = 5;

/** The SVG of a ladder. Each row is a `g` with the numbers of its connection, packets and exchanges in data attributes. */
export function ladderSvg(ladder: Ladder, { origin, id = "ladder" }: LadderSvgOptions = {}): string {
  const picture = new Picture(ladder);
  const caption = captionOf(ladder, origin);
  const body = picture.draw(caption);
  const { width, height } = picture;
  const heads = ladder.columns.map(headOf).join(", ");
  const title = heads === "" ? "An empty ladder" : `Ladder of ${heads}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="ladder" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="graphics-document document" aria-labelledby="${xmlText(id)}-title" aria-describedby="${xmlText(id)}-desc">
<title id="${xmlText(id)}-title">${xmlText(title)}</title>
<desc id="${xmlText(id)}-desc">${xmlText(caption.join(" "))}</desc>
<style>${SVG_STYLE}</style>
<rect class="paper" width="${width}" height="${height}"/>
${body}</svg>
`;
}

class Picture {
  readonly width: number;
  readonly #sections: readonly { readonly ladder: Ladder; readonly lifelines: readonly number[] }[];
  /** The numbers of the rows in the whole ladder, by their first packets. */
  readonly #numbers: ReadonlyMap<number | undefined, number>;
  /** The height that has been used. */
  #y: number = PADDING;
  #shapes = "";

  constructor(ladder: Ladder) {
    const parts = ladder.columns.length > MOST_COLUMNS ? sectionsOf(ladder) : [ladder];
    const geometries = parts.map(svgGeometryOf);
    this.width = geometries.reduce((most, { width }) => Math.max(most, width), 0);
    // Those that stand one below the other are alike.
    const lifelines = geometries.find(({ width }) => width === this.width)?.lifelines ?? [];
    this.#sections = parts.map((part) => ({ ladder: part, lifelines }));
    this.#numbers = new Map(ladder.rows.map(({ packets }, i) => [packets[0], i]));
  }

  get height(): number {
    return this.#y + PADDING;
  }

  draw(caption: readonly string[]): string {
    this.#caption(caption);
    for (const { ladder, lifelines } of this.#sections) {
      if (ladder.rows.length === 0) continue;
      this.#y += 10;
      if (this.#sections.length > 1) this.#line(`Connection #${ladder.connections[0]?.id}`, "head");
      this.#heads(ladder, lifelines);
      const top = this.#y;
      this.#y += 6;
      const rows = this.#rows(ladder, lifelines);
      this.#y += 6;
      this.#shapes += `${lifelineShapes(lifelines, top, this.#y)}${rows}`;
    }
    return this.#shapes;
  }

  #caption(sentences: readonly string[]): void {
    const room = Math.floor((this.width - 2 * PADDING) / CHARACTER);
    let line = "";
    for (const word of sentences.flatMap((sentence) => printableLine(sentence).split(" "))) {
      if (line !== "" && columnsOf(`${line} ${word}`) > room) {
        this.#line(line, "faint");
        line = "";
      }
      line = line === "" ? word : `${line} ${word}`;
    }
    this.#line(line, "faint");
    if (this.#sections.some(({ ladder }) => hasDashes(ladder.rows))) {
      this.#line("solid: captured, dashed: reconstructed", "faint");
    }
  }

  #line(text: string, className: string): void {
    this.#y += LINE;
    this.#shapes += textShape(PADDING, this.#y, text, className, "start");
  }

  #heads({ columns }: Ladder, lifelines: readonly number[]): void {
    const y = this.#y + 12;
    this.#y += 2 * LINE;
    for (const [i, column] of columns.entries()) {
      const x = lifelines[i] as number;
      const role = column.role === "both" ? "client, server" : column.role;
      this.#shapes += textShape(x, y, printableLine(headOf(column)), "head", "middle");
      this.#shapes += textShape(x, y + LINE, role, "faint", "middle");
    }
  }

  #rows(ladder: Ladder, lifelines: readonly number[]): string {
    const times = timesOf(ladder.rows);
    let shapes = "";
    for (const [i, told] of toldRows(ladder).entries()) {
      const { row, before, isFirst } = told;
      if (isFirst) {
        this.#y += LINE + 3;
        const mark = ladder.connections.length > 1 ? `#${row.connection}` : "";
        shapes += textShape(TIME_END, this.#y, mark, "time", "end");
        shapes += stateShapes(row, before, {}, lifelines, this.#y);
      }
      const title = xmlText(spoken(row, times[i] ?? "", ladder.columns));
      const number = this.#numbers.get(row.packets[0]);
      shapes += `<g class="row ${classOf(row)}" role="img" data-row="${number}" ${dataOf(row)}><title>${title}</title>${this.#row(told, times[i] ?? "", lifelines)}</g>\n`;
    }
    return shapes;
  }

  #row({ row, before }: ToldRow, time: string, lifelines: readonly number[]): string {
    const from = lifelines[row.source] as number;
    const to = lifelines[row.destination] as number;
    const { start, end } = labelPlace(from, to, lifelines);
    const room = Math.floor((end - start - 22) / CHARACTER);
    const { onArrow, below } = fitLabel(row.label, room, room, false);
    const middle = (start + end) / 2;
    this.#y += ROW;
    let shapes = textShape(TIME_END, this.#y, time, "time", "end");
    shapes += arrowShapes(from, to, this.#y - 4, row.reconstructed);
    shapes += textShape(middle, this.#y - 10, onArrow, "label", "middle");
    shapes += stateShapes(row, row.states, before, lifelines, this.#y);
    for (const [i, text] of below.entries()) {
      this.#y += i === 0 ? 12 : LINE;
      shapes += textShape(middle, this.#y, text, "label", "middle");
    }
    return shapes;
  }
}

function stateShapes(
  row: Row,
  states: States,
  before: Partial<States>,
  lifelines: readonly number[],
  y: number,
): string {
  const { left, right } = placesOf(row);
  const shape = ({ side, column }: Place, distance: number, anchor: "start" | "end"): string => {
    if (states[side] === before[side]) return "";
    return textShape((lifelines[column] as number) + distance, y, states[side] ?? "", "state", anchor);
  };
  return `${shape(left, -10, "end")}${shape(right, 10, "start")}`;
}

function dataOf({ connection, messages, packets, acknowledgements }: Row): string {
  const exchanges = [...new Set(messages.map(({ exchange }) => exchange))].join(" ");
  const all = [...packets, ...acknowledgements].join(" ");
  return `data-connection="${connection}" data-packets="${all}" data-exchanges="${exchanges}"`;
}

/** A row for whoever hears it: "GET / HTTP/1.1, from 127.0.0.1:51744 to 127.0.0.1:3091, +41 µs". */
function spoken(row: Row, time: string, columns: readonly Column[]): string {
  const [from, to] = [columns[row.source], columns[row.destination]].map((column) =>
    column === undefined ? "" : printableLine(headOf(column)),
  );
  const said = [titleOf(row.label), ...row.label.details, ...row.label.extras, `from ${from} to ${to}`, time];
  return `${said.filter((text) => text !== "").join(", ")}${row.reconstructed ? ", reconstructed" : ""}`;
}

function classOf(row: Row): string {
  if (row.kind !== "response") return row.kind;
  const status = row.messages.find(({ begins }) => begins)?.status ?? 0;
  const classes = ["", "", "good", "moved", "wrong", "failed"];
  return `response ${classes[Math.floor(status / 100)] ?? ""}`.trimEnd();
}
