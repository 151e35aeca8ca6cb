// How far a transfer is, on one line of the terminal that is painted again and again. Knows bytes and the
// clock, not what is transferred. Where there is no terminal, nothing is painted.

import { columnsOf, fitColumns } from "../text/columns.ts";
import { formatBytes, formatClock } from "./quantities.ts";
import type { Painter } from "./terminal.ts";

/** Where the line is painted: standard error, or what stands for it in a test. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface ProgressOptions {
  readonly label: string;
  /** Bytes at the end, when known. */
  readonly total: number | undefined;
  /** Bytes that were there before: they count for the bar, not for the rate. */
  readonly before?: number;
  readonly paint: Painter;
  /** Seconds of any clock that only goes forward. */
  readonly now?: () => number;
}

/** A repaint costs more than a read; ten in a second look smooth. */
const REPAINT_SECONDS = 0.1;
/** The rate is that of the last seconds: a stall shows, a burst does not. */
const RATE_SECONDS = 4;
const MIN_COLUMNS = 40;

interface Sample {
  readonly at: number;
  readonly bytes: number;
}

export class Progress {
  readonly #stream: ProgressStream;
  readonly #options: ProgressOptions;
  readonly #now: () => number;
  readonly #startedAt: number;
  readonly #timer: NodeJS.Timeout | undefined;
  #bytes: number;
  readonly #samples: Sample[];
  #paintedAt: number;
  #painted = false;

  constructor(stream: ProgressStream, options: ProgressOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#now = options.now ?? (() => performance.now() / 1000);
    this.#startedAt = this.#now();
    // What is done in the first moment needs no bar.
    this.#paintedAt = this.#startedAt;
    this.#bytes = options.before ?? 0;
    this.#samples = [{ at: this.#startedAt, bytes: this.#bytes }];
    // When nothing moves, the rate and the time left have to say so.
    if (stream.isTTY === true) this.#timer = setInterval(() => this.#paint(), 500).unref();
  }

  /** Bytes so far, those from before included. */
  get bytes(): number {
    return this.#bytes;
  }

  get seconds(): number {
    return this.#now() - this.#startedAt;
  }

  /** Bytes a second over the whole time, or undefined when there was none to speak of. */
  get averageRate(): number | undefined {
    return this.seconds < 0.05 ? undefined : (this.#bytes - (this.#options.before ?? 0)) / this.seconds;
  }

  advance(bytes: number): void {
    this.#bytes += bytes;
    if (this.#stream.isTTY === true && this.#now() - this.#paintedAt >= REPAINT_SECONDS) this.#paint();
  }

  /** Takes the line away. */
  clear(): void {
    clearInterval(this.#timer);
    if (this.#painted) this.#stream.write("\r\x1b[K");
    this.#painted = false;
  }

  #paint(): void {
    const now = this.#now();
    this.#paintedAt = now;
    this.#painted = true;
    this.#samples.push({ at: now, bytes: this.#bytes });
    while (this.#samples.length > 2 && (this.#samples[1] as Sample).at <= now - RATE_SECONDS)
      this.#samples.shift();
    this.#stream.write(`\r${this.#line(now)}\x1b[K`);
  }

  #line(now: number): string {
    const { label, total, paint } = this.#options;
    // Some columns stay free: some terminals begin a new line when the last one is written, and "^C" has to
    // find room, too, or the line that it breaks cannot be cleared.
    const columns = Math.max(MIN_COLUMNS, this.#stream.columns ?? 80) - 3;
    const rate = this.#rate(now);
    const name = fitColumns(label, Math.min(columnsOf(label), Math.max(10, Math.floor(columns / 4))));
    const speed = rate === undefined ? "" : `${formatBytes(rate)}/s`;
    if (total === undefined || total === 0) {
      return [name, formatBytes(this.#bytes), speed, formatClock(now - this.#startedAt)]
        .filter(Boolean)
        .join("  ");
    }
    const share = Math.min(1, this.#bytes / total);
    const left = rate === undefined || rate === 0 ? "-:--" : formatClock((total - this.#bytes) / rate);
    const percent = `${Math.floor(share * 100)}%`.padStart(4);
    const amount = `${formatBytes(this.#bytes)} of ${formatBytes(total)}`;
    // So wide that the bar does not jump about when a number gets a digit more or less.
    const words = `${amount.padEnd(19)}  ${speed.padEnd(9)}  ${`${left} left`.padEnd(9)}`;
    const room = columns - columnsOf(name) - percent.length - columnsOf(words) - 5;
    const bar = room < 5 ? "" : `${barOf(share, Math.min(room, 40), paint)}  `;
    return `${name} ${paint("bold", percent)}  ${bar}${words.trimEnd()}`;
  }

  #rate(now: number): number | undefined {
    const first = this.#samples[0] as Sample;
    const seconds = now - first.at;
    return seconds <= 0 ? undefined : (this.#bytes - first.bytes) / seconds;
  }
}

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

function barOf(share: number, columns: number, paint: Painter): string {
  const eighths = Math.floor(share * columns * 8);
  const full = Math.floor(eighths / 8);
  const part = EIGHTHS[eighths % 8] as string;
  const rest = columns - full - part.length;
  return `${paint("cyan", `${"█".repeat(full)}${part}`)}${paint("dim", "░".repeat(rest))}`;
}
