// Finds the temporary files that a process left when it was killed, and removes them. A file whose owner may
// still be writing is never touched.

import { dirname, join, sep } from "node:path";
import { lstat, readdir, rmdir, unlink } from "./calls.ts";
import { foldersMadeFor, isReserved, type Owner, ownerOf, self, startOf } from "./temporary.ts";

/** Ask for `stopped` between two steps, and end early when it is set. */
export interface Stop {
  stopped: boolean;
}

// The owner on another host cannot be asked. An upload that still runs changes its file more often than that.
const ABANDONED_MS = 24 * 60 * 60 * 1000;

function lives(owner: Owner): boolean {
  const start = startOf(owner.pid);
  if (start !== undefined) return start === owner.start;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

async function isLitter(file: string, name: string): Promise<boolean> {
  const owner = ownerOf(name);
  if (owner !== undefined && owner.host === self().host) return !lives(owner);
  const stats = await lstat(file);
  return Date.now() - Number(stats.mtimeMs) > ABANDONED_MS;
}

/**
 * Removes what is left over in one folder; gives the folders below it. What it may not read or remove stays. Adds
 * to `emptied` the folders that were made for what it removed.
 */
export async function sweepFolder(
  folder: string,
  stop: Stop,
  emptied: Set<string> = new Set(),
): Promise<string[]> {
  const entries = await readdir(folder).catch(() => []);
  for (const { name } of entries.filter((entry) => entry.isFile() && isReserved(entry.name))) {
    if (stop.stopped) break;
    const file = join(folder, name);
    try {
      if (!(await isLitter(file, name))) continue;
      await unlink(file);
      let made = folder;
      for (let left = foldersMadeFor(name); left > 0; left -= 1) {
        emptied.add(made);
        made = dirname(made);
      }
    } catch {
      // Another process swept it first, or it is not ours to remove.
    }
  }
  // isDirectory() is false for a link to a folder: links are not followed.
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name));
}

/** Removes what is left over in the whole tree, and the folders that were made for it and have nothing else in them. */
export async function sweepTree(root: string, stop: Stop): Promise<void> {
  const emptied = new Set<string>();
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined && !stop.stopped; folder = folders.pop()) {
    for (const below of await sweepFolder(folder, stop, emptied)) folders.push(below);
  }
  // A longer path first: a folder before the one that it is in.
  for (const folder of [...emptied].sort((a, b) => b.length - a.length)) {
    // Only an empty one can be removed so; and a file that was moved may name folders that were not made for it.
    if (!stop.stopped && folder.startsWith(root + sep)) await rmdir(folder).catch(() => undefined);
  }
}
