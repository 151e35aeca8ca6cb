import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
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

test("a folder that is gone has nothing to settle", async () => {
  await new FolderSyncs().settle(join(tmpdir(), "sockeye-no-such-folder"));
});
