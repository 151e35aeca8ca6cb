// The calls into the operating system, as promises. Nothing here knows what a tree is.
//
// The callback functions of node:fs, wrapped by hand, cost less than FileHandle: no object for each file,
// and fewer promises for each call. Every call is one trip through libuv's thread pool.

import * as fs from "node:fs";

export type Stats = fs.BigIntStats;

const systemErrors = new WeakSet<object>();

/**
 * Tells whether a call of this file threw this. Errors of a content or a check must reach the caller as they
 * are, even when they bear a code such as ECONNRESET or EACCES; so a code alone decides nothing.
 */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === "object" && error !== null && systemErrors.has(error);
}

/** The operating system's code, such as "ENOENT", of an error that one of these calls threw. */
export function codeOf(error: unknown): string | undefined {
  return isSystemError(error) ? error.code : undefined;
}

type Done<T> = (error: NodeJS.ErrnoException | null, result?: T) => void;

function call<T>(begin: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    begin((error, result) => {
      if (error) {
        systemErrors.add(error);
        reject(error);
      } else {
        resolve(result as T);
      }
    });
  });
}

/** Waits for a call, and gives undefined when it fails with one of the codes. */
export async function unless<T>(codes: ReadonlySet<string>, pending: Promise<T>): Promise<T | undefined> {
  try {
    return await pending;
  } catch (error) {
    if (codes.has(codeOf(error) ?? "")) return undefined;
    throw error;
  }
}

function now<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    systemErrors.add(error as object);
    throw error;
  }
}

// Without the trip, for what the kernel has at hand and no lock is taken for: the numbers of a file that we hold open,
// and the end of one that has nothing left to write. A trip takes its turn behind other writers' fsyncs; this takes
// 3 µs. Looking at a name is none of these: it waits while the folder is being changed. (bench: put)

export const fstatNow = (fd: number): Stats => now(() => fs.fstatSync(fd, { bigint: true }));

export const closeNow = (fd: number): void => now(() => fs.closeSync(fd));

/** The codes that say that a path leads to nothing: a name that is too long cannot be there, either. */
export const ABSENT: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"]);

export const open = (file: string, flags: string | number, mode?: number): Promise<number> =>
  call((done) => fs.open(file, flags, mode, done));
export const close = (fd: number): Promise<void> => call((done) => fs.close(fd, done));
export const fsync = (fd: number): Promise<void> => call((done) => fs.fsync(fd, done));
export const fchmod = (fd: number, mode: number): Promise<void> => call((done) => fs.fchmod(fd, mode, done));
export const futimes = (fd: number, seconds: number): Promise<void> =>
  call((done) => fs.futimes(fd, seconds, seconds, done));
export const fstat = (fd: number): Promise<Stats> => call((done) => fs.fstat(fd, { bigint: true }, done));
export const lstat = (file: string): Promise<Stats> => call((done) => fs.lstat(file, { bigint: true }, done));
export const realpath = (file: string): Promise<string> => call((done) => fs.realpath.native(file, done));
export const rename = (from: string, to: string): Promise<void> => call((done) => fs.rename(from, to, done));
export const unlink = (file: string): Promise<void> => call((done) => fs.unlink(file, done));
export const mkdir = (folder: string): Promise<void> => call((done) => fs.mkdir(folder, done));
export const rmdir = (folder: string): Promise<void> => call((done) => fs.rmdir(folder, done));
export const readdir = (folder: string): Promise<fs.Dirent[]> =>
  call((done) => fs.readdir(folder, { withFileTypes: true }, done));

/** Copies a file to a name that must be free; shares the blocks where the file system can (btrfs, XFS, APFS). */
export const copyFile = (from: string, to: string): Promise<void> =>
  call((done) => fs.copyFile(from, to, fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE, done));

// Linux moves at most 2^31 - 4096 bytes a call, and Node refuses to ask for more than 2^31 - 1.
const LARGEST = 2 ** 30;

/** Reads into the buffer from a position of the file; gives the number of bytes, 0 at the end of the file. */
export const read = (fd: number, buffer: Uint8Array, position: number): Promise<number> =>
  call((done) => fs.read(fd, buffer, 0, Math.min(buffer.length, LARGEST), position, done));

/** Writes all of the bytes at a position of the file. */
export async function write(fd: number, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const length = Math.min(bytes.length - at, LARGEST);
    at += await call<number>((done) => fs.write(fd, bytes, at, length, position + at, done));
  }
}
