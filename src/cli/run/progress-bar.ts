// How far a run of many files is, on one line of the terminal that is painted again and again.

import { columnsOf, fitColumns } from "../../text/columns.ts";
import type { Painter } from "../terminal.ts";

export interface BarStream {
  readonly columns?: number;
  write(text: string): unknown;
}

/** A repaint costs more than a small request; ten in a second look smooth. */
const REPAINT_MILLISECONDS = 100;
const BAR_COLUMNS = 24;

interface Running {
  readonly name: string;
  entry: number;
  last: number;
}

export class ProgressBar {
  readonly #stream: BarStream | undefined;
  readonly #paint: Painter;
  /** Undefined: without end. */
  readonly #total: number | undefined;
  readonly #running = new Map<number, Running>();
  #done = 0;
  #paintedAt = 0;
  #shown = false;

  /** `stream` undefined: nothing is painted. */
  constructor(stream: BarStream | undefined, total: number, paint: Painter) {
    this.#stream = stream;
    this.#total = Number.isFinite(total) ? total : undefined;
    this.#paint = paint;
  }

  started(job: number, name: string): void {
    this.#running.set(job, { name, entry: 0, last: 0 });
  }

  entry(job: number, entry: number, last: number): void {
    const running = this.#running.get(job);
    if (running === undefined) return;
    running.entry = entry;
    running.last = last;
    if (performance.now() - this.#paintedAt >= REPAINT_MILLISECONDS) this.#draw();
  }

  /** Ends a job and takes the line away, so that what is said of it can be printed. */
  ended(job: number): void {
    this.#running.delete(job);
    this.#done++;
    this.clear();
  }

  clear(): void {
    if (this.#shown) this.#stream?.write("\r\x1b[K");
    this.#shown = false;
  }

  #draw(): void {
    if (this.#stream === undefined) return;
    this.#paintedAt = performance.now();
    this.#shown = true;
    const columns = Math.max(40, this.#stream.columns ?? 80) - 3;
    const amount = this.#total === undefined ? `${this.#done}` : `${this.#done}/${this.#total}`;
    const bar = this.#total === undefined ? "" : `${this.#bar(this.#done / this.#total)} `;
    const [first] = this.#running.values();
    const rest = this.#running.size > 1 ? ` and ${this.#running.size - 1} more` : "";
    const start = `Executed ${amount} `;
    const room = columns - columnsOf(start) - (bar === "" ? 0 : BAR_COLUMNS + 1) - rest.length;
    const which = first === undefined ? "" : `${first.name} [${first.entry}/${first.last}]`;
    this.#stream.write(
      `\r${this.#paint("bold", start)}${bar}${fitColumns(which, Math.max(8, room))}${rest}\x1b[K`,
    );
  }

  #bar(share: number): string {
    const full = Math.round(share * BAR_COLUMNS);
    return this.#paint("cyan", "█".repeat(full)) + this.#paint("dim", "░".repeat(BAR_COLUMNS - full));
  }
}
