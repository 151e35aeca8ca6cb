// A tree of files on a real folder. This file knows which part does what, and what a caller may set; how to
// read and write is in the files beside it.
//
// Several processes may serve one folder. Each whole write still wins or loses whole, as a rename is atomic;
// versions agree; temporary files of the others are left alone. But a Check holds only against writes
// of the same process, through whichever tree: two processes that replace one file at the same instant may both
// find the old version, and the later one wins; of two appends at the same instant one may be lost.

import type { Check, Content, Entry, Info, OpenFile, Tree, TreePath, Written } from "../tree.ts";
import { ABSENT, lstat, realpath, unless } from "./calls.ts";
import { extendFile } from "./extending.ts";
import { Refusal, toStoreError } from "./faults.ts";
import { listFolder } from "./listing.ts";
import { type Stop, sweepTree } from "./litter.ts";
import { Locks } from "./locks.ts";
import { checkPath, findToRead } from "./paths.ts";
import { openToRead } from "./reading.ts";
import { removeEntry } from "./removing.ts";
import { appendFile, replaceFile } from "./replacing.ts";
import type { Site } from "./site.ts";
import { FolderSyncs } from "./syncs.ts";
import { infoOf } from "./versions.ts";

export interface FolderTreeOptions {
  /**
   * Whether symbolic links may lead out of the root. Default false: a link that someone unpacked or dropped
   * into a served folder must not show the rest of the disk. Links within the root always work.
   */
  readonly followLinks?: boolean;
  /** Whether every write fails with READ_ONLY, and nothing is swept. Default false. */
  readonly readOnly?: boolean;
  /**
   * Milliseconds that opening waits for the sweep of temporary files which killed processes left. Default 2000:
   * enough for some 100,000 files, and short enough for a start. The sweep goes on afterwards. 0: does not wait.
   */
  readonly sweepWait?: number;
}

const SWEEP_WAIT_MS = 2000;

/**
 * Opens a tree on a folder that exists.
 *
 * A new file has the permissions that the process's umask allows, a replaced one keeps its permissions, and
 * belongs to the user who runs the process. Errors: NOT_FOUND, NOT_A_FOLDER, PERMISSION, IO.
 */
export async function openFolderTree(root: string, options: FolderTreeOptions = {}): Promise<Tree> {
  let real: string;
  try {
    real = await realpath(root);
    if (!(await lstat(real)).isDirectory()) throw new Refusal("NOT_A_FOLDER", "it is not a folder");
  } catch (error) {
    throw toStoreError("open the folder", [root], error);
  }
  const tree = new FolderTree(real, options);
  await tree.sweep(options.sweepWait ?? SWEEP_WAIT_MS);
  return tree;
}

// What is known of the disk is known to all trees of the process: the folder of one may be, hold or link to that of
// another, and a file that two of them reach still has one writer at a time.
const LOCKS = new Locks();
const SYNCS = new FolderSyncs();
let generation = 0;

class FolderTree implements Tree {
  readonly #site: Site;
  readonly #readOnly: boolean;
  readonly #stop: Stop = { stopped: false };
  #sweeping: Promise<void> = Promise.resolve();

  constructor(root: string, { followLinks = false, readOnly = false }: FolderTreeOptions) {
    this.#readOnly = readOnly;
    this.#site = {
      root,
      followLinks,
      locks: LOCKS,
      syncs: SYNCS,
      changed: () => {
        generation += 1;
      },
    };
  }

  get generation(): number {
    return generation;
  }

  async sweep(wait: number): Promise<void> {
    if (this.#readOnly) return;
    this.#sweeping = sweepTree(this.#site.root, this.#stop);
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, wait);
    });
    await Promise.race([this.#sweeping, enough]);
    clearTimeout(timer);
  }

  stat(path: TreePath): Promise<Info | undefined> {
    return this.#do("look at", path, async () => {
      const real = await findToRead(this.#site, path);
      const stats = real === undefined ? undefined : await unless(ABSENT, lstat(real));
      return stats && infoOf(stats);
    });
  }

  open(path: TreePath): Promise<OpenFile | undefined> {
    return this.#do("read", path, async () => {
      const real = await findToRead(this.#site, path);
      return real === undefined ? undefined : unless(ABSENT, openToRead(path, real));
    });
  }

  list(path: TreePath): Promise<readonly Entry[]> {
    return this.#do("list", path, async () => {
      const real = await findToRead(this.#site, path);
      if (real === undefined) throw new Refusal("NOT_FOUND", "it is not there");
      if (!(await lstat(real)).isDirectory()) throw new Refusal("NOT_A_FOLDER", "it is not a folder");
      return listFolder(this.#site, real);
    });
  }

  replace(path: TreePath, content: Content, check?: Check): Promise<Written> {
    return this.#change("write", path, () => replaceFile(this.#site, path, content, check));
  }

  append(path: TreePath, content: Content, check?: Check): Promise<Written> {
    return this.#change("append to", path, () => appendFile(this.#site, path, content, check));
  }

  extend(path: TreePath, offset: number, content: Content, check?: Check): Promise<Written> {
    return this.#change("extend", path, () => extendFile(this.#site, path, offset, content, check));
  }

  remove(path: TreePath, check?: Check): Promise<boolean> {
    return this.#change("remove", path, () => removeEntry(this.#site, path, check));
  }

  async close(): Promise<void> {
    this.#stop.stopped = true;
    await this.#sweeping;
  }

  #change<T>(action: string, path: TreePath, work: () => Promise<T>): Promise<T> {
    return this.#do(action, path, () => {
      if (this.#readOnly) throw new Refusal("READ_ONLY", "the folder is served read-only");
      return work();
    });
  }

  async #do<T>(action: string, path: TreePath, work: () => Promise<T>): Promise<T> {
    try {
      if (this.#stop.stopped) throw new Refusal("CLOSED", "the tree has been closed");
      checkPath(path);
      return await work();
    } catch (error) {
      throw toStoreError(action, path, error);
    }
  }
}
