// A table in a folder of this machine, kept by LMDB. This file knows which part does what; several processes may
// have the same table open.

import { StoreError } from "../errors.ts";
import { checkKey } from "../keys.ts";
import { ownSteps, type Plan } from "../planning.ts";
import type { Key, Outcome, Page, Range, Row, RowInfo, Step, Table, Watch, WatchOptions } from "../table.ts";
import { Watchers } from "../watching.ts";
import { committerOf } from "./committing.ts";
import { type Environment, releaseEnvironment, takeEnvironment } from "./environment.ts";
import { toStoreError } from "./faults.ts";
import { readInfo, readInfos, readLog, readRow, readRows } from "./reading.ts";
import { prepareSite } from "./site.ts";
import { Sweeper } from "./sweeping.ts";

export interface LmdbTableOptions {
  /** Whether every write fails with READ_ONLY, nothing is swept, and the store has to be there. Default false. */
  readonly readOnly?: boolean | undefined;
  /** The clock, in milliseconds since 1970-01-01 UTC. Default Date.now. */
  readonly now?: (() => number) | undefined;
}

/** The largest value in bytes. It is read into memory whole, and the process stands still meanwhile. */
export const MAX_VALUE_BYTES: number = 256 << 20;

/** Milliseconds between two looks for what other processes have written, while somebody watches. */
const LOOK_EVERY = 50;

/**
 * Opens the table in a folder, which is made when it is not there, with those above it.
 *
 * The folder belongs to the table: it holds nothing else. Errors: NOT_A_STORE for a folder that does, for a file,
 * and for a store that another version has made; NOT_FOUND when it is only to be read and not there; PERMISSION, NO_SPACE, BUSY, IO.
 */
export async function openLmdbTable(folder: string, options: LmdbTableOptions = {}): Promise<Table> {
  const { readOnly = false, now = Date.now } = options;
  const site = await prepareSite(folder, readOnly);
  return new LmdbTable(await takeEnvironment(site, readOnly), readOnly, now);
}

class LmdbTable implements Table {
  readonly #environment: Environment;
  readonly #readOnly: boolean;
  readonly #now: () => number;
  /** Writes that are under way. */
  readonly #writes: Set<Promise<unknown>> = new Set();
  readonly #sweeper: Sweeper | undefined;
  readonly #watchers: Watchers;
  readonly #wake: () => void;
  #looking: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;

  constructor(environment: Environment, readOnly: boolean, now: () => number) {
    this.#environment = environment;
    this.#readOnly = readOnly;
    this.#now = now;
    this.#sweeper = readOnly ? undefined : new Sweeper(environment, (...job) => this.#commit(...job), now);
    this.#watchers = new Watchers(
      {
        tableId: environment.tableId,
        last: () => this.#do("read", () => environment.last()),
        read: (after, limit) => this.#do("read", () => readLog(environment, after, limit)),
      },
      (count) => this.#look(count > 0),
    );
    this.#wake = () => this.#watchers.wake();
    environment.listeners.add(this.#wake);
  }

  get generation(): number | undefined {
    if (this.#closed !== undefined) return undefined;
    return this.#do("read", () => {
      this.#environment.look();
      return this.#environment.last();
    });
  }

  async get(key: Key): Promise<Row | undefined> {
    return this.#read(() => {
      checkKey(key);
      return readRow(this.#environment, key, this.#now());
    });
  }

  async stat(key: Key): Promise<RowInfo | undefined> {
    return this.#read(() => {
      checkKey(key);
      return readInfo(this.#environment, key, this.#now());
    });
  }

  async getMany(keys: readonly Key[]): Promise<readonly (Row | undefined)[]> {
    return this.#read(() => {
      for (const key of keys) checkKey(key);
      const now = this.#now();
      return keys.map((key) => readRow(this.#environment, key, now));
    });
  }

  async scan(range: Range = {}): Promise<Page<Row>> {
    return this.#read(() => readRows(this.#environment, range, this.#now()));
  }

  async list(range: Range = {}): Promise<Page<RowInfo>> {
    return this.#read(() => readInfos(this.#environment, range, this.#now()));
  }

  async transact(steps: readonly Step[]): Promise<Outcome> {
    this.#requireOpen();
    if (this.#readOnly) {
      throw new StoreError("READ_ONLY", `${this.#intent("write to")}: it is open only for reading`);
    }
    const bytes = this.#checkSizes(steps);
    const own = ownSteps(steps);
    try {
      const outcome = await this.#commit(bytes, (plan) => plan.add(own));
      if (outcome.done) this.#sweeper?.expect(own);
      return outcome;
    } catch (error) {
      throw toStoreError(this.#intent("write to"), this.#environment.site.folder, error, bytes);
    }
  }

  async watch(options: WatchOptions = {}): Promise<Watch> {
    this.#requireOpen();
    return this.#watchers.watch(options);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#sweeper?.stop();
    while (this.#writes.size > 0) await Promise.allSettled(this.#writes);
    this.#watchers.close();
    this.#look(false);
    this.#environment.listeners.delete(this.#wake);
    await releaseEnvironment(this.#environment);
  }

  async #commit<T>(bytes: number, add: (plan: Plan) => T): Promise<T> {
    const write = committerOf(this.#environment).commit(this.#now, bytes, add);
    this.#writes.add(write);
    try {
      return await write;
    } finally {
      this.#writes.delete(write);
    }
  }

  #read<T>(work: () => T): T {
    this.#requireOpen();
    return this.#do("read", () => {
      this.#environment.look();
      return work();
    });
  }

  #do<T>(action: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#requireOpen();
      throw toStoreError(this.#intent(action), this.#environment.site.folder, error);
    }
  }

  #requireOpen(): void {
    if (this.#closed !== undefined) throw new StoreError("CLOSED", `${this.#intent("use")}: it is closed`);
  }

  #checkSizes(steps: readonly Step[]): number {
    let sum = 0;
    for (const step of steps) {
      if (step.kind !== "put") continue;
      const { length } = step.row.value;
      sum += length;
      if (length <= MAX_VALUE_BYTES) continue;
      throw new StoreError(
        "VALUE_TOO_LARGE",
        `Cannot put a value of ${length} bytes: it can have ${MAX_VALUE_BYTES} bytes`,
      );
    }
    return sum;
  }

  /** Other processes do not tell when they have written. */
  #look(looking: boolean): void {
    if (looking === (this.#looking !== undefined)) return;
    clearInterval(this.#looking);
    this.#looking = undefined;
    if (!looking || this.#closed !== undefined) return;
    let last: number | undefined;
    this.#looking = setInterval(() => {
      const now = this.#lastOrNot();
      // What cannot be read is for the watches themselves to run into.
      if (now !== last || now === undefined) this.#watchers.wake();
      last = now;
    }, LOOK_EVERY).unref();
  }

  #lastOrNot(): number | undefined {
    try {
      this.#environment.refresh();
      return this.#environment.last();
    } catch {
      return undefined;
    }
  }

  #intent(action: string): string {
    return `Cannot ${action} the store ${this.#environment.site.folder}`;
  }
}
