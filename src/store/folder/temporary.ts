// The names of temporary files: made so that a later process can tell whose they were, and whether that one
// still lives.
//
//   .sockeye-<host>-<process id>-<start of the process>-<counter>[-<folders>].tmp
//
// <folders> is how many were made to put the file there: they go with it. About 50 bytes, whatever the target's name is: that one may have all the 255 bytes that a name can have.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { codeOf, copyFile, open } from "./calls.ts";

/** The process that a temporary file belongs to. */
export interface Owner {
  /** A hash of the host's name: eight digits of base 16. */
  readonly host: string;
  readonly pid: number;
  /** When the process began: process ids are used again, and the first process of a container is always 1. */
  readonly start: string;
}

// Letters of either case, for file systems that do not tell them apart.
const RESERVED = /^\.sockeye-.*\.tmp$/is;
const NAME = /^\.sockeye-([0-9a-f]{8})-(\d+)-([0-9a-z]+)-[0-9a-z]+(?:-(\d{1,4}))?\.tmp$/;

export function isReserved(name: string): boolean {
  return RESERVED.test(name);
}

/** Tells whose temporary file has this name; undefined when the name is not one that this program makes. */
export function ownerOf(name: string): Owner | undefined {
  const [, host, pid, start] = NAME.exec(name) ?? [];
  if (host === undefined || pid === undefined || start === undefined) return undefined;
  return { host, pid: Number(pid), start };
}

/** Tells how many folders, the one that it is in and those above, were made for the file of this name. */
export function foldersMadeFor(name: string): number {
  return Number(NAME.exec(name)?.[4] ?? 0);
}

export function temporaryName(owner: Owner, counter: number, madeFolders: number = 0): string {
  const made = madeFolders === 0 ? "" : `-${madeFolders}`;
  return `.sockeye-${owner.host}-${owner.pid}-${owner.start}-${counter.toString(36)}${made}.tmp`;
}

/**
 * Tells when a process began, as a word to compare; "" when no such process lives, and undefined when this
 * system does not tell. Linux: proc(5), field 22 of /proc/PID/stat, in ticks since the boot.
 */
export function startOf(pid: number): string | undefined {
  if (process.platform !== "linux") return undefined;
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ESRCH" ? "" : undefined;
  }
  // Field 2 is the program's name in parentheses, and may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const dead = fields[0] === "Z" || fields[0] === "X";
  return dead ? "" : Number(fields[19]).toString(36);
}

let known: Owner | undefined;

/** This process, as an owner of temporary files. */
export function self(): Owner {
  known ??= {
    host: createHash("sha256").update(hostname()).digest("hex").slice(0, 8),
    pid: process.pid,
    start: startOf(process.pid) || Math.round(performance.timeOrigin).toString(36),
  };
  return known;
}

let counter = 0;

async function claim<T>(
  folder: string,
  madeFolders: number,
  take: (file: string) => Promise<T>,
): Promise<[string, T]> {
  for (;;) {
    counter += 1;
    const file = join(folder, temporaryName(self(), counter, madeFolders));
    try {
      return [file, await take(file)];
    } catch (error) {
      // A worker thread counts for itself under the same process id.
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
}

/** Creates a temporary file in the folder, open for reading and writing; gives its name and descriptor. */
export function createTemporary(
  folder: string,
  mode: number,
  madeFolders: number,
): Promise<[file: string, fd: number]> {
  return claim(folder, madeFolders, (file) => open(file, "wx+", mode));
}

/** Copies a file to a new temporary one in the folder, with its permissions; gives the name. */
export async function copyToTemporary(source: string, folder: string): Promise<string> {
  const [file] = await claim(folder, 0, (copy) => copyFile(source, copy));
  return file;
}
