// What is in a folder, with the numbers of each entry.

import { join } from "node:path";
import type { Entry, Info } from "../tree.ts";
import { ABSENT, codeOf, lstat, readdir, unless } from "./calls.ts";
import { Refusal } from "./faults.ts";
import { type Bounds, realPathOf } from "./paths.ts";
import { isReserved } from "./temporary.ts";
import { infoOf } from "./versions.ts";

// The thread pool has 4 threads unless told otherwise; enough to keep it busy, not so many as to block others.
const AT_ONCE = 64;

/** Lists the folder at a real path, sorted by the code points of the names. */
export async function listFolder(bounds: Bounds, folder: string): Promise<readonly Entry[]> {
  // A name that is not valid UTF-8 comes with U+FFFD in it, and could not be opened by that.
  const names = (await readdir(folder))
    .map(({ name }) => name)
    .filter((name) => !isReserved(name) && !name.includes("\ufffd"));
  const entries: Entry[] = [];
  const rest = names.values();
  async function work(): Promise<void> {
    for (const name of rest) {
      const info = await look(bounds, join(folder, name));
      if (info !== undefined) entries.push({ name, info });
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, names.length) }, work));
  return entries.sort((a, b) => compareCodePoints(a.name, b.name));
}

/** What is there; undefined when it cannot be shown: vanished, special, or a link to outside or to nothing. */
async function look(bounds: Bounds, file: string): Promise<Info | undefined> {
  try {
    const stats = await unless(ABSENT, lstat(file));
    if (!stats?.isSymbolicLink()) return stats && infoOf(stats);
    const real = await realPathOf(bounds, file);
    const target = real === undefined ? undefined : await unless(ABSENT, lstat(real));
    return target && infoOf(target);
  } catch (error) {
    // A link into a folder that we may not enter leads to nothing for us.
    if (error instanceof Refusal || codeOf(error) === "EACCES") return undefined;
    throw error;
  }
}

/** Orders as UTF-8 bytes do. The language's own order puts U+1F600, two surrogates, before U+FFFD. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const x = a.charCodeAt(at);
    const y = b.charCodeAt(at);
    if (x !== y) return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
