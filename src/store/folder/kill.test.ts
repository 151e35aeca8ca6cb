import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { openFolderTree } from "./tree.ts";

const ROUNDS = 20;
const KINDS: ReadonlySet<string> = new Set(["replaced", "appended", "extended"]);
const writer = fileURLToPath(new URL("../../../test/fixtures/store-writer.ts", import.meta.url));

/** Lets a writer run, kills it at a random moment after its first words, and gives the last number for each word. */
async function runAndKill(folder: string, run: number): Promise<ReadonlyMap<string, number>> {
  const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), writer, folder, `${run}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const closed = once(child, "close");
  await Promise.race([once(child.stdout, "data"), closed]);
  const timer = setTimeout(() => child.kill("SIGKILL"), Math.random() * 100);
  const [, signal] = await closed;
  clearTimeout(timer);
  assert.equal(signal, "SIGKILL");
  const lines = output.split("\n").slice(0, -1);
  return new Map(lines.map((line) => [line.split(" ")[0] ?? "", Number(line.split(" ")[1])]));
}

async function read(file: string): Promise<Buffer> {
  return fs.readFile(file).catch(() => Buffer.alloc(0));
}

function checkReplaced(content: Buffer, run: number, acknowledged: number): void {
  if (content.length === 0) {
    assert.equal(acknowledged, -1);
    return;
  }
  const end = content.indexOf("\n");
  const [lastRun, n, length, hash] = content.subarray(0, end).toString().split(" ");
  const body = content.subarray(end + 1);
  assert.equal(body.length, Number(length));
  assert.equal(createHash("sha256").update(body).digest("hex"), hash);
  if (acknowledged >= 0) assert.equal(Number(lastRun), run);
  if (Number(lastRun) === run) assert.ok(Number(n) >= acknowledged);
}

function checkAppended(content: Buffer, run: number, acknowledged: number): void {
  const lines = content.toString().split("\n");
  assert.equal(lines.pop(), "");
  const next = new Map<string, number>();
  for (const line of lines) {
    const [lineRun = "", n, rest] = line.split(" ");
    assert.equal(Number(n), next.get(lineRun) ?? 0);
    assert.equal(rest, `${"x".repeat((Number(n) * 31) % 3000)}.`);
    next.set(lineRun, Number(n) + 1);
  }
  assert.ok((next.get(`${run}`) ?? 0) > acknowledged);
}

function checkExtended(content: Buffer, acknowledged: number): void {
  assert.ok(content.length >= acknowledged);
  assert.ok(content.every((byte, at) => byte === at % 251));
}

test(`a writer killed ${ROUNDS} times loses nothing it has acknowledged, and leaves no litter`, async () => {
  const folder = await fs.mkdtemp(join(tmpdir(), "sockeye-kill-"));
  try {
    for (let run = 0; run < ROUNDS; run += 1) {
      const last = await runAndKill(folder, run);
      checkReplaced(await read(join(folder, "replaced")), run, last.get("replaced") ?? -1);
      checkAppended(await read(join(folder, "appended")), run, last.get("appended") ?? -1);
      checkExtended(await read(join(folder, "extended")), last.get("extended") ?? 0);
      assert.ok(last.size > 0);
      const tree = await openFolderTree(folder);
      await tree.close();
      const litter = (await fs.readdir(folder)).filter((name) => !KINDS.has(name));
      assert.deepEqual(litter, []);
    }
  } finally {
    await fs.rm(folder, { recursive: true });
  }
});
