// The examples: as examples/run.mjs runs them all, and each against servers that keep their data in memory and on
// the disk, which an example must leave as it found it.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Finished, run, serve, stop } from "./fixtures/command.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const FILES = ["1-files.hurl", "2-pages.hurl", "3-form.hurl", "4-records.hurl"];
const STORES = ["in memory", "on the disk"] as const;

function example(name: string, url: string): Promise<Finished> {
  return run(["run", "--test", "--variable", `host=${url}`, join(root, "examples", name)]);
}

async function passes(name: string, url: string): Promise<void> {
  const { code, stdout, stderr } = await example(name, url);
  assert.equal(code, 0, stdout + stderr);
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-example-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function storeIn(folder: string, kept: (typeof STORES)[number]): string {
  return kept === "in memory" ? ":memory:" : join(folder, "store");
}

/** The client's port in each line of a server's log. */
function clientPorts(log: string): readonly string[] {
  return [...log.matchAll(/ ms {2}127\.0\.0\.1:(\d+)$/gm)].map(([, port = ""]) => port);
}

test("examples/run.mjs starts a server for each file as its first comment tells, and all are well", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(root, "examples/run.mjs")]);
  for (const name of FILES) assert.match(stdout + stderr, new RegExp(`examples/${name}.*: Success`));
});

describe("an example passes, twice in a row against one server, and leaves nothing behind", () => {
  test("1-files.hurl", () =>
    inFolder(async (folder) => {
      await cp(join(root, "demo"), folder, { recursive: true });
      const before = await readdir(folder, { recursive: true });
      const server = await serve([folder]);
      try {
        for (let round = 0; round < 2; round++) {
          await passes("1-files.hurl", server.url);
          assert.deepEqual(await readdir(folder, { recursive: true }), before);
        }
      } finally {
        await stop(server);
      }
    }));

  test("2-pages.hurl", () =>
    inFolder(async (folder) => {
      const server = await serve(["--mount", `/=pages:${folder}`]);
      try {
        for (let round = 0; round < 2; round++) {
          await passes("2-pages.hurl", server.url);
          assert.deepEqual(await readdir(folder), []);
        }
      } finally {
        await stop(server);
      }
    }));

  for (const kept of STORES) {
    test(`4-records.hurl ${kept}, each time over one connection`, () =>
      inFolder(async (folder) => {
        const schema = join(root, "demo/animals.schema.json");
        const server = await serve(["--mount", `/=records:${storeIn(folder, kept)},schema=${schema}`]);
        try {
          for (let round = 0; round < 2; round++) await passes("4-records.hurl", server.url);
        } finally {
          await stop(server);
        }
        const ports = clientPorts(server.output());
        assert.ok(ports.length >= 2 * 11, server.output());
        assert.equal(new Set(ports).size, 2);
      }));
  }
});

for (const kept of STORES) {
  test(`3-form.hurl passes ${kept}, and its last case ends the server`, () =>
    inFolder(async (folder) => {
      const server = await serve(["--mount", `/=form:${storeIn(folder, kept)}`, "--allow-end"]);
      try {
        await passes("3-form.hurl", server.url);
        assert.equal((await server.finished).code, 0);
      } finally {
        await stop(server);
      }
    }));
}

test("a case that is not as it should be ends a run with 4, and the file says why it should", async () => {
  const server = await serve(["--mount", "/=form::memory:"]);
  try {
    const { code, stdout, stderr } = await example("3-form.hurl", server.url);
    assert.equal(code, 4);
    // The fourth case: END is among the methods of a server that may be ended.
    assert.match(stdout + stderr, /3-form\.hurl:\d+:\d+.*Allow: GET, HEAD, OPTIONS, END.*RFC\s+9110/s);
  } finally {
    await stop(server);
  }
});
