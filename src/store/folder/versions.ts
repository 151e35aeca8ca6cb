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

/** The latest time that a write was moved on to, or that something removed had: what comes after is later. */
let highest = 0n;

// A file from the future (a wrong clock, an archive) must not take all others there.
const NEAR_NS = 1_000_000_000n;

function note(time: bigint, now: bigint): void {
  if (time > highest && time < now + NEAR_NS) highest = time;
}

/** Tells of the time of a file that was removed: one that is made in its place gets a later one. */
export function noteRemoved(stats: Stats): void {
  note(stats.mtimeNs, BigInt(Date.now()) * 1_000_000n);
}

// Some file systems keep times in steps of 1 ms, 1 s (ext3, HFS+) or 2 s (FAT).
const STEPS = [0, 1, 1_000, 1_000_000, 2_000_000] as const;

/**
 * Sees to it that the modification time of an open file, written a moment ago, is later than `after`, the time of
 * the version before. Returns the file's numbers.
 *
 * Left to the kernel, two writes within one tick of its clock (up to 10 ms) could have the same time and,
 * as inodes are used again, the same version: a condition on the first would then let the third in. Where
 * the kernel's time will do, it stays: setting one costs a trip, and a write to the disk's journal.
 */
export async function stamp(fd: number, after: bigint = 0n): Promise<Stats> {
  const natural = fstatNow(fd);
  const floor = after > highest ? after : highest;
  if (natural.mtimeNs > floor) return natural;
  const start = Number(floor / 1000n) + 1;
  for (const step of STEPS) {
    // A double has steps of 0.24 µs here, and libuv cuts to whole microseconds: half of one keeps away from the edge.
    const seconds = (start + step + 0.5) / 1e6;
    try {
      await futimes(fd, seconds);
    } catch (error) {
      // Only the owner may set a time. A file of another user that is extended in place has the kernel's time.
      if (codeOf(error) !== "EPERM") throw error;
      break;
    }
    const stats = fstatNow(fd);
    if (stats.mtimeNs > floor) {
      note(stats.mtimeNs, natural.mtimeNs);
      return stats;
    }
  }
  return fstatNow(fd);
}
