// The contract of a table of keys, whatever holds it: one process's memory, a file on one machine, or a
// server for many. It knows neither HTTP nor what the values mean; what a text is called that names a
// media type is for its callers to say.

/**
 * Any Unicode text of 1 to 1,024 bytes of UTF-8, controls and slashes included. Keys are ordered by their code
 * points, and compared as they are: NFC and NFD spellings are two keys. Errors: INVALID_KEY for a lone
 * surrogate and for the empty text, KEY_TOO_LONG.
 */
export type Key = string;

/** The longest key, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1024;

/** What is known of a row without its value. */
export interface RowInfo {
  readonly key: Key;
  /** Bytes of the value. */
  readonly size: number;
  /** As it was given with the value. */
  readonly mediaType: string;
  /**
   * Opaque, made of 0-9, a-z and "-". No two puts into one table ever share it, whatever the key, and neither
   * do two tables that follow each other at one place.
   */
  readonly version: string;
  /** Milliseconds since 1970-01-01 UTC, whole: when the key came. Replacing the value does not move it. */
  readonly created: number;
  /** The same: when the value came. */
  readonly changed: number;
  /** The same: from then on the row is gone, for everybody. Undefined: it stays. */
  readonly expires: number | undefined;
}

/** A row. The value is the table's: nobody may write into it. */
export interface Row extends RowInfo {
  readonly value: Uint8Array;
}

/** What a put leaves there. The table has copied the value when the call returns its promise. */
export interface NewRow {
  readonly value: Uint8Array;
  readonly mediaType: string;
  /** Milliseconds since 1970-01-01 UTC; undefined: it stays. A time that is over removes the row at once. */
  readonly expires?: number | undefined;
}

/** What has to be there for a step to be made: nothing, anything, or exactly this version. */
export type Expected = "absent" | "present" | { readonly version: string };

/** One step of a transaction. Without `expected`, a put and a remove are made whatever is there. */
export type Step =
  | {
      readonly kind: "put";
      readonly key: Key;
      readonly row: NewRow;
      readonly expected?: Expected | undefined;
    }
  | { readonly kind: "remove"; readonly key: Key; readonly expected?: Expected | undefined }
  | { readonly kind: "check"; readonly key: Key; readonly expected: Expected };

/** What a step found and what it left: undefined is no row. */
export interface StepResult {
  readonly before: RowInfo | undefined;
  readonly after: RowInfo | undefined;
}

/** What became of a transaction: all of its steps, or none. */
export type Outcome =
  | { readonly done: true; readonly results: readonly StepResult[] }
  | {
      readonly done: false;
      /** The number of the first step, from 0, whose expectation did not hold. */
      readonly failed: number;
      /** What is there in place of what it expected. */
      readonly current: RowInfo | undefined;
    };

/** Which rows to read, in which order, and how many at once. */
export interface Range {
  /** Keys that begin with this text; "" is all of them. Default "". */
  readonly prefix?: string | undefined;
  /** By key, or oldest key first. Default "key". */
  readonly order?: "key" | "created" | undefined;
  /** By key: any key, the rows behind it are read. By creation: `next` of the page before. */
  readonly after?: string | undefined;
  /** At most so many rows, at least 1. A page can have fewer though more follow: only `next` tells. Default 1,000. */
  readonly limit?: number | undefined;
}

/** A part of the rows, all as they were at one moment. */
export interface Page<R extends RowInfo> {
  readonly rows: readonly R[];
  /** What to give as `after` for the rows that follow; undefined when none do. */
  readonly next: string | undefined;
  /** The moment that the page shows: a watch from here misses nothing that the page does not show. */
  readonly point: string;
}

/** What has happened to a key. `point` is where it stands in the order of all changes. */
export type Change =
  | {
      readonly kind: "put";
      readonly key: Key;
      readonly point: string;
      readonly created: boolean;
      readonly info: RowInfo;
    }
  | {
      readonly kind: "remove";
      readonly key: Key;
      readonly point: string;
      /** Whether its time was over, rather than that somebody removed it. */
      readonly expired: boolean;
    };

export interface WatchOptions {
  /** Behind which change to begin: a `point` of this table. Default: with what happens from now on. */
  readonly after?: string | undefined;
  /** Only this key. */
  readonly key?: Key | undefined;
  /** Only keys that begin with this text. */
  readonly prefix?: string | undefined;
  /** Ends the watch: its loop is left without an error. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Changes in the order in which they happened, each exactly once, a transaction's in the order of its steps.
 * They come in groups as large as they have gathered, and are read when they are asked for. Its loop ends when
 * its signal says so or the table is closed. Can be gone through once; leaving the loop ends it.
 * Errors: POINT_GONE when its reader was so slow that what follows is not known any more; UNREACHABLE.
 */
export interface Watch extends AsyncIterable<readonly Change[]> {
  /** Where it begins, and later up to where it has looked, matching or not: to go on from there another time. */
  readonly point: string;
}

/** How many changes back a watch can begin at least. */
export const KEPT_CHANGES = 65_536;

/**
 * An ordered table of keys with values.
 *
 * A transaction that has returned survives the end of the process, where the backend outlives it at all, and of
 * the machine as far as the disk keeps its word; who reads sees all of it or nothing. Whoever has
 * got the answer to a write sees it when reading, in this process and in any other.
 * A row whose time is over is gone for every reader at that time; it is swept, and its watchers are told, soon after.
 *
 * Every method may throw a StoreError: INVALID_KEY and KEY_TOO_LONG for the keys given to it, BUSY, CLOSED,
 * UNREACHABLE when the store cannot be spoken to, IO; and `transact()` also NO_SPACE, READ_ONLY, VALUE_TOO_LARGE.
 */
export interface Table {
  /**
   * A number that is another one after each change that a reader would see: as long as it is the same, what was read
   * after it was looked at is still so, but for rows whose time is over since. Undefined: only asking tells.
   * For caches above, so looking costs next to nothing.
   */
  readonly generation: number | undefined;

  /** Reads a row; undefined when there is none. */
  get(key: Key): Promise<Row | undefined>;

  /** Tells of a row without reading its value; undefined when there is none. */
  stat(key: Key): Promise<RowInfo | undefined>;

  /** Reads rows as they are at one moment; the result has the keys' order. */
  getMany(keys: readonly Key[]): Promise<readonly (Row | undefined)[]>;

  /** Reads a page of rows with their values, of about a megabyte at most, but always one row if there is one. */
  scan(range?: Range): Promise<Page<Row>>;

  /** Reads a page of rows without their values. */
  list(range?: Range): Promise<Page<RowInfo>>;

  /**
   * Makes all steps or none, one after the other: each sees what those before it have left. Nobody else's
   * change comes between them. An expectation that fails is no error but an outcome.
   */
  transact(steps: readonly Step[]): Promise<Outcome>;

  /**
   * Reports changes, those that other processes make included: all that happen after the promise is fulfilled,
   * or all behind a point. Errors: POINT_GONE when what followed the point is not known any more, or it is none of
   * this table's.
   */
  watch(options?: WatchOptions): Promise<Watch>;

  /** Waits for the writes that are under way, ends watches; every later call throws CLOSED. */
  close(): Promise<void>;
}

/** What became of a single step. */
export type StepOutcome =
  | ({ readonly done: true } & StepResult)
  | { readonly done: false; readonly current: RowInfo | undefined };

/** Puts one row. */
export async function putRow(table: Table, key: Key, row: NewRow, expected?: Expected): Promise<StepOutcome> {
  return single(await table.transact([{ kind: "put", key, row, expected }]));
}

/** Removes one row; nothing is done, and nothing amiss, when there is none and none was expected. */
export async function removeRow(table: Table, key: Key, expected?: Expected): Promise<StepOutcome> {
  return single(await table.transact([{ kind: "remove", key, expected }]));
}

function single(outcome: Outcome): StepOutcome {
  if (!outcome.done) return { done: false, current: outcome.current };
  return { done: true, ...(outcome.results[0] as StepResult) };
}
