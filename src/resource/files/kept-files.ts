// The files that are sent often, kept in memory, and how it is found out that they are no longer what they were.
//
//   fresh    looked at less than `cacheSeconds` ago, and no write through the tree since: sent without a look
//   due      one look; the same version is kept for another while, another version is read anew
//
// Other programs' changes show after `cacheSeconds` at the latest, our own at once.

import { isCompressible, mediaTypeOf } from "../../semantics/media-types.ts";
import type { FileInfo, Tree, TreePath } from "../../store/tree.ts";
import { WeightedCache } from "../cache.ts";
import { encode, NEIGHBOURS } from "./codings.ts";
import { type Coding, entityTag } from "./entity-tag.ts";
import { type Describing, type Form, KeptFile, type Neighbours } from "./kept-file.ts";

export interface KeepingOptions extends Describing {
  readonly cacheSeconds: number;
  readonly cacheFileBytes: number;
  readonly cacheBytes: number;
}

/** A file, the sign that it is a folder, or undefined when nothing is there. */
export type Found = KeptFile | "folder" | undefined;

interface Look {
  readonly generation: number;
  readonly found: Promise<Found>;
}

// About what an entry costs beside its bytes: two field sections, an answer, a place in the map.
const ENTRY_BYTES = 2048;

// The largest step in which a file system keeps times (FAT: 2 s). Within it, a change by another program
// may leave time and size as they were.
const RACY_MS = 2000;

// Another program that replaces a file faster than we can read it.
const TRIES = 3;

const NO_NEIGHBOURS: Neighbours = new Map();

export class KeptFiles {
  readonly tree: Tree;
  readonly #options: KeepingOptions;
  /** How an index.html is described that is sent in the place of its folder: a folder takes no PATCH. */
  readonly #asIndex: Describing;
  readonly #cache: WeightedCache<KeptFile>;
  readonly #looks: Map<string, Look> = new Map();
  readonly #making: WeakMap<KeptFile, Map<Coding, Promise<Form | undefined>>> = new WeakMap();
  /** Grows with each neighbour written through us. */
  #neighbourWrites = 0;

  constructor(tree: Tree, options: KeepingOptions) {
    this.tree = tree;
    this.#options = options;
    this.#asIndex = { compress: options.compress, writable: false };
    this.#cache = new WeightedCache(options.cacheBytes);
  }

  /** What is kept under a key, if it can be sent without a look at the disk. */
  fresh(key: string): KeptFile | undefined {
    const kept = this.#cache.get(key);
    if (kept === undefined || kept.generation !== this.tree.generation) return undefined;
    return performance.now() < kept.trustedUntil ? kept : undefined;
  }

  /** Looks at the disk for the file at a path, which is kept under the key. Throws what the tree throws. */
  look(key: string, path: TreePath): Promise<Found> {
    const { generation } = this.tree;
    const running = this.#looks.get(key);
    // One that began before the last write may see what was there before it; and "look each time" means each.
    if (running !== undefined && running.generation === generation && this.#options.cacheSeconds > 0) {
      return running.found;
    }
    const found = this.#look(key, path, generation).finally(() => {
      if (this.#looks.get(key)?.found === found) this.#looks.delete(key);
    });
    this.#looks.set(key, { generation, found });
    return found;
  }

  /** Lets go of what was found to be outdated. */
  forget(key: string): void {
    this.#cache.delete(key);
  }

  /** Told of every write through us: the tree's generation says that something changed, but not that a neighbour did. */
  written(path: TreePath): void {
    const name = path.at(-1) ?? "";
    if (NEIGHBOURS.some(([suffix]) => name.endsWith(suffix))) this.#neighbourWrites += 1;
  }

  /** The file in a coding; undefined when it is no longer what was kept. Made once, however many ask. */
  form(key: string, kept: KeptFile, coding: Coding): Form | Promise<Form | undefined> {
    const form = kept.forms.get(coding);
    if (form !== undefined) return form;
    let making = this.#making.get(kept);
    if (making === undefined) {
      making = new Map();
      this.#making.set(kept, making);
    }
    let made = making.get(coding);
    if (made === undefined) {
      made = this.#make(kept, coding)
        .then((form) => {
          if (form === undefined) return undefined;
          kept.forms.set(coding, form);
          if (form !== kept.identity) this.#cache.grow(key, kept, ENTRY_BYTES + (form.bytes?.length ?? 0));
          return form;
        })
        .finally(() => making.delete(coding));
      making.set(coding, made);
    }
    return made;
  }

  async #make(kept: KeptFile, coding: Coding): Promise<Form | undefined> {
    const { version } = kept.info;
    const neighbour = kept.neighbours.get(coding);
    if (neighbour !== undefined) {
      const etag = entityTag(version, coding, neighbour.version);
      if (neighbour.size > this.#options.cacheFileBytes) return kept.form(coding, etag, neighbour.size);
      const bytes = await this.#read(neighbourOf(kept.path, coding), neighbour.version);
      return bytes && kept.form(coding, etag, bytes);
    }
    const etag = entityTag(version, coding);
    if (kept.bytes === undefined) return kept.form(coding, etag, -1);
    const coded = await encode(coding, kept.bytes);
    return coded.length < kept.bytes.length ? kept.form(coding, etag, coded) : kept.identity;
  }

  async #read(path: TreePath, version: string): Promise<Uint8Array | undefined> {
    const file = await this.tree.open(path);
    if (file === undefined) return undefined;
    try {
      return file.info.version === version ? await file.bytes() : undefined;
    } finally {
      await file.close();
    }
  }

  async #look(key: string, path: TreePath, generation: number): Promise<Found> {
    const { cacheSeconds } = this.#options;
    const now = performance.now();
    const kept = this.#cache.get(key);
    const describing = key.endsWith("/") ? this.#asIndex : this.#options;
    for (let tries = 1; ; tries += 1) {
      const info = await this.tree.stat(path);
      if (info?.kind !== "file") {
        this.#cache.delete(key);
        return info === undefined ? undefined : "folder";
      }
      const writes = this.#neighbourWrites;
      const overdue = kept === undefined || now >= kept.trustedUntil || kept.neighboursSeen !== writes;
      const neighbours = overdue ? await this.#neighbours(path) : kept.neighbours;
      const file = await this.#keepOrLoad(kept, path, info, neighbours, describing);
      if (file === undefined && tries < TRIES) continue;
      if (file === undefined) return undefined;
      file.generation = generation;
      file.neighboursSeen = writes;
      file.trustedUntil = overdue ? now + cacheSeconds * 1000 : kept.trustedUntil;
      if (file !== kept) this.#cache.set(key, file, ENTRY_BYTES + 2 * key.length + (file.bytes?.length ?? 0));
      return file;
    }
  }

  async #keepOrLoad(
    kept: KeptFile | undefined,
    path: TreePath,
    info: FileInfo,
    neighbours: Neighbours,
    describing: Describing,
  ): Promise<KeptFile | undefined> {
    if (kept === undefined || !isSame(kept, info, neighbours))
      return this.#load(path, info, neighbours, describing);
    if (!kept.racy) return kept;
    const loaded = await this.#load(path, info, neighbours, describing);
    if (loaded?.bytes === undefined || kept.bytes === undefined) return loaded;
    if (loaded.info.version !== kept.info.version || Buffer.compare(loaded.bytes, kept.bytes) !== 0)
      return loaded;
    kept.racy = loaded.racy;
    return kept;
  }

  /** Undefined when it vanished. */
  async #load(
    path: TreePath,
    info: FileInfo,
    neighbours: Neighbours,
    describing: Describing,
  ): Promise<KeptFile | undefined> {
    const racy = Date.now() - info.modified < RACY_MS;
    let kept: KeptFile;
    if (info.size > this.#options.cacheFileBytes) {
      kept = new KeptFile(path, info, undefined, usable(neighbours, info.modified), describing);
    } else {
      const file = await this.tree.open(path);
      if (file === undefined) return undefined;
      try {
        const small = file.info.size <= this.#options.cacheFileBytes;
        const bytes = small ? await file.bytes() : undefined;
        kept = new KeptFile(path, file.info, bytes, usable(neighbours, file.info.modified), describing);
      } finally {
        await file.close();
      }
    }
    kept.racy = racy;
    return kept;
  }

  async #neighbours(path: TreePath): Promise<Neighbours> {
    if (!isCompressible(mediaTypeOf(path.at(-1) ?? ""))) return NO_NEIGHBOURS;
    const infos = await Promise.all(
      NEIGHBOURS.map(async ([, coding]) => {
        // One that cannot be read is as good as none.
        const info = await this.tree.stat(neighbourOf(path, coding)).catch(() => undefined);
        return info?.kind === "file" ? ([coding, info] as const) : undefined;
      }),
    );
    const there = infos.filter((info) => info !== undefined);
    return there.length === 0 ? NO_NEIGHBOURS : new Map(there);
  }
}

/** The path of the precompressed neighbour in a coding. */
export function neighbourOf(path: TreePath, coding: Coding): TreePath {
  const suffix = NEIGHBOURS.find(([, one]) => one === coding)?.[0] ?? "";
  return [...path.slice(0, -1), `${path.at(-1)}${suffix}`];
}

/** One that is older than its file was made of an earlier version. */
function usable(neighbours: Neighbours, modified: number): Neighbours {
  const young = [...neighbours].filter(([, info]) => info.modified >= modified);
  return young.length === neighbours.size ? neighbours : new Map(young);
}

function isSame(kept: KeptFile, info: FileInfo, neighbours: Neighbours): boolean {
  if (kept.info.version !== info.version) return false;
  const now = usable(neighbours, info.modified);
  if (now.size !== kept.neighbours.size) return false;
  for (const [coding, { version }] of now) {
    if (kept.neighbours.get(coding)?.version !== version) return false;
  }
  return true;
}
