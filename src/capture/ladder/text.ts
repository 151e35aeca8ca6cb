// The ladder as a picture for a terminal. Text in lines; what it goes to is somebody else's.

import { columnsOf } from "../../text/columns.ts";
import { printableLine } from "../../text/printable.ts";
import { captionOf, hasDashes } from "./caption.ts";
import { timesOf } from "./clock.ts";
import type { Ladder, Row, States } from "./ladder.ts";
import { sectionsOf, toldRows } from "./sections.ts";
import { type Geometry, GUTTER, geometryOf, headOf, LEAST_WIDTH, wantedGap } from "./text-geometry.ts";
import { asciiLabel, asciiText, cut, fitLabel } from "./text-label.ts";
import {
  AROUND_LABEL,
  ASCII,
  arrowSpans,
  type LadderPaint,
  labelPlace,
  lineOf,
  type Span,
  UNICODE,
} from "./text-lines.ts";
import { headLines, statesLine, styleOf } from "./text-parts.ts";

export interface LadderTextOptions {
  /** Columns of the terminal. Less than 43 is taken for 43: an arrow needs some. */
  readonly width: number;
  /** ASCII only. Default false. */
  readonly ascii?: boolean;
  /** Default: no colours. */
  readonly paint?: LadderPaint;
  /** Where the packets come from, for the caption: a file, an interface. */
  readonly origin?: string;
}

/** Draws a ladder; no line is wider than `width`, each ends with a line feed. */
export function ladderText(ladder: Ladder, options: LadderTextOptions): string {
  const picture = new Picture(options);
  return picture.draw(ladder, options.origin);
}

class Picture {
  readonly #width: number;
  readonly #ascii: boolean;
  readonly #paint: LadderPaint;
  readonly #lines: string[] = [];

  constructor({ width, ascii = false, paint = (_style, text) => text }: LadderTextOptions) {
    this.#width = Math.max(LEAST_WIDTH, width);
    this.#ascii = ascii;
    this.#paint = paint;
  }

  draw(ladder: Ladder, origin: string | undefined): string {
    this.#sentences(captionOf(ladder, origin));
    if (hasDashes(ladder.rows)) this.#legend();
    if (ladder.rows.length > 0) this.#ladders(ladder);
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  #ladders(ladder: Ladder): void {
    const wanted = wantedGap(ladder);
    const geometry = geometryOf(ladder.columns.length, this.#width, wanted);
    if (geometry !== undefined) {
      this.#ladder(ladder, geometry);
      return;
    }
    for (const section of sectionsOf(ladder)) {
      this.#lines.push("", this.#paint("bold", `Connection #${section.connections[0]?.id}`));
      // Two columns fit into the least width.
      this.#ladder(section, geometryOf(2, this.#width, wanted) as Geometry);
    }
  }

  #ladder(ladder: Ladder, geometry: Geometry): void {
    this.#lines.push("");
    const heads = ladder.columns.map((column) => ({
      head: this.#plain(headOf(column)),
      role: column.role === "both" ? "client, server" : column.role,
    }));
    for (const spans of headLines(heads, geometry, this.#ascii)) this.#line(spans, []);
    const times = timesOf(ladder.rows);
    for (const [i, { row, before, isFirst }] of toldRows(ladder).entries()) {
      if (isFirst) {
        const mark = ladder.connections.length > 1 ? `#${row.connection}` : "";
        this.#line([inGutter(mark), ...statesLine(row, before, {}, geometry)], geometry.lifelines);
      }
      this.#row(row, before, this.#plain(times[i] ?? ""), geometry);
    }
  }

  #row(row: Row, before: States, time: string, geometry: Geometry): void {
    const { lifelines } = geometry;
    const from = lifelines[row.source] as number;
    const to = lifelines[row.destination] as number;
    const label = this.#ascii ? asciiLabel(row.label) : row.label;
    const place = labelPlace(from, to, lifelines);
    const room = place.end - place.start;
    const { onArrow, below } = fitLabel(label, room - AROUND_LABEL, room - 2, this.#ascii);
    const style = styleOf(row);
    const arrow = { from, to, label: onArrow, style, dashed: row.reconstructed };
    const glyphs = this.#ascii ? ASCII : UNICODE;
    const states = statesLine(row, row.states, before, geometry);
    const spans = [inGutter(time), ...arrowSpans(arrow, lifelines, glyphs)];
    this.#line(geometry.statesOutside ? [...spans, ...states] : spans, lifelines);
    for (const text of below) {
      const at = place.start + Math.floor((room - columnsOf(text)) / 2);
      this.#line([{ at, text, style }], lifelines);
    }
    if (!geometry.statesOutside && states.length > 0) this.#line(states, lifelines);
  }

  #legend(): void {
    const { solid, dashed, toRight } = this.#ascii ? ASCII : UNICODE;
    const shaft = (pattern: string): string => pattern.repeat(4).slice(0, 4) + toRight;
    this.#lines.push(`${shaft(solid)} captured   ${shaft(dashed)} reconstructed`);
  }

  /** Sentences, as many on a line as fit, broken between words where one is too long. */
  #sentences(sentences: readonly string[]): void {
    let line = "";
    for (const word of sentences.flatMap((sentence) => this.#plain(sentence).split(" "))) {
      if (line !== "" && columnsOf(`${line} ${word}`) > this.#width) {
        this.#lines.push(line);
        line = "";
      }
      line = line === "" ? cut(word, this.#width, this.#ascii) : `${line} ${word}`;
    }
    this.#lines.push(line);
  }

  #line(spans: readonly Span[], lifelines: readonly number[]): void {
    this.#lines.push(lineOf(spans, lifelines, this.#ascii ? ASCII : UNICODE, this.#paint));
  }

  #plain(text: string): string {
    const line = printableLine(text);
    return this.#ascii ? asciiText(line) : line;
  }
}

function inGutter(text: string): Span {
  return { at: GUTTER - 1 - columnsOf(text), text, style: "dim" };
}
