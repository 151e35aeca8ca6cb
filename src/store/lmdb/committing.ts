// Writing to a table: transactions that arrive while others are being written are gathered, planned together
// against one snapshot, and written as one, which costs one sync of the disk for all of them.

import { Plan, type Write } from "../planning.ts";
import { KEPT_CHANGES, type Key } from "../table.ts";
import type { Environment, Records } from "./environment.ts";
import { changeRecord, expiryKey, INLINE_BYTES, numberKey, putNumber, rowRecord } from "./format.ts";
import { firstLogged, keptOf } from "./reading.ts";

/** Transactions to plan: `add` adds them to a plan, and gives what to answer. */
interface Job<T = unknown> {
  readonly now: () => number;
  readonly bytes: number;
  add(plan: Plan): T;
  resolve(outcome: T): void;
  reject(error: unknown): void;
}

/** Transactions and bytes of values that are written as one at most. */
const MOST_JOBS = 1024;
const MOST_BYTES = 32 << 20;
/** Milliseconds that a writing waits at most for those whom the last one has answered. */
const LONGEST_GATHERING = 1;
/** How often another process may come between before everybody has to wait for us. */
const MOST_ROUNDS = 8;
/** Changes between two looks at how long the log is. */
const TRIM_EVERY = 1024;
/** Entries that are taken from the log at once. */
const MOST_TRIMMED = 16 * TRIM_EVERY;

const NOTHING = Buffer.from([0]);

/** A record to put, or without a value to remove. */
type Instruction = readonly [records: Records, key: Buffer, value?: Uint8Array];

const committers: WeakMap<Environment, Committer> = new WeakMap();

/** What writes to an environment: one for all tables on it, so that they do not get in each other's way. */
export function committerOf(environment: Environment): Committer {
  const known = committers.get(environment);
  if (known !== undefined) return known;
  const committer = new Committer(environment);
  committers.set(environment, committer);
  return committer;
}

export class Committer {
  readonly #environment: Environment;
  readonly #queue: Job[] = [];
  #running = false;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /**
   * Makes what `add` adds to a plan; its answer comes when all that it was planned against is on the disk.
   * `now` is the clock, `bytes` about what there is to write.
   */
  commit<T>(now: () => number, bytes: number, add: (plan: Plan) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ now, bytes, add, resolve, reject } as Job);
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    // What comes in the same turn of the event loop is written together.
    await new Promise(setImmediate);
    while (this.#queue.length > 0) {
      const jobs = this.#next();
      const began = performance.now();
      await this.#write(jobs);
      await this.#gather(jobs.length, performance.now() - began);
    }
    this.#running = false;
  }

  /**
   * Gives those whom the last writing has answered the chance to be in the next one with those who wait already:
   * otherwise they would go on in two groups that write in turn, and each would wait for the other. It takes them less time than a
   * writing does (`npm run bench -- --rows kv-put`).
   */
  async #gather(answered: number, took: number): Promise<void> {
    const expected = Math.min(this.#queue.length + answered, MOST_JOBS);
    const until = performance.now() + Math.min(took / 2, LONGEST_GATHERING);
    do {
      await new Promise(setImmediate);
    } while (this.#queue.length < expected && performance.now() < until);
  }

  #next(): readonly Job[] {
    const now = this.#queue[0]?.now;
    let bytes = 0;
    let count = 0;
    for (const job of this.#queue) {
      bytes += job.bytes;
      if (job.now !== now || count === MOST_JOBS || (count > 0 && bytes > MOST_BYTES)) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #write(jobs: readonly Job[]): Promise<void> {
    try {
      const outcomes = await this.#make(jobs);
      for (const [index, job] of jobs.entries()) job.resolve(outcomes[index]);
    } catch (error) {
      // One that is too large for the disk does not stop the others.
      if (jobs.length > 1) for (const job of jobs) await this.#write([job]);
      else jobs[0]?.reject(error);
    }
  }

  async #make(jobs: readonly Job[]): Promise<readonly unknown[]> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      this.#environment.refresh();
      const { plan, before, outcomes } = this.#plan(jobs);
      if (plan.changes.length === 0) return outcomes;
      const instructions = this.#instructions(plan, before);
      const done = await this.#environment.writeIf(before, plan.last, () => carryOut(instructions));
      if (done) return this.#told(outcomes);
    }
    let outcomes: readonly unknown[] = [];
    this.#environment.writeAlone((finish) => {
      const planned = this.#plan(jobs);
      ({ outcomes } = planned);
      if (planned.plan.changes.length === 0) return;
      carryOut(this.#instructions(planned.plan, planned.before));
      finish(planned.plan.last);
    });
    return this.#told(outcomes);
  }

  #told<T>(outcomes: T): T {
    for (const listener of this.#environment.listeners) listener();
    return outcomes;
  }

  #plan(jobs: readonly Job[]): {
    readonly plan: Plan;
    readonly before: number;
    readonly outcomes: readonly unknown[];
  } {
    const environment = this.#environment;
    const before = environment.last();
    // Planning asks for the same row several times.
    const known = new Map<Key, ReturnType<typeof keptOf>>();
    const plan = new Plan({
      tableId: environment.tableId,
      last: before,
      now: (jobs[0] as Job).now(),
      kept: (key) => {
        const found = known.get(key);
        if (found !== undefined || known.has(key)) return found;
        const kept = keptOf(environment, key);
        known.set(key, kept);
        return kept;
      },
    });
    return { plan, before, outcomes: jobs.map((job) => job.add(plan)) };
  }

  /** All is ready before the first is carried out: nothing may go wrong between them. */
  #instructions(plan: Plan, before: number): readonly Instruction[] {
    const { tableId, databases } = this.#environment;
    const all: Instruction[] = [];
    for (const [key, write] of plan.writes) this.#instructRow(key, write, all);
    for (const { number, change } of plan.changes) {
      all.push([databases.log, numberKey(number), changeRecord(change, tableId)]);
    }
    if (Math.floor(before / TRIM_EVERY) === Math.floor(plan.last / TRIM_EVERY)) return all;
    const first = firstLogged(this.#environment) ?? plan.last;
    const end = Math.min(plan.last - KEPT_CHANGES, first + Math.max(MOST_TRIMMED, 2 * plan.changes.length));
    for (let number = first; number < end; number += 1) all.push([databases.log, numberKey(number)]);
    return all;
  }

  #instructRow(key: Key, { before, after }: Write, all: Instruction[]): void {
    const { tableId, databases } = this.#environment;
    const { rows, blobs, order, expiry } = databases;
    const place = after?.kept.place;
    if (before !== undefined) {
      const { info } = before;
      if (before.place !== place) all.push([order, numberKey(before.place)]);
      if (info.expires !== undefined) all.push([expiry, expiryKey(info.expires, key)]);
      if (info.size > INLINE_BYTES) all.push([blobs, numberKey(putNumber(info, tableId))]);
    }
    const keyBytes = Buffer.from(key);
    if (after === undefined) {
      if (before !== undefined) all.push([rows, keyBytes]);
      return;
    }
    const { kept, value } = after;
    all.push([rows, keyBytes, rowRecord(kept, value, tableId)]);
    if (before?.place !== place) all.push([order, numberKey(kept.place), keyBytes]);
    if (kept.info.expires !== undefined) all.push([expiry, expiryKey(kept.info.expires, key), NOTHING]);
    if (value.length > INLINE_BYTES) all.push([blobs, numberKey(putNumber(kept.info, tableId)), value]);
  }
}

function carryOut(instructions: readonly Instruction[]): void {
  for (const [records, key, value] of instructions) {
    if (value === undefined) void records.remove(key);
    else void records.put(key, value);
  }
}
