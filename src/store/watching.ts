// Watching a table: a loop over the log of its changes that sleeps where the log ends. It knows no backend,
// only how to read a log and when to look again.

import { StoreError } from "./errors.ts";
import { checkKey, checkText } from "./keys.ts";
import type { Numbered } from "./planning.ts";
import { numberOf, pointOf } from "./points.ts";
import type { Change, Watch, WatchOptions } from "./table.ts";

/** The changes of a table, as far back as they are kept. */
export interface ChangeLog {
  readonly tableId: string;
  /** The number of the last change, 0 when there was none. */
  last(): number | Promise<number>;
  /** Changes behind a number, in order; fewer than `limit` only at the end. The first has a higher number than the next one when those between are not kept. */
  read(after: number, limit: number): readonly Numbered[] | Promise<readonly Numbered[]>;
}

/** Changes that are read at once. */
const READ_AT_ONCE = 512;

export class Watchers {
  readonly #log: ChangeLog;
  readonly #onCount: ((count: number) => void) | undefined;
  readonly #sleepers: Set<() => void> = new Set();
  #count = 0;
  #wakes = 0;
  #closed = false;

  /** `onCount` is told how many watch, whenever that changes: for a backend that has to look for changes by itself. */
  constructor(log: ChangeLog, onCount?: (count: number) => void) {
    this.#log = log;
    this.#onCount = onCount;
  }

  /** Something has been logged. */
  wake(): void {
    this.#wakes += 1;
    for (const sleeper of this.#sleepers) sleeper();
  }

  /** Ends all loops. */
  close(): void {
    this.#closed = true;
    this.wake();
  }

  /** Errors: INVALID_KEY, KEY_TOO_LONG, POINT_GONE, CLOSED. */
  async watch(options: WatchOptions = {}): Promise<Watch> {
    if (this.#closed) throw new StoreError("CLOSED", "Cannot watch the table: it is closed");
    if (options.key !== undefined) checkKey(options.key);
    if (options.prefix !== undefined) checkText(options.prefix, "prefix");
    const last = await this.#log.last();
    const start = options.after === undefined ? last : await this.#start(options.after, last);
    const watch = {
      point: pointOf(start, this.#log.tableId),
      [Symbol.asyncIterator]: () => this.#loop(watch, start, options),
    };
    return watch;
  }

  async #start(after: string, last: number): Promise<number> {
    const start = numberOf(after, this.#log.tableId);
    if (start === undefined || start > last) throw gone("it is none of this table's");
    if (start < last) requireNext(await this.#log.read(start, 1), start);
    return start;
  }

  async *#loop(
    watch: { point: string },
    start: number,
    options: WatchOptions,
  ): AsyncGenerator<readonly Change[], void, void> {
    const { signal } = options;
    const wanted = filterOf(options);
    let at = start;
    this.#counted(1);
    try {
      while (!this.#closed && signal?.aborted !== true) {
        const wakes = this.#wakes;
        const found = await this.#log.read(at, READ_AT_ONCE);
        const newest = found.at(-1);
        if (newest === undefined) {
          if (wakes === this.#wakes) await this.#sleep(signal);
          continue;
        }
        requireNext(found, at);
        at = newest.number;
        watch.point = pointOf(at, this.#log.tableId);
        const changes = found.map(({ change }) => change).filter(wanted);
        if (changes.length > 0) yield changes;
        // One that is far behind would not let anybody else have a turn: its log may be read without waiting.
        if (found.length === READ_AT_ONCE) await new Promise(setImmediate);
      }
    } finally {
      this.#counted(-1);
    }
  }

  async #sleep(signal: AbortSignal | undefined): Promise<void> {
    // One that is aborted already tells nobody any more.
    if (signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(wake);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      this.#sleepers.add(wake);
      signal?.addEventListener("abort", wake);
    });
  }

  #counted(by: number): void {
    this.#count += by;
    this.#onCount?.(this.#count);
  }
}

function filterOf({ key, prefix = "" }: WatchOptions): (change: Change) => boolean {
  if (key !== undefined) return (change) => change.key === key;
  return prefix === "" ? () => true : (change) => change.key.startsWith(prefix);
}

function requireNext(found: readonly Numbered[], after: number): void {
  if (found[0]?.number !== after + 1) throw gone("so many changes came after it that they are not kept");
}

function gone(why: string): StoreError {
  return new StoreError(
    "POINT_GONE",
    `Cannot go on from this point: ${why}. Read the rows anew, and watch from there`,
  );
}
