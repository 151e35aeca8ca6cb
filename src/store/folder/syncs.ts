// Makes the names in folders durable. A rename is on the disk only after an fsync of its folder.
//
//   writer 1 ── rename ──┐
//   writer 2 ─ rename ─┐ ├── fsync runs ──┬── fsync runs ──
//   writer 3 ───── rename┼────────────────┤
//   writer 4 ──────────────── rename ─────┘   3 and 4 share the next one
//
// An fsync covers the renames that had ended before it began; whoever comes while it runs waits for the next,
// and all of them share that one. The folder is opened each time: a kept descriptor would need a look at
// the folder's inode before each use, since a folder can be moved away and made anew.

import { constants } from "node:fs";
import { dirname } from "node:path";
import { closeNow, codeOf, fsync, open, unless } from "./calls.ts";

interface Round {
  readonly running: Promise<void>;
  next: Promise<void> | undefined;
}

const windows = process.platform === "win32";
const FOLDER = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0);

// A folder that is gone again has no names to keep. One that may be written to but not read cannot be opened,
// and the change is made by now: to call it failed would have it made twice. Its names reach the disk when the
// system next writes by itself. Windows can neither open nor flush a folder.
const HARMLESS: ReadonlySet<string> = new Set(
  windows ? ["ENOENT", "EPERM", "EISDIR", "EINVAL", "EACCES"] : ["ENOENT", "EACCES"],
);

export class FolderSyncs {
  readonly #rounds = new Map<string, Round>();
  readonly #fresh = new Set<string>();

  /** Notes that this folder was made, and that its name in the folder above may not be on the disk yet. */
  made(folder: string): void {
    this.#fresh.add(folder);
  }

  /** Notes that the folder is gone again. */
  unmade(folder: string): void {
    this.#fresh.delete(folder);
  }

  /** Returns when all names in the folder, and the folder's own if it is new, are on the disk. */
  async settle(folder: string): Promise<void> {
    if (!this.#fresh.has(folder)) return this.#sync(folder);
    const fresh: string[] = [];
    let above = folder;
    // Also for folders that another write has made a moment ago: its fsync may still be under way.
    for (; this.#fresh.has(above); above = dirname(above)) fresh.push(above);
    await Promise.all([...fresh, above].map((each) => this.#sync(each)));
    for (const each of fresh) this.#fresh.delete(each);
  }

  #sync(folder: string): Promise<void> {
    const round = this.#rounds.get(folder);
    if (round === undefined) return this.#start(folder);
    const start = (): Promise<void> => this.#start(folder);
    round.next ??= round.running.then(start, start);
    return round.next;
  }

  #start(folder: string): Promise<void> {
    const running = unless(HARMLESS, flush(folder)).finally(() => {
      if (round.next === undefined) this.#rounds.delete(folder);
    });
    const round: Round = { running, next: undefined };
    this.#rounds.set(folder, round);
    return running;
  }
}

// Milliseconds between tries, and how many: other files are closed within that.
const PAUSE = 50;
const TRIES = 100;

/** The change is made by now, so a lack of descriptors must not make it look as if it were not. */
async function openFolder(folder: string): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await open(folder, FOLDER);
    } catch (error) {
      const code = codeOf(error);
      if ((code !== "EMFILE" && code !== "ENFILE") || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

async function flush(folder: string): Promise<void> {
  const fd = await openFolder(folder);
  try {
    await fsync(fd);
  } finally {
    closeNow(fd);
  }
}
