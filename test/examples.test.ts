// The examples, run as their first lines tell.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { serve, stop } from "./fixtures/command.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs an example against a server; gives what it printed. One that ends with anything but 0 throws. */
async function example(name: string, url: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [`examples/${name}`, url], { cwd: root });
  return stdout;
}

const ALL_WELL = /All as the exercise has it\.\n$/;

test("examples/1-files.mjs finds every step of exercise 1 as it should be", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-example-"));
  await cp(join(root, "demo"), folder, { recursive: true });
  const server = await serve([folder]);
  try {
    // Twice: a run must not be disturbed by what an earlier one left.
    for (let round = 0; round < 2; round++) {
      assert.match(await example("1-files.mjs", server.url), ALL_WELL);
    }
  } finally {
    await stop(server);
    await rm(folder, { recursive: true });
  }
});

test("examples/2-pages.mjs finds every line of exercise 2 as it should be, and leaves no page behind", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-example-"));
  const server = await serve(["--mount", `/=pages:${folder}`]);
  try {
    for (let round = 0; round < 2; round++) {
      assert.match(await example("2-pages.mjs", server.url), ALL_WELL);
      assert.deepEqual(await readdir(folder), []);
    }
  } finally {
    await stop(server);
    await rm(folder, { recursive: true });
  }
});

for (const kept of ["in memory", "on the disk"]) {
  test(`examples/3-form.mjs finds the sixteen cases of exercise 3 as they should be, ${kept}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "sockeye-example-"));
    const store = kept === "in memory" ? ":memory:" : join(folder, "store");
    const server = await serve(["--mount", `/=form:${store}`, "--allow-end"]);
    try {
      assert.match(await example("3-form.mjs", server.url), ALL_WELL);
      // The last case was to end it.
      assert.equal((await server.finished).code, 0);
    } finally {
      await stop(server);
      await rm(folder, { recursive: true });
    }
  });

  test(`examples/4-records.mjs finds every line of exercise 4 as it should be, ${kept}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "sockeye-example-"));
    const store = kept === "in memory" ? ":memory:" : join(folder, "store");
    const schema = join(root, "demo/animals.schema.json");
    const server = await serve(["--mount", `/=records:${store},schema=${schema}`]);
    try {
      // Twice: a run must not be disturbed by what an earlier one left.
      for (let round = 0; round < 2; round++) {
        assert.match(await example("4-records.mjs", server.url), ALL_WELL);
      }
    } finally {
      await stop(server);
      await rm(folder, { recursive: true });
    }
  });
}
