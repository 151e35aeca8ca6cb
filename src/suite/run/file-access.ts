// The files that a test file names: where they are, and that none lies outside the file root. Knows nothing of
// templates or of what the bytes are for.

import { lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { Failure } from "../failure.ts";
import type { Span } from "../hurl/tree.ts";

/** Access to the files below one folder. */
export class FileAccess {
  readonly root: string;

  /** `root` is the folder that names are relative to: the test file's own, unless `--file-root` says another. */
  constructor(root: string) {
    this.root = resolve(root);
  }

  /**
   * The bytes of a file. `name` is as the test file has it, and `source` where it has it.
   * Failures: FILE_FORBIDDEN for what lies outside the root, also by a symbolic link; FILE for what is no file
   * or cannot be read.
   */
  read(name: string, source: Span): Uint8Array {
    const path = this.#inside(name, source);
    try {
      const real = realpathSync(path);
      if (!this.#contains(real)) throw forbidden(name, source);
      // A pipe or a terminal would be waited for.
      if (!statSync(real).isFile()) throw unreadable(name, source);
      return new Uint8Array(readFileSync(real));
    } catch (error) {
      throw error instanceof Failure ? error : unreadable(name, source, error);
    }
  }

  /** The path to write a file to, which need not be there, nor the folders above it. Failures: FILE_FORBIDDEN. */
  pathToWrite(name: string, source: Span): string {
    const path = this.#inside(name, source);
    const ground = existing(path);
    if (ground === undefined || !this.#contains(ground)) throw forbidden(name, source);
    return path;
  }

  #inside(name: string, source: Span): string {
    const path = resolve(this.root, name);
    if (name.includes("\0") || !isWithin(this.root, path)) throw forbidden(name, source);
    return path;
  }

  #contains(real: string): boolean {
    // A root that is not there contains nothing that is; what will be written below it stays below it.
    const root = existing(this.root);
    return root !== undefined && isWithin(root, real);
  }
}

/** Where a path really is, or the nearest folder above it that is there; undefined behind a link to nowhere. */
function existing(path: string): string | undefined {
  for (let at = path; ; at = dirname(at)) {
    try {
      return realpathSync(at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // What is not there may be looked for above; what may not be looked at, or is a link in circles, may not.
      if ((code !== "ENOENT" && code !== "ENOTDIR") || isLink(at) || at === dirname(at)) return undefined;
    }
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  // On another drive of Windows there is no relative way.
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function forbidden(name: string, source: Span): Failure {
  const problem = `unauthorized access to file ${name}, check --file-root option`;
  return new Failure("FILE_FORBIDDEN", source, problem);
}

function unreadable(name: string, source: Span, cause?: unknown): Failure {
  return new Failure("FILE", source, `file ${name} can not be read`, { cause });
}
