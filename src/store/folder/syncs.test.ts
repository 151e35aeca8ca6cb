import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FolderSyncs } from "./syncs.ts";

test("a folder is settled for all who ask, and again for who asks later", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-syncs-"));
  try {
    const syncs = new FolderSyncs();
    await mkdir(join(folder, "a"));
    syncs.made(join(folder, "a"));
    let settled = 0;
    const settle = async (each: string): Promise<void> => {
      await syncs.settle(each);
      settled += 1;
    };
    await Promise.all(Array.from({ length: 50 }, (_, n) => settle(n % 2 ? folder : join(folder, "a"))));
    await settle(folder);
    assert.equal(settled, 51);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a folder that may be written to but not read cannot be opened, which is no fault of a write", async () => {
  const base = await mkdtemp(join(tmpdir(), "sockeye-syncs-"));
  const folder = join(base, "letterbox");
  try {
    await chmod(base, 0o755);
    await mkdir(folder);
    await chmod(folder, 0o333);
    // The administrator may read everything.
    const administrator = process.geteuid?.() === 0;
    if (administrator) process.seteuid?.(65_534);
    try {
      await new FolderSyncs().settle(folder);
    } finally {
      if (administrator) process.seteuid?.(0);
    }
  } finally {
    await rm(base, { recursive: true });
  }
});

test("a folder that is gone has nothing to settle", async () => {
  await new FolderSyncs().settle(join(tmpdir(), "sockeye-no-such-folder"));
});
