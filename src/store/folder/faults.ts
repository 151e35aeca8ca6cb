// From what went wrong to a StoreError with a sentence: "Cannot write a/b.txt: the disk is full".

import type { StoreCode } from "../errors.ts";
import { StoreError } from "../errors.ts";
import type { TreePath } from "../tree.ts";
import { isSystemError } from "./calls.ts";

/** A reason found deep inside, which does not know what was being done to which path. Never leaves the tree. */
export class Refusal extends Error {
  readonly code: StoreCode;
  readonly offset: number | undefined;

  constructor(code: StoreCode, reason: string, offset?: number) {
    super(reason);
    this.code = code;
    this.offset = offset;
  }
}

const REASONS: Readonly<Record<string, readonly [StoreCode, string]>> = {
  EACCES: ["PERMISSION", "the user that runs this process may not do that"],
  EBUSY: ["BUSY", "another program holds it"],
  EDQUOT: ["NO_SPACE", "the disk quota is used up"],
  EFBIG: ["NO_SPACE", "the file would grow beyond what is allowed"],
  EISDIR: ["IS_FOLDER", "it is a folder"],
  ELOOP: ["NOT_FOUND", "a symbolic link leads nowhere"],
  EMFILE: ["BUSY", "this process has too many files open; raise the limit with ulimit -n"],
  ENAMETOOLONG: ["NAME_TOO_LONG", "the name is longer than the file system allows"],
  ENFILE: ["BUSY", "the system has too many files open"],
  ENOENT: ["NOT_FOUND", "it is not there"],
  ENOSPC: ["NO_SPACE", "the disk is full"],
  ENOTDIR: ["NOT_A_FOLDER", "what should be a folder on the way is a file"],
  ENOTEMPTY: ["FOLDER_NOT_EMPTY", "the folder is not empty"],
  ENXIO: ["NOT_A_FILE", "it is a FIFO, a socket or a device"],
  EPERM: ["PERMISSION", "the user that runs this process may not do that"],
  EROFS: ["READ_ONLY", "the file system is mounted read-only"],
};

/** The path as people write it. */
export function shown(path: TreePath): string {
  return path.length === 0 ? "the root folder" : path.join("/");
}

/** Makes a StoreError of what a call or this backend threw; an error from anywhere else stays what it is. */
export function toStoreError(action: string, path: TreePath, error: unknown): unknown {
  const intent = `Cannot ${action} ${shown(path)}`;
  if (error instanceof Refusal) {
    return new StoreError(error.code, `${intent}: ${error.message}`, { offset: error.offset });
  }
  if (isSystemError(error)) {
    const [code, reason] = REASONS[error.code ?? ""] ?? ["IO", error.message];
    return new StoreError(code, `${intent}: ${reason}`, { cause: error });
  }
  return error;
}
