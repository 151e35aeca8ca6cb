// The examples, run as their first lines tell.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serve, stop } from "./fixtures/command.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

test("examples/1-files.mjs finds every step of exercise 1 as it should be", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-example-"));
  await cp(join(root, "demo"), folder, { recursive: true });
  const server = await serve([folder]);
  try {
    // Twice: a run must not be disturbed by what an earlier one left.
    for (let round = 0; round < 2; round++) {
      const { stdout } = await promisify(execFile)(process.execPath, ["examples/1-files.mjs", server.url], {
        cwd: root,
      });
      assert.match(stdout, /All as the exercise has it\.\n$/);
    }
  } finally {
    await stop(server);
    await rm(folder, { recursive: true });
  }
});
