// The stores that a command line names: which text means which backend, and one open table for all who name the
// same one. Knows nothing of what is kept in them.

import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { StoreError } from "../store/errors.ts";
import { createMemoryTable } from "../store/memory/table.ts";
import type { Table } from "../store/table.ts";
import { CommandError, EXIT } from "./exit-codes.ts";

/** What a STORE on the command line stands for. */
export type StorePlace =
  | { readonly kind: "folder"; readonly path: string }
  /** Gone with the process. */
  | { readonly kind: "memory"; readonly name: string };

/** Reads a STORE: a folder's path, ":memory:" or ":memory:NAME". Throws CommandError. */
export function parseStore(text: string): StorePlace {
  if (text.startsWith(":memory:")) return { kind: "memory", name: text };
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1];
  if (scheme !== undefined) {
    // What stands behind the scheme may be a password: it is not repeated.
    throw usage(`Cannot open a store at ${scheme}://…: a store is the path of a folder, or :memory:`);
  }
  if (text === "") throw usage("Cannot open a store without a name: it is the path of a folder, or :memory:");
  return { kind: "folder", path: resolve(text) };
}

/** Whether there is something at the path. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT" && error.code !== "ENOTDIR",
  );
}

/** Throws CommandError when a STORE is none that outlives a command; `action` is what was to be done with it. */
export function requireLasting(text: string, action: string): void {
  if (parseStore(text).kind !== "memory") return;
  throw usage(`Cannot ${action}: ${text} is in the memory of a running server, which only its HTTP reaches`);
}

/** Opens each store once, and closes what it has opened. */
export class Stores {
  readonly #tables = new Map<string, Promise<Table>>();
  readonly #readOnly: boolean;

  /** `readOnly`: nothing is written into folders, and none is made. */
  constructor(readOnly: boolean) {
    this.#readOnly = readOnly;
  }

  /** The table of a STORE; one that is missing is made. Throws CommandError. */
  async open(text: string): Promise<Table> {
    const place = parseStore(text);
    const id = place.kind === "memory" ? place.name : await realPath(place.path);
    let table = this.#tables.get(id);
    if (table === undefined) {
      table = openPlace(place, text, this.#readOnly);
      this.#tables.set(id, table);
    }
    return table;
  }

  async close(): Promise<void> {
    const tables = await Promise.allSettled(this.#tables.values());
    this.#tables.clear();
    await Promise.all(
      tables.map((table) => (table.status === "fulfilled" ? table.value.close() : undefined)),
    );
  }
}

async function openPlace(place: StorePlace, text: string, readOnly: boolean): Promise<Table> {
  if (place.kind === "memory") return createMemoryTable();
  const { openLmdbTable } = await loadLmdb(text);
  try {
    return await openLmdbTable(place.path, { readOnly });
  } catch (error) {
    if (error instanceof StoreError && error.code === "NOT_FOUND") {
      throw failure(`Cannot open the store ${text}: there is no such store`, error);
    }
    throw storeFailure(error);
  }
}

/** It has a part that is made for each system, and not for all that Node runs on. */
async function loadLmdb(text: string): Promise<typeof import("../store/lmdb/table.ts")> {
  try {
    return await import("../store/lmdb/table.ts");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw failure(
      `Cannot open the store ${text}: LMDB does not run on this system (${why}). :memory: needs nothing of it`,
      error,
    );
  }
}

/** One folder has one name, whichever links lead to it, and whether it is there already or only its parent. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPath(parent), basename(path));
  }
}

/** What to throw for an error of a store: its own message says what could not be done, and why. */
export function storeFailure(error: unknown): unknown {
  return error instanceof StoreError ? failure(error.message, error) : error;
}

function failure(message: string, cause?: unknown): CommandError {
  return new CommandError(EXIT.failure, message, { cause });
}

function usage(message: string): CommandError {
  return new CommandError(EXIT.usage, message);
}
