// What the writers of a tree share: where it is, who waits for whom, and what is known about it.

import { basename, dirname, join } from "node:path";
import type { TreePath } from "../tree.ts";
import { codeOf } from "./calls.ts";
import { Refusal } from "./faults.ts";
import type { Locks } from "./locks.ts";
import { type Bounds, findToWrite, isReservedPath, makeFolders, type Place, unmakeFolders } from "./paths.ts";
import type { FolderSyncs } from "./syncs.ts";

export interface Site extends Bounds {
  /** Held by the real path of a file, while it is changed. */
  readonly locks: Locks;
  readonly syncs: FolderSyncs;
  /** Called after each change. */
  changed(): void;
}

// A folder that is removed each time, right after we made it, has someone behind it who means it.
const TRIES = 10;

/**
 * Finds where a write of the path goes, makes missing folders, and begins there; then does the rest with what
 * was begun. When either fails, the folders that were made are taken back.
 *
 * `begin` puts a file into the folder, which so can no longer be removed by somebody else. Until then
 * it can: then all is tried again. Errors: RESERVED_NAME, IS_FOLDER, and those of findToWrite() and makeFolders().
 */
export async function writeAt<B, T>(
  site: Site,
  path: TreePath,
  begin: (place: Place) => Promise<B>,
  finish: (begun: B) => Promise<T>,
): Promise<T> {
  if (path.length === 0) throw new Refusal("IS_FOLDER", "it is a folder");
  if (isReservedPath(path)) throw new Refusal("RESERVED_NAME", "the name is kept for temporary files");
  const file = join(site.root, ...path);
  const made: string[] = [];
  try {
    return await finish(await beginAt(site, file, made, begin));
  } catch (error) {
    await unmakeFolders(site.syncs, made);
    throw error;
  }
}

async function beginAt<B>(
  site: Site,
  file: string,
  made: string[],
  begin: (place: Place) => Promise<B>,
): Promise<B> {
  for (let tries = 1; ; tries += 1) {
    try {
      const place = await findToWrite(site, dirname(file), basename(file));
      return await begin({ ...place, madeFolders: made.length });
    } catch (error) {
      if (codeOf(error) !== "ENOENT" || tries === TRIES) throw error;
    }
    await makeFolders(site, dirname(file), site.syncs, made);
  }
}
