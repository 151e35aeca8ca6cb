// From a path of the tree to a real one on the disk, and never out of the root by a symbolic link.
//
// The links are looked at before each use, but not held: node:fs has no openat(). Who may change the folder's
// links behind our back while a request runs could lead it astray; whoever writes through the tree cannot, as
// the tree makes no links.

import { basename, dirname, join, sep } from "node:path";
import type { TreePath } from "../tree.ts";
import { ABSENT, codeOf, lstat, mkdir, realpath, rmdir, type Stats, unless } from "./calls.ts";
import { Refusal } from "./faults.ts";
import type { FolderSyncs } from "./syncs.ts";
import { isReserved } from "./temporary.ts";

export interface Bounds {
  /** The real path of the root folder. */
  readonly root: string;
  readonly followLinks: boolean;
}

/** Where a write goes: all of it are real paths. */
export interface Place {
  readonly folder: string;
  readonly file: string;
  /** What was there when we looked; undefined when nothing was. */
  readonly found: Stats | undefined;
  /** How many folders, this one and those above, were made for the write. Default 0. */
  readonly madeFolders?: number;
}

// A lone surrogate has no UTF-8 form: it would become U+FFFD, and so another name.
const INVALID = /[/\0\p{Surrogate}]/u;

// Windows: a stream after ":", wildcards, a cut-off dot or space at the end, and names that are devices.
const INVALID_ON_WINDOWS = /[\\:*?"<>|\u0001-\u001f]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

function isValid(segment: string): boolean {
  if (segment === "" || segment === "." || segment === ".." || INVALID.test(segment)) return false;
  return process.platform !== "win32" || !INVALID_ON_WINDOWS.test(segment);
}

/** Errors: INVALID_PATH. */
export function checkPath(path: TreePath): void {
  if (!path.every(isValid))
    throw new Refusal("INVALID_PATH", "a segment of the path cannot be a name of a file");
}

/** Whether the path has a name that only temporary files have: nothing that can be seen is there. */
export function isReservedPath(path: TreePath): boolean {
  return path.some(isReserved);
}

function checkInside({ root, followLinks }: Bounds, real: string): string {
  const inside = real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
  if (!inside && !followLinks) throw new Refusal("OUTSIDE", "a symbolic link leads out of the root folder");
  return real;
}

/** Follows all links; undefined when nothing is there. Errors: OUTSIDE. */
export async function realPathOf(bounds: Bounds, file: string): Promise<string | undefined> {
  const real = await unless(ABSENT, realpath(file));
  return real === undefined ? undefined : checkInside(bounds, real);
}

/** Finds the real path of what is to be read; undefined when nothing is there. Errors: OUTSIDE. */
export async function findToRead(bounds: Bounds, path: TreePath): Promise<string | undefined> {
  return isReservedPath(path) ? undefined : realPathOf(bounds, join(bounds.root, ...path));
}

/**
 * Finds where a write of this path goes: through a link to its target. The folder must be there.
 *
 * Errors: OUTSIDE, IS_FOLDER, NOT_A_FILE, and NOT_FOUND for a link to nothing; ENOENT when the folder is missing.
 */
export async function findToWrite(bounds: Bounds, folder: string, name: string): Promise<Place> {
  const real = folder === bounds.root ? folder : checkInside(bounds, await realpath(folder));
  const file = join(real, name);
  const found = await lookAt(file);
  if (found?.isSymbolicLink()) {
    const target = await realPathOf(bounds, file);
    if (target === undefined) throw new Refusal("NOT_FOUND", "it is a symbolic link that leads nowhere");
    return { folder: dirname(target), file: target, found: fileOnly(await lookAt(target)) };
  }
  return { folder: real, file, found: fileOnly(found) };
}

/** The numbers of what is at this very name, without following a link; undefined when nothing is. */
export function lookAt(file: string): Promise<Stats | undefined> {
  return unless(ABSENT_NAME, lstat(file));
}

// Unlike ABSENT: who wants to write must learn that the name is too long, or that a file is in the way.
const ABSENT_NAME: ReadonlySet<string> = new Set(["ENOENT"]);

/** Errors: IS_FOLDER, NOT_A_FILE. */
export function fileOnly(stats: Stats | undefined): Stats | undefined {
  if (stats?.isDirectory()) throw new Refusal("IS_FOLDER", "it is a folder");
  if (stats !== undefined && !stats.isFile())
    throw new Refusal("NOT_A_FILE", "it is a FIFO, a socket or a device");
  return stats;
}

/**
 * Makes the folder and the missing ones above it; adds each one made to `made`, the highest first.
 * Errors: OUTSIDE, NOT_A_FOLDER, and NOT_FOUND for a link to nothing.
 */
export async function makeFolders(
  bounds: Bounds,
  folder: string,
  syncs: FolderSyncs,
  made: string[],
): Promise<string> {
  const there = await unless(ABSENT_NAME, realpath(folder));
  if (there !== undefined) return checkInside(bounds, there);
  if (folder === bounds.root) throw new Refusal("NOT_FOUND", "the root folder itself is gone");
  const above = await makeFolders(bounds, dirname(folder), syncs, made);
  const real = join(above, basename(folder));
  try {
    // Before the call: another write may find the folder the moment it is there.
    syncs.made(real);
    await mkdir(real);
    made.push(real);
    return real;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") {
      syncs.unmade(real);
      throw error;
    }
  }
  // Another write has made it a moment ago, or it is a link to nothing.
  const other = await realPathOf(bounds, real);
  if (other === undefined)
    throw new Refusal("NOT_FOUND", "a folder on the way is a symbolic link that leads nowhere");
  return other;
}

/** Takes back what makeFolders() made, as far as it is still empty. */
export async function unmakeFolders(syncs: FolderSyncs, made: readonly string[]): Promise<void> {
  for (const folder of made.toReversed()) {
    try {
      await rmdir(folder);
      syncs.unmade(folder);
    } catch {
      // Another write uses it by now.
      return;
    }
  }
}
