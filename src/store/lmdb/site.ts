// The folder of a store: whether it may become one, and whether what is in it is one. LMDB is asked only afterwards,
// as it ends the process when it is given a file of something else.

import { constants, type Stats } from "node:fs";
import { access, mkdir, open, readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { StoreError } from "../errors.ts";
import { toStoreError } from "./faults.ts";

const DATA = "data.mdb";
const LOCK = "lock.mdb";

/** Where a number stands in LMDB's file that tells that it is one. */
const MAGIC_AT = 24;
const MAGIC = 0xbeefc0de;

export interface Site {
  /** Without links. */
  readonly folder: string;
  /** The same for every path to this folder. */
  readonly identity: string;
}

/**
 * Finds the folder of a store, and makes it unless the store is only read.
 * Errors: NOT_A_STORE, NOT_FOUND (only for reading), PERMISSION, NO_SPACE, IO.
 */
export async function prepareSite(path: string, readOnly: boolean): Promise<Site> {
  const intent = `Cannot open the store ${path}`;
  try {
    const existing = await statOf(path);
    if (existing !== undefined && !existing.isDirectory()) {
      throw new StoreError("NOT_A_STORE", `${intent}: it is a file; a store is a folder of its own`);
    }
    if (existing === undefined && !readOnly) await mkdir(path, { recursive: true });
    const folder = await realpath(path);
    await checkContents(folder, intent, readOnly);
    const { dev, ino } = await stat(folder);
    return { folder, identity: `${dev}:${ino}` };
  } catch (error) {
    throw toStoreError(intent, path, error);
  }
}

async function checkContents(folder: string, intent: string, readOnly: boolean): Promise<void> {
  const names = await readdir(folder);
  if (!names.includes(DATA)) {
    const others = names.filter((name) => name !== LOCK);
    if (others.length > 0) {
      throw new StoreError(
        "NOT_A_STORE",
        `${intent}: it holds other things (${others.slice(0, 3).join(", ")}); give a folder that is empty or not there`,
      );
    }
    if (readOnly)
      throw new StoreError("NOT_FOUND", `${intent}: there is no store; opened for writing, it is made`);
    return access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  }
  await access(join(folder, DATA), readOnly ? constants.R_OK : constants.R_OK | constants.W_OK);
  // Readers are registered in this file, so that it is written even for reading.
  await access(names.includes(LOCK) ? join(folder, LOCK) : folder, constants.W_OK);
  await checkData(join(folder, DATA), intent);
}

async function checkData(file: string, intent: string): Promise<void> {
  const bytes = Buffer.alloc(MAGIC_AT + 4);
  const handle = await open(file);
  try {
    const { bytesRead } = await handle.read(bytes);
    // A store whose making was cut off right at the beginning.
    if (bytesRead === 0) return;
    if (bytesRead === bytes.length && bytes.readUInt32LE(MAGIC_AT) === MAGIC) return;
  } finally {
    await handle.close();
  }
  throw new StoreError(
    "NOT_A_STORE",
    `${intent}: its ${DATA} is not one of LMDB's files; give a folder that is empty or not there`,
  );
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}
