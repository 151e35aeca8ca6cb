// What transactions do to a table, worked out without doing it: from the rows that are there to the rows to
// write, the changes to tell of, and the outcome of each. A backend does what is planned, all at once.

import { checkKey } from "./keys.ts";
import { pointOf } from "./points.ts";
import type { Change, Expected, Key, NewRow, Outcome, RowInfo, Step, StepResult } from "./table.ts";

/** A row as a backend keeps it. */
export interface Kept {
  readonly info: RowInfo;
  /** The number of the change that created it: its place in the order of creation. */
  readonly place: number;
}

/** What becomes of one key. */
export interface Write {
  /** What the backend keeps at present, a row whose time is over included. */
  readonly before: Kept | undefined;
  readonly after: { readonly kept: Kept; readonly value: Uint8Array } | undefined;
}

/** A change and its number. */
export interface Numbered {
  readonly number: number;
  readonly change: Change;
}

/** What a batch is planned against. */
export interface Standing {
  readonly tableId: string;
  /** The number of the last change. */
  readonly last: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: number;
  /** What the backend keeps under a key, a row whose time is over included. */
  kept(key: Key): Kept | undefined;
}

/** Steps whose keys are keys and whose values are copied, so that their caller can go on. Throws INVALID_KEY and KEY_TOO_LONG. */
export function ownSteps(steps: readonly Step[]): readonly Step[] {
  return steps.map((step) => {
    checkKey(step.key);
    if (step.kind !== "put") return step;
    return { ...step, row: { ...step.row, value: new Uint8Array(step.row.value) } };
  });
}

/** Tells whether the time of a row is over. */
export function isExpired({ expires }: RowInfo, now: number): boolean {
  return expires !== undefined && expires <= now;
}

/** Transactions that are made together, one after the other. */
export class Plan {
  readonly #standing: Standing;
  readonly #writes: Map<Key, Write> = new Map();
  readonly #changes: Numbered[] = [];

  constructor(standing: Standing) {
    this.#standing = standing;
  }

  /** What to write; nothing when it is empty. */
  get writes(): ReadonlyMap<Key, Write> {
    return this.#writes;
  }

  /** What to tell of, numbered without a gap. */
  get changes(): readonly Numbered[] {
    return this.#changes;
  }

  /** The number of the last change when all is done. */
  get last(): number {
    return this.#standing.last + this.#changes.length;
  }

  /** Plans one more transaction behind those before it. */
  add(steps: readonly Step[]): Outcome {
    const draft = new Draft(this.#standing, this.#writes, this.last);
    const results: StepResult[] = [];
    for (const [index, step] of steps.entries()) {
      const before = draft.row(step.key);
      if (!isAsExpected(step.expected, before)) return { done: false, failed: index, current: before };
      results.push({ before, after: draft.make(step, before) });
    }
    this.#take(draft);
    return { done: true, results };
  }

  /** Plans to take away rows whose time is over. */
  sweep(keys: Iterable<Key>): void {
    const draft = new Draft(this.#standing, this.#writes, this.last);
    for (const key of keys) draft.expire(key);
    this.#take(draft);
  }

  #take({ writes, changes }: Draft): void {
    for (const [key, write] of writes) this.#writes.set(key, write);
    for (const change of changes) this.#changes.push(change);
  }
}

/** One transaction while it is being planned; nothing of it counts before its end. */
class Draft {
  readonly #standing: Standing;
  readonly #planned: ReadonlyMap<Key, Write>;
  #last: number;
  readonly writes: Map<Key, Write> = new Map();
  readonly changes: Numbered[] = [];

  constructor(standing: Standing, planned: ReadonlyMap<Key, Write>, last: number) {
    this.#standing = standing;
    this.#planned = planned;
    this.#last = last;
  }

  /** The row as a reader sees it. */
  row(key: Key): RowInfo | undefined {
    const kept = this.#now(key);
    return kept === undefined || isExpired(kept.info, this.#standing.now) ? undefined : kept.info;
  }

  /** Makes a step, and tells what it leaves. */
  make(step: Step, before: RowInfo | undefined): RowInfo | undefined {
    switch (step.kind) {
      case "put":
        return this.#put(step.key, step.row);
      case "remove":
        if (before === undefined) this.expire(step.key);
        else this.#remove(step.key, false);
        return undefined;
      case "check":
        return before;
    }
  }

  /** Takes a row away if its time is over. */
  expire(key: Key): void {
    const kept = this.#now(key);
    if (kept !== undefined && isExpired(kept.info, this.#standing.now)) this.#remove(key, true);
  }

  #put(key: Key, { value, mediaType, expires }: NewRow): RowInfo {
    this.expire(key);
    const { now, tableId } = this.#standing;
    const old = this.#now(key);
    const number = this.#next();
    const point = pointOf(number, tableId);
    const info: RowInfo = {
      key,
      size: value.length,
      mediaType,
      version: point,
      created: old?.info.created ?? now,
      changed: now,
      expires,
    };
    const kept: Kept = { info, place: old?.place ?? number };
    this.#write(key, { kept, value });
    this.changes.push({ number, change: { kind: "put", key, point, created: old === undefined, info } });
    return info;
  }

  #remove(key: Key, expired: boolean): void {
    const number = this.#next();
    this.#write(key, undefined);
    const point = pointOf(number, this.#standing.tableId);
    this.changes.push({ number, change: { kind: "remove", key, point, expired } });
  }

  #write(key: Key, after: Write["after"]): void {
    const earlier = this.writes.get(key) ?? this.#planned.get(key);
    const before = earlier === undefined ? this.#standing.kept(key) : earlier.before;
    this.writes.set(key, { before, after });
  }

  #now(key: Key): Kept | undefined {
    const write = this.writes.get(key) ?? this.#planned.get(key);
    return write === undefined ? this.#standing.kept(key) : write.after?.kept;
  }

  #next(): number {
    this.#last += 1;
    return this.#last;
  }
}

function isAsExpected(expected: Expected | undefined, current: RowInfo | undefined): boolean {
  if (expected === undefined) return true;
  if (expected === "absent") return current === undefined;
  if (expected === "present") return current !== undefined;
  return current?.version === expected.version;
}
