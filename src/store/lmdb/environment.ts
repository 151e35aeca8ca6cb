// An LMDB environment: opened once in a process for each folder, however many tables are on it. Here is all
// that has to be known of the lmdb package's own ways.
//
// What is used of it, and why: reads are synchronous, from one snapshot that lasts until it is reset or the
// event loop turns. Writes are instructions that another thread carries out in one LMDB transaction; a block of them can
// depend on the version of a record. Without overlapping syncs their promise is fulfilled after LMDB has synced the data and
// then the page that makes them count. `transaction()` with a callback is not used: it can wait for ever.

import { statSync } from "node:fs";
import { join } from "node:path";
import type { Database, open, RootDatabase } from "lmdb";
import { StoreError } from "../errors.ts";
import { newTableId } from "../points.ts";
import { toStoreError } from "./faults.ts";
import { FORMAT, textOf } from "./format.ts";
import type { Site } from "./site.ts";

export type Records = Database<Uint8Array, Uint8Array>;

/** What a table consists of; `format.ts` tells what lies where. */
export interface Databases {
  readonly root: RootDatabase<Uint8Array, Uint8Array>;
  readonly meta: Records;
  readonly rows: Records;
  readonly blobs: Records;
  readonly order: Records;
  readonly expiry: Records;
  readonly log: Records;
}

const NAMES: ReadonlySet<string> = new Set(["meta", "rows", "blobs", "order", "expiry", "log"]);
const BINARY = { encoding: "binary", keyEncoding: "binary" } as const;
const FORMAT_KEY = Buffer.from("format");
const LAST_KEY = Buffer.from("last");
const NOTHING = Buffer.from([0]);

const environments: Map<string, Environment> = new Map();
const closing: Map<string, Promise<void>> = new Map();

/** Opens an environment, or takes the one that this process has open. Errors: NOT_A_STORE, IO and others. */
export async function takeEnvironment(site: Site, readOnly: boolean): Promise<Environment> {
  // Loaded when the first store is opened: its native part takes longer than all the rest of the library.
  const lmdb = await import("lmdb");
  for (let end = closing.get(site.identity); end !== undefined; end = closing.get(site.identity)) await end;
  let environment = environments.get(site.identity);
  if (environment === undefined) {
    environment = new Environment(lmdb.open, site, readOnly);
    environments.set(site.identity, environment);
  } else if (!readOnly) environment.allowWriting();
  environment.users += 1;
  return environment;
}

/** Gives back an environment; the last one closes it. */
export async function releaseEnvironment(environment: Environment): Promise<void> {
  environment.users -= 1;
  const { identity } = environment.site;
  if (environment.users > 0) return;
  environments.delete(identity);
  const end = environment.close();
  closing.set(identity, end);
  try {
    await end;
  } finally {
    closing.delete(identity);
  }
}

export class Environment {
  readonly site: Site;
  readonly tableId: string;
  /** Told when something has been written. */
  readonly listeners: Set<() => void> = new Set();
  users = 0;
  readonly #lmdbOpen: typeof open;
  #writable: boolean;
  #databases: Databases;
  /** What tells the file that is open from another one at its place. */
  readonly #file: number | undefined;
  /** Whether the snapshot is of this turn. */
  #looked = false;
  /** Why the last writing came to nothing: a number of the system or of LMDB. */
  #failure: number | undefined;

  constructor(lmdbOpen: typeof open, site: Site, readOnly: boolean) {
    this.#lmdbOpen = lmdbOpen;
    this.site = site;
    this.#writable = !readOnly;
    const intent = `Cannot open the store ${site.folder}`;
    try {
      this.#databases = this.#open();
      this.tableId = this.#begin(intent);
      this.#file = this.#fileThere();
    } catch (error) {
      throw toStoreError(intent, site.folder, error);
    }
  }

  get databases(): Databases {
    return this.#databases;
  }

  /** Lets an environment that was opened for reading write too. */
  allowWriting(): void {
    if (this.#writable) return;
    void this.#databases.root.close();
    this.#writable = true;
    try {
      this.#databases = this.#open();
    } catch (error) {
      throw toStoreError(`Cannot open the store ${this.site.folder} for writing`, this.site.folder, error);
    }
  }

  /**
   * Makes the reads of this turn of the event loop see what was there when it began, whoever has written it: the package
   * itself would go on with a snapshot for a millisecond, and a client that another process has answered may be here by then.
   */
  look(): void {
    if (this.#looked) return;
    this.#looked = true;
    setImmediate(() => {
      this.#looked = false;
    });
    this.refresh();
  }

  /** Makes the reads that follow see what is there by now, whoever has written it. */
  refresh(): void {
    this.#databases.root.resetReadTxn();
  }

  /** The number of the last change. */
  last(): number {
    const { meta } = this.#databases;
    return meta.getEntry(LAST_KEY)?.version ?? 0;
  }

  /**
   * Makes the changes that `write` instructs, if the number of the last change still is `before`; tells whether.
   * When the promise is fulfilled they are on the disk.
   */
  async writeIf(before: number, after: number, write: () => void): Promise<boolean> {
    const { meta } = this.#databases;
    this.#requireFile();
    this.#failure = undefined;
    try {
      return await meta.ifVersion(LAST_KEY, before, () => {
        write();
        meta.put(LAST_KEY, NOTHING, after);
      });
    } catch (error) {
      if (this.#failure === undefined) throw error;
      throw Object.assign(new Error("LMDB could not write", { cause: error }), { code: this.#failure });
    } finally {
      this.refresh();
    }
  }

  /** Makes changes while nobody else can, and waits for the disk meanwhile, as does the whole process. */
  writeAlone(change: (finish: (after: number) => void) => void): void {
    const { root, meta } = this.#databases;
    this.#requireFile();
    root.transactionSync(() => change((after) => void meta.put(LAST_KEY, NOTHING, after)));
    this.refresh();
  }

  async close(): Promise<void> {
    await this.#databases.root.close();
  }

  /** Who has removed the folder of an open store would still be told that all is written, into a file that has no name any more. */
  #requireFile(): void {
    if (this.#fileThere() === this.#file) return;
    throw new StoreError(
      "IO",
      `Cannot write to the store ${this.site.folder}: its files were removed or replaced while it was open; open it anew`,
    );
  }

  #fileThere(): number | undefined {
    return statSync(join(this.site.folder, "data.mdb"), { throwIfNoEntry: false })?.ino;
  }

  #open(): Databases {
    const root = this.#lmdbOpen<Uint8Array, Uint8Array>({
      path: this.site.folder,
      noSubdir: false,
      maxDbs: NAMES.size,
      readOnly: !this.#writable,
      overlappingSync: false,
      eventTurnBatching: false,
      // The thread that writes begins when all instructions are there, not in the middle of them.
      ...{ batchStartThreshold: Number.MAX_SAFE_INTEGER },
      ...BINARY,
    });
    try {
      this.#catchFailures(root);
      this.#requireOurs(root);
      const database = (name: string): Records => {
        const found = root.openDB({ name, ...BINARY, useVersions: name === "meta" }) as Records | undefined;
        if (found === undefined) throw this.#notOurs("it is not complete");
        return found;
      };
      return {
        root,
        meta: database("meta"),
        rows: database("rows"),
        blobs: database("blobs"),
        order: database("order"),
        expiry: database("expiry"),
        log: database("log"),
      };
    } catch (error) {
      void root.close();
      throw error;
    }
  }

  /** The package writes why it failed to the console, and nowhere else: this listens in, and keeps it silent. */
  #catchFailures(root: RootDatabase<Uint8Array, Uint8Array>): void {
    if (!this.#writable) return;
    const { env } = root as unknown as { env: { startWriting: StartWriting } };
    const start = env.startWriting;
    Object.defineProperty(env, "startWriting", {
      value: (address: number, callback: (status: number) => unknown): void => {
        start.call(env, address, (status) => {
          if (status >= 0 && status <= CALLED_BACK) return callback(status);
          this.#failure = status;
          return callback(COMMITTED);
        });
      },
    });
  }

  #requireOurs(root: RootDatabase<Uint8Array, Uint8Array>): void {
    for (const key of root.getKeys()) {
      // The package ends a name with a NUL.
      if (!NAMES.has(textOf(key).replace("\0", "")))
        throw this.#notOurs("it is a database of another program");
    }
  }

  /** Reads what the store is, and writes it into a new one. */
  #begin(intent: string): string {
    const { root, meta } = this.#databases;
    if (this.#writable && meta.get(FORMAT_KEY) === undefined) {
      root.transactionSync(() => {
        // Another process may have been quicker.
        if (meta.get(FORMAT_KEY) !== undefined) return;
        meta.put(FORMAT_KEY, Buffer.from(JSON.stringify({ format: FORMAT, id: newTableId() })), 0);
        meta.put(LAST_KEY, NOTHING, 0);
      });
      this.refresh();
    }
    const text = meta.get(FORMAT_KEY);
    const { format, id } = JSON.parse(text === undefined ? "{}" : Buffer.from(text).toString()) as Head;
    if (format === FORMAT && id !== undefined) return id;
    void root.close();
    if (format === undefined) throw this.#notOurs("it is not complete");
    throw new StoreError(
      "NOT_A_STORE",
      `${intent}: it has format ${format}, and this version knows ${FORMAT}; use the version that has made it`,
    );
  }

  #notOurs(why: string): StoreError {
    return new StoreError(
      "NOT_A_STORE",
      `Cannot open the store ${this.site.folder}: ${why}; give a folder that is empty or not there`,
    );
  }
}

interface Head {
  readonly format?: number;
  readonly id?: string;
}

type StartWriting = (address: number, callback: (status: number) => unknown) => void;

/** What the package's own callback is given when all is well, and to look for what is done. */
const COMMITTED = 1;
const CALLED_BACK = 2;
