// A table in the memory of this process: gone with it. The reference for what a backend has to do.

import { StoreError } from "../errors.ts";
import { checkKey, checkText, compareKeys } from "../keys.ts";
import { isExpired, type Kept, type Numbered, ownSteps, Plan, type Write } from "../planning.ts";
import { newTableId, placeOf, pointOf } from "../points.ts";
import {
  KEPT_CHANGES,
  type Key,
  type Outcome,
  type Page,
  type Range,
  type Row,
  type RowInfo,
  type Step,
  type Table,
  type Watch,
  type WatchOptions,
} from "../table.ts";
import { Watchers } from "../watching.ts";
import { SortedList } from "./sorted-list.ts";

export interface MemoryTableOptions {
  /** The clock, in milliseconds since 1970-01-01 UTC. Default Date.now. */
  readonly now?: (() => number) | undefined;
}

/** Makes an empty table in memory. */
export function createMemoryTable(options: MemoryTableOptions = {}): Table {
  return new MemoryTable(options.now ?? Date.now);
}

interface MemoryRow {
  readonly kept: Kept;
  readonly row: Row;
}

interface Mortal {
  readonly key: Key;
  readonly expires?: number | undefined;
}

const BEFORE_ALL: Mortal = { key: "", expires: Number.NEGATIVE_INFINITY };

function compareEnds(a: Mortal, b: Mortal): number {
  const [one, other] = [a.expires ?? Number.POSITIVE_INFINITY, b.expires ?? Number.POSITIVE_INFINITY];
  if (one !== other) return one < other ? -1 : 1;
  return compareKeys(a.key, b.key);
}

const DEFAULT_LIMIT = 1000;
/** Bytes of values after which a page is full. */
const PAGE_BYTES = 1 << 20;
/** Rows that are looked at for one page: a prefix that few keys have must not hold everybody up. */
const MOST_LOOKED_AT = 10_000;
/** Milliseconds between sweeps at least: short enough for those who watch, long enough to sweep many at once. */
const SWEEP_EVERY = 100;
/** Rows that are swept at once, and milliseconds until the next ones when there are more: others have their turn meanwhile. */
const SWEPT_AT_ONCE = 250;
const SWEEP_ON = 10;
/** The longest delay of a timer: 2^31 - 1 ms. */
const LONGEST_DELAY = 0x7fffffff;

class MemoryTable implements Table {
  readonly #id = newTableId();
  readonly #now: () => number;
  readonly #rows: Map<Key, MemoryRow> = new Map();
  readonly #keys: SortedList<Key> = new SortedList(compareKeys);
  readonly #places: SortedList<number> = new SortedList((a, b) => a - b);
  readonly #keyAt: Map<number, Key> = new Map();
  /** Rows that do not stay, the first to go at the front. */
  readonly #mortal: SortedList<Mortal> = new SortedList(compareEnds);
  readonly #log: Numbered[] = [];
  readonly #watchers: Watchers;
  #last = 0;
  #sweepTimer: NodeJS.Timeout | undefined;
  #sweepAt = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(now: () => number) {
    this.#now = now;
    this.#watchers = new Watchers({
      tableId: this.#id,
      last: () => this.#last,
      read: (after, limit) => this.#changesBehind(after, limit),
    });
  }

  get generation(): number | undefined {
    return this.#closed ? undefined : this.#last;
  }

  async get(key: Key): Promise<Row | undefined> {
    this.#requireOpen();
    checkKey(key);
    return this.#read(key);
  }

  async stat(key: Key): Promise<RowInfo | undefined> {
    this.#requireOpen();
    checkKey(key);
    return this.#alive(key)?.kept.info;
  }

  async getMany(keys: readonly Key[]): Promise<readonly (Row | undefined)[]> {
    this.#requireOpen();
    for (const key of keys) checkKey(key);
    return keys.map((key) => this.#read(key));
  }

  async scan(range: Range = {}): Promise<Page<Row>> {
    return this.#page(range, ({ row }) => row, PAGE_BYTES);
  }

  async list(range: Range = {}): Promise<Page<RowInfo>> {
    return this.#page(range, ({ kept }) => kept.info, Number.POSITIVE_INFINITY);
  }

  async transact(steps: readonly Step[]): Promise<Outcome> {
    this.#requireOpen();
    const plan = this.#plan();
    const outcome = plan.add(ownSteps(steps));
    this.#carryOut(plan);
    return outcome;
  }

  async watch(options: WatchOptions = {}): Promise<Watch> {
    this.#requireOpen();
    return this.#watchers.watch(options);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#sweepTimer);
    this.#watchers.close();
  }

  #requireOpen(): void {
    if (this.#closed) throw new StoreError("CLOSED", "Cannot use the table: it is closed");
  }

  #alive(key: Key): MemoryRow | undefined {
    const found = this.#rows.get(key);
    return found === undefined || isExpired(found.kept.info, this.#now()) ? undefined : found;
  }

  #read(key: Key): Row | undefined {
    return this.#alive(key)?.row;
  }

  #page<R extends RowInfo>(range: Range, take: (row: MemoryRow) => R, maxBytes: number): Page<R> {
    this.#requireOpen();
    const { prefix = "", limit = DEFAULT_LIMIT } = range;
    checkText(prefix, "prefix");
    const rows: R[] = [];
    let bytes = 0;
    let looked = 0;
    let next: string | undefined;
    let previous: string | undefined;
    for (const [cursor, key] of this.#inOrder(range)) {
      if (looked === MOST_LOOKED_AT) {
        next = previous;
        break;
      }
      looked += 1;
      const found = key.startsWith(prefix) ? this.#alive(key) : undefined;
      if (found !== undefined) {
        if (rows.length >= limit || (rows.length > 0 && bytes + found.row.size > maxBytes)) {
          next = previous;
          break;
        }
        rows.push(take(found));
        bytes += found.row.size;
      }
      previous = cursor;
    }
    return { rows, next, point: pointOf(this.#last, this.#id) };
  }

  /** Keys from where a range begins, each with what to give as `after` for what follows it. */
  *#inOrder({
    prefix = "",
    order = "key",
    after,
  }: Range): Generator<readonly [cursor: string, key: Key], void, void> {
    if (order === "created") {
      const start = after === undefined ? 0 : placeOf(after);
      for (const place of this.#places.from(start + 1)) yield [String(place), this.#keyAt.get(place) as Key];
      return;
    }
    if (after !== undefined) checkText(after, "place");
    const begin = after !== undefined && compareKeys(after, prefix) > 0 ? after : prefix;
    for (const key of this.#keys.from(begin)) {
      if (!key.startsWith(prefix)) return;
      if (key !== after) yield [key, key];
    }
  }

  #plan(): Plan {
    return new Plan({
      tableId: this.#id,
      last: this.#last,
      now: this.#now(),
      kept: (key) => this.#rows.get(key)?.kept,
    });
  }

  #carryOut(plan: Plan): void {
    if (plan.changes.length === 0) return;
    for (const [key, write] of plan.writes) this.#write(key, write);
    this.#last = plan.last;
    for (const change of plan.changes) this.#log.push(change);
    // Twice as many are kept now and then, so that cutting the list costs little for each change.
    if (this.#log.length > 2 * KEPT_CHANGES) this.#log.splice(0, this.#log.length - KEPT_CHANGES);
    this.#watchers.wake();
  }

  #write(key: Key, { before, after }: Write): void {
    if (before !== undefined && before.place !== after?.kept.place) {
      this.#places.delete(before.place);
      this.#keyAt.delete(before.place);
    }
    if (before?.info.expires !== undefined) this.#mortal.delete(before.info);
    if (after === undefined) {
      if (this.#rows.delete(key)) this.#keys.delete(key);
      return;
    }
    const { kept, value } = after;
    if (!this.#rows.has(key)) this.#keys.add(key);
    if (before?.place !== kept.place) {
      this.#places.add(kept.place);
      this.#keyAt.set(kept.place, key);
    }
    this.#rows.set(key, { kept, row: { ...kept.info, value } });
    if (kept.info.expires === undefined) return;
    this.#mortal.add(kept.info);
    this.#sweepBy(kept.info.expires);
  }

  #sweepBy(time: number, soonest = SWEEP_EVERY): void {
    if (time >= this.#sweepAt || this.#closed) return;
    this.#sweepAt = time;
    clearTimeout(this.#sweepTimer);
    const delay = Math.min(Math.max(time - this.#now(), soonest), LONGEST_DELAY);
    this.#sweepTimer = setTimeout(() => this.#sweep(), delay).unref();
  }

  #sweep(): void {
    this.#sweepAt = Number.POSITIVE_INFINITY;
    const plan = this.#plan();
    const now = this.#now();
    const over: Key[] = [];
    for (const { key, expires = now } of this.#mortal.from(BEFORE_ALL)) {
      if (expires > now || over.length === SWEPT_AT_ONCE) break;
      over.push(key);
    }
    plan.sweep(over);
    this.#carryOut(plan);
    const first = this.#mortal.from(BEFORE_ALL).next().value;
    if (first?.expires === undefined) return;
    this.#sweepBy(first.expires, over.length === SWEPT_AT_ONCE ? SWEEP_ON : SWEEP_EVERY);
  }

  #changesBehind(after: number, limit: number): readonly Numbered[] {
    // Numbers have no gap, so the place in the list is known.
    const first = this.#log[0]?.number ?? 0;
    const start = Math.max(after + 1 - first, 0);
    return this.#log.slice(start, start + limit);
  }
}
