// Takes a file, a link or an empty folder out of the tree.

import { dirname, join } from "node:path";
import type { Check, TreePath } from "../tree.ts";
import { ABSENT, codeOf, lstat, rmdir, unless, unlink } from "./calls.ts";
import { Refusal } from "./faults.ts";
import { sweepFolder } from "./litter.ts";
import { isReservedPath, realPathOf } from "./paths.ts";
import type { Site } from "./site.ts";
import { infoOf, noteRemoved } from "./versions.ts";

/** Of a symbolic link, the check sees what it leads to, and the link itself is what goes. */
export async function removeEntry(site: Site, path: TreePath, check?: Check): Promise<boolean> {
  const name = path.at(-1);
  if (name === undefined) throw new Refusal("IS_ROOT", "the root folder itself stays");
  const folder = isReservedPath(path)
    ? undefined
    : await realPathOf(site, join(site.root, ...path.slice(0, -1)));
  const file = folder && join(folder, name);
  const target = file && (await realPathOf(site, file));
  if (file === undefined || target === undefined) {
    check?.(undefined);
    return false;
  }
  const removed = await site.locks.hold(target, async () => {
    const stats = await unless(ABSENT, lstat(target));
    const info = stats && infoOf(stats);
    check?.(info);
    if (stats === undefined || info === undefined) return false;
    if (info.kind === "folder" && target === file) await removeFolder(site, file);
    else await unlink(file);
    noteRemoved(stats);
    site.changed();
    return true;
  });
  if (removed) await site.syncs.settle(dirname(file));
  return removed;
}

async function removeFolder(site: Site, folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (codeOf(error) !== "ENOTEMPTY") throw error;
    // A process that was killed may have left a temporary file, which nobody can see or remove.
    await sweepFolder(folder, { stopped: false });
    await rmdir(folder);
  }
  site.syncs.unmade(folder);
}
