// A capture in a file, or in a ring of files, each of which is whole by itself. Knows blocks, and not what is in them.

import { constants } from "node:fs";
import { type FileHandle, open, stat, unlink } from "node:fs/promises";
import { parse } from "node:path";
import type { CaptureFrame } from "./frame.ts";
import type { CaptureSink } from "./recorder.ts";

export interface CaptureFileOptions {
  readonly path: string;
  /**
   * Bytes after which the next file is begun. Files are named as dumpcap names them then: "a.pcapng" becomes
   * "a_00001_20300131235959.pcapng", with a number and the local time of its beginning. Default 0: one file, of any size.
   */
  readonly maxSize?: number | undefined;
  /** Files to keep: the oldest of this capture is removed for a further one. Default 0: all. */
  readonly maxFiles?: number | undefined;
}

/**
 * The capture cannot be written, or not any further; what was written before is a whole file. `code` is the system's, or
 * VANISHED when the file was removed or replaced under our hands.
 */
export class CaptureFileError extends Error {
  override readonly name = "CaptureFileError";
  readonly code: string;

  constructor(code: string, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** A capture tells who spoke of what: nobody else on the machine may read it, unless its owner says so. */
const MODE = 0o600;
/** dumpcap's numbers have five digits. */
const MOST_NUMBERS = 100_000;

/** A file that is being written. */
interface Current {
  readonly path: string;
  readonly handle: FileHandle;
  /** What tells it from another file of that name; undefined for what is no regular file, as a pipe. */
  readonly identity: { readonly device: number; readonly inode: number } | undefined;
  size: number;
}

/** Writes to files, each with the frame's prologue and epilogue. A file that was there before is overwritten. */
export class CaptureFile implements CaptureSink {
  readonly #path: string;
  readonly #maxSize: number;
  readonly #maxFiles: number;
  readonly #frame: CaptureFrame;
  #current: Current | undefined;
  #number = 0;
  /** Of this capture, the oldest first. */
  readonly #files: string[] = [];
  #broken = false;

  constructor(options: CaptureFileOptions, frame: CaptureFrame) {
    const { path, maxSize = 0, maxFiles = 0 } = options;
    this.#path = path;
    this.#maxSize = maxSize;
    this.#maxFiles = maxFiles;
    this.#frame = frame;
  }

  /** The files of this capture that are there, the newest last. */
  get files(): readonly string[] {
    return this.#files;
  }

  /** Begins the first file. Throws CaptureFileError, as do `write` and `close`. */
  async open(): Promise<void> {
    await this.#explained(() => this.#begin());
  }

  async write(blocks: Uint8Array): Promise<void> {
    await this.#explained(async () => {
      let rest = blocks;
      while (rest.length > 0) {
        const current = this.#current ?? (await this.#begin());
        await checkThere(current);
        const end = this.#maxSize === 0 ? rest.length : endOfFile(rest, this.#maxSize - current.size);
        await append(current, rest.subarray(0, end));
        rest = rest.subarray(end);
        if (this.#maxSize > 0 && current.size >= this.#maxSize) await this.#end(current);
      }
    });
  }

  async close(): Promise<void> {
    const current = this.#current;
    if (current === undefined) return;
    if (!this.#broken) {
      await this.#explained(() => this.#end(current));
      return;
    }
    this.#current = undefined;
    await current.handle.close();
  }

  async #begin(): Promise<Current> {
    const path = this.#maxSize === 0 ? this.#path : this.#nextPath();
    while (this.#maxFiles > 0 && this.#files.length >= this.#maxFiles) {
      // Gone is gone, whoever has removed it.
      await unlink(this.#files.shift() as string).catch(() => undefined);
    }
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;
    const handle = await open(path, flags, MODE);
    const stats = await handle.stat();
    const identity = stats.isFile() ? { device: stats.dev, inode: stats.ino } : undefined;
    const current: Current = { path, handle, identity, size: 0 };
    this.#current = current;
    this.#files.push(path);
    await append(current, this.#frame.prologue());
    return current;
  }

  #nextPath(): string {
    const { dir, name, ext } = parse(this.#path);
    this.#number++;
    const number = String(this.#number % MOST_NUMBERS).padStart(5, "0");
    const folder = dir === "" || dir.endsWith("/") ? dir : `${dir}/`;
    return `${folder}${name}_${number}_${timeText(new Date())}${ext}`;
  }

  async #end(current: Current): Promise<void> {
    await append(current, this.#frame.epilogue());
    this.#current = undefined;
    await current.handle.close();
  }

  async #explained(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#broken = true;
      throw explain(error as NodeJS.ErrnoException, this.#current?.path ?? this.#path);
    }
  }
}

/** Writes all of it, or takes back what was written of it: half a block would make the end of the file unreadable. */
async function append(current: Current, bytes: Uint8Array): Promise<void> {
  const { handle, identity, size } = current;
  try {
    for (let done = 0; done < bytes.length; ) {
      done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
    }
  } catch (error) {
    if (identity !== undefined) await handle.truncate(size).catch(() => undefined);
    throw error;
  }
  current.size += bytes.length;
}

/** A file that was removed can be written to until the disk is full of what nobody will ever read. */
async function checkThere({ path, identity }: Current): Promise<void> {
  if (identity === undefined) return;
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (stats?.dev === identity.device && stats.ino === identity.inode) return;
  throw Object.assign(new Error("the file is not there any more"), { code: "VANISHED" });
}

/** Where the block ends that reaches `room` bytes; all of it when none does. */
function endOfFile(blocks: Uint8Array, room: number): number {
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.length);
  let end = 0;
  while (end < blocks.length && (end < room || end === 0)) end += view.getUint32(end + 4, true);
  return end;
}

function timeText(date: Date): string {
  const parts = [date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()];
  return `${date.getFullYear()}${parts.map((part) => String(part).padStart(2, "0")).join("")}`;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full. Make room, or keep captures small with a size and a count of files",
  EDQUOT: "this user's share of the disk is used up",
  EFBIG:
    "the file has reached the largest size that is allowed. Choose a size after which the next one is begun",
  ENOENT: "there is no such folder",
  ENOTDIR: "there is no such folder",
  EISDIR: "that is a folder. Name a file in it",
  EACCES: "this user may not write there. Choose another place",
  EPERM: "this user may not write there. Choose another place",
  EROFS: "nothing can be written on that disk. Choose another place",
  EPIPE: "whoever read it does not any more",
  VANISHED: "the file was removed, moved or replaced meanwhile",
};

function explain(error: NodeJS.ErrnoException, path: string): CaptureFileError {
  const code = error.code ?? "UNKNOWN";
  const why = REASONS[code] ?? error.message;
  return new CaptureFileError(code, `Cannot write the capture to ${path}: ${why}`, error);
}
