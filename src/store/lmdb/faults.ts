// From what LMDB or the operating system found amiss to a StoreError with a sentence.

import { statfsSync } from "node:fs";
import { type StoreCode, StoreError } from "../errors.ts";

/** Numbers from 1 are the operating system's, those from -30,799 LMDB's. */
const REASONS: Readonly<Record<string, readonly [StoreCode, string]>> = {
  EACCES: ["PERMISSION", "the user that runs this process may not do that"],
  EDQUOT: ["NO_SPACE", "the disk quota is used up"],
  EMFILE: ["BUSY", "this process has too many files open; raise the limit with ulimit -n"],
  ENFILE: ["BUSY", "the system has too many files open"],
  ENOENT: ["NOT_FOUND", "there is no store; opened for writing, it is made"],
  ENOSPC: ["NO_SPACE", "the disk is full"],
  ENOTDIR: ["NOT_A_STORE", "what should be a folder on the way is a file"],
  EPERM: ["PERMISSION", "the user that runs this process may not do that"],
  EROFS: ["PERMISSION", "the file system is mounted read-only"],
  "1": ["PERMISSION", "the user that runs this process may not do that"],
  "2": ["NOT_FOUND", "its files are not there any more"],
  "13": ["PERMISSION", "the user that runs this process may not do that"],
  "24": ["BUSY", "this process has too many files open; raise the limit with ulimit -n"],
  "27": ["NO_SPACE", "the file would grow beyond what is allowed"],
  "28": ["NO_SPACE", "the disk is full"],
  "122": ["NO_SPACE", "the disk quota is used up"],
  "-30790": ["BUSY", "too many processes read it"],
  "-30792": ["NO_SPACE", "it cannot grow any more"],
  "-30793": ["NOT_A_STORE", "its data.mdb is not one of LMDB's files"],
  "-30794": ["NOT_A_STORE", "its data.mdb was written by another version of LMDB"],
};

/** What LMDB reports when the system took less than it was given, as it does on a full disk. */
const EIO = 5;

/** Bytes below which a disk counts as full. */
const NEXT_TO_NOTHING = 1 << 20;

/** Makes a StoreError of what a call threw. `bytes` is what was to be written. */
export function toStoreError(intent: string, folder: string, error: unknown, bytes = 0): StoreError {
  if (error instanceof StoreError) return error;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === EIO && freeBytes(folder) < 2 * bytes + NEXT_TO_NOTHING) {
    return new StoreError("NO_SPACE", `${intent}: the disk is full`, { cause: error });
  }
  const [known, reason] = REASONS[String(code)] ?? ["IO", String(message)];
  return new StoreError(known, `${intent}: ${reason}`, { cause: error });
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
