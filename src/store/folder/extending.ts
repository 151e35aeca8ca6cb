// The write that goes on at the end of a file, in place: for uploads that may break off and be taken up again.

import { constants } from "node:fs";
import type { Check, Content, TreePath, Written } from "../tree.ts";
import { close, fstat, fsync, open, type Stats, write } from "./calls.ts";
import { batchesOf } from "./content.ts";
import { Refusal } from "./faults.ts";
import { fileOnly, lookAt, type Place } from "./paths.ts";
import { type Site, writeAt } from "./site.ts";
import { fileInfoOf, stamp } from "./versions.ts";

const NEW_FILE = 0o666;
const WRITE = constants.O_WRONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
const CREATE = WRITE | constants.O_CREAT | constants.O_EXCL;

/** A file that we add to, and how we left it. */
interface Growth {
  readonly place: Place;
  readonly fd: number;
  readonly created: boolean;
  stats: Stats;
}

export async function extendFile(
  site: Site,
  path: TreePath,
  offset: number,
  content: Content,
  check?: Check,
): Promise<Written> {
  const begin = (place: Place): Promise<Growth> =>
    site.locks.hold(place.file, () => beginAt(site, place, offset, check));
  return writeAt(site, path, begin, async (growth) => {
    try {
      // The lock is free while we wait for the content, and is taken for each batch.
      for await (const batch of batchesOf(content)) {
        await site.locks.hold(growth.place.file, () => add(site, growth, batch));
      }
    } finally {
      // Also when the content broke off: what has arrived is kept.
      await settle(site, growth);
    }
    return { created: growth.created, info: fileInfoOf(growth.stats) };
  });
}

async function beginAt(site: Site, place: Place, offset: number, check?: Check): Promise<Growth> {
  const current = fileOnly(await lookAt(place.file));
  check?.(current && fileInfoOf(current));
  if (Number(current?.size ?? 0n) !== offset) throw mismatch(current);
  const created = current === undefined;
  const fd = await (created ? open(place.file, CREATE, NEW_FILE) : open(place.file, WRITE));
  try {
    const stats = created ? await stamp(fd) : await fstat(fd);
    if (created) site.changed();
    else if (!isWhereWeLeft(stats, current)) throw mismatch(stats);
    return { place, fd, created, stats };
  } catch (error) {
    await close(fd);
    throw error;
  }
}

async function add(site: Site, growth: Growth, batch: Uint8Array): Promise<void> {
  const current = await lookAt(growth.place.file);
  if (current === undefined || !isWhereWeLeft(current, growth.stats)) throw mismatch(current);
  try {
    await write(growth.fd, batch, Number(current.size));
  } finally {
    // On a full disk, a part of it may have been written.
    growth.stats = await stamp(growth.fd, current.mtimeNs);
    site.changed();
  }
}

async function settle(site: Site, { fd, created, place }: Growth): Promise<void> {
  try {
    await fsync(fd);
  } finally {
    await close(fd);
  }
  if (created) await site.syncs.settle(place.folder);
}

/** The same file, and as long as we left it: nobody has replaced it or added to it. */
function isWhereWeLeft(now: Stats, left: Stats): boolean {
  return now.ino === left.ino && now.dev === left.dev && now.size === left.size;
}

function mismatch(current: Stats | undefined): Refusal {
  const size = Number(current?.size ?? 0n);
  return new Refusal("OFFSET_MISMATCH", `it has ${size} bytes; go on from there`, size);
}
