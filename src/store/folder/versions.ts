// What a file's numbers say about it, and how a write of ours gets numbers that no earlier one had.

import type { FileInfo, Info } from "../tree.ts";
import { codeOf, fstatNow, futimes, type Stats } from "./calls.ts";
import { Refusal } from "./faults.ts";

/**
 * The version of a file: its modification time in nanoseconds, its size and its inode, in base 36.
 * All three come from the file system, so every process that serves the folder tells the same.
 */
function versionOf(stats: Stats): string {
  return `${stats.mtimeNs.toString(36)}-${stats.size.toString(36)}-${stats.ino.toString(36)}`;
}

export function fileInfoOf(stats: Stats): FileInfo {
  return { kind: "file", size: Number(stats.size), modified: modifiedOf(stats), version: versionOf(stats) };
}

/** Tells what the numbers stand for. Errors: NOT_A_FILE. */
export function infoOf(stats: Stats): Info {
  if (stats.isFile()) return fileInfoOf(stats);
  if (stats.isDirectory()) return { kind: "folder", modified: modifiedOf(stats) };
  throw new Refusal("NOT_A_FILE", "it is neither a file nor a folder");
}

function modifiedOf(stats: Stats): number {
  // Divided as BigInt, which rounds towards zero; times before 1970 are rare enough.
  return Number(stats.mtimeNs / 1_000_000n);
}

let last = 0;

/** The time in microseconds: never the same twice in this process, and seldom in two. */
function nextMicros(): number {
  // Date.now() follows the machine's clock but ticks in milliseconds; the monotonic clock gives the rest.
  const now = Date.now() * 1000 + Math.floor((performance.now() % 1) * 1000);
  last = Math.max(now, last + 1);
  return last;
}

// Some file systems keep times in steps of 1 ms, 1 s (ext3, HFS+) or 2 s (FAT).
const STEPS = [0, 1, 1_000, 1_000_000, 2_000_000] as const;

/**
 * Sets the modification time of an open file to now, and later than `after` in any case. Returns its numbers.
 *
 * Left to the kernel, two writes within one tick of its clock (up to 10 ms) could have the same time and,
 * as inodes are used again, the same version: a condition on the first would then let the third in.
 */
export async function stamp(fd: number, after?: bigint): Promise<Stats> {
  const start = Math.max(nextMicros(), after === undefined ? 0 : Number(after / 1000n) + 1);
  for (const step of STEPS) {
    // A double has steps of 0.24 µs here, and libuv cuts to whole microseconds: half of one keeps away from the edge.
    const seconds = (start + step + 0.5) / 1e6;
    try {
      await futimes(fd, seconds);
    } catch (error) {
      // Only the owner may set a time. A file of another user that is extended in place has the kernel's time.
      if (codeOf(error) !== "EPERM") throw error;
      return fstatNow(fd);
    }
    const stats = fstatNow(fd);
    if (after === undefined || stats.mtimeNs > after) return stats;
  }
  return fstatNow(fd);
}
