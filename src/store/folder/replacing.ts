// The writes that put a whole new file in the place of the old one: replace and append.

import type { Check, Content, FileInfo, TreePath, Written } from "../tree.ts";
import type { Stats } from "./calls.ts";
import { takeSmall } from "./content.ts";
import { Draft } from "./draft.ts";
import { Refusal } from "./faults.ts";
import { fileOnly, lookAt, type Place } from "./paths.ts";
import { type Site, writeAt } from "./site.ts";
import { fileInfoOf } from "./versions.ts";

// What is added by one append is kept in memory up to here, and in a temporary file beyond.
const IN_MEMORY_BYTES = 1024 * 1024;

// Another program that changes a file faster than we can copy it.
const TRIES = 10;

export async function replaceFile(
  site: Site,
  path: TreePath,
  content: Content,
  check?: Check,
): Promise<Written> {
  return writeAt(site, path, Draft.empty, async (draft) => {
    const written = await drafting(draft, async () => {
      await draft.write(content);
      // Outside the lock: the fsync takes long, and those of several writers go together.
      await draft.seal();
      return site.locks.hold(draft.place.file, async () => {
        const current = fileOnly(await lookAt(draft.place.file));
        check?.(current && fileInfoOf(current));
        return commit(site, draft, current);
      });
    });
    await site.syncs.settle(draft.place.folder);
    return written;
  });
}

/**
 * Adds to a copy of the file, which then takes its place: so a reader, or a process that is killed, never has a
 * part of what is added. The copy is cheap where the file system shares blocks (btrfs, XFS, APFS), and costs
 * as much as the file is large elsewhere.
 */
export async function appendFile(
  site: Site,
  path: TreePath,
  content: Content,
  check?: Check,
): Promise<Written> {
  // All of it before the lock is taken: a slow client must not make others wait.
  const added = await takeSmall(content, IN_MEMORY_BYTES);
  if (added.kind === "small") {
    return writeAt(
      site,
      path,
      (place) => appendAt(site, place, () => added.bytes, check),
      (written) => Promise.resolve(written),
    );
  }
  return writeAt(site, path, Draft.empty, (spool) =>
    drafting(spool, async () => {
      await spool.write(added.content);
      const written = await appendAt(site, spool.place, () => spool.content(), check);
      await spool.discard();
      return written;
    }),
  );
}

async function appendAt(site: Site, place: Place, added: () => Content, check?: Check): Promise<Written> {
  const written = await site.locks.hold(place.file, async () => {
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const current = fileOnly(await lookAt(place.file));
      check?.(current && fileInfoOf(current));
      const here: Place = { ...place, found: current };
      const draft = current === undefined ? await Draft.empty(here) : await Draft.copy(here, current);
      const done = await drafting(draft, async () => {
        await draft.write(added());
        await draft.seal();
        // Another process may have changed the file since it was copied. The gap is small, not closed.
        if (isSame(current, await lookAt(place.file))) return commit(site, draft, current);
        await draft.discard();
        return undefined;
      });
      if (done !== undefined) return done;
    }
    throw new Refusal("BUSY", "another program keeps changing the file");
  });
  await site.syncs.settle(place.folder);
  return written;
}

async function commit(site: Site, draft: Draft, current: Stats | undefined): Promise<Written> {
  const info: FileInfo = await draft.commit(current);
  site.changed();
  return { created: current === undefined, info };
}

/** Works on a draft and closes it; an error leaves nothing of it behind. */
async function drafting<T>(draft: Draft, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await draft.discard();
    throw error;
  } finally {
    draft.close();
  }
}

function isSame(a: Stats | undefined, b: Stats | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return fileInfoOf(a).version === fileInfoOf(b).version;
}
