import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { PartFile } from "./part-file.ts";

const root = mkdtempSync(join(tmpdir(), "sockeye-part-"));
after(() => rm(root, { recursive: true }));

let count = 0;
async function folder(): Promise<string> {
  count += 1;
  const path = join(root, String(count));
  await mkdir(path);
  return path;
}

const origin = { url: "http://a/x", validator: '"a"', length: 4 };

test("a file appears under its name when it is whole, and not before", async () => {
  const path = await folder();
  const part = await PartFile.create(join(path, "보고서.txt"), origin, false);
  await part.write(Buffer.from("ab"));
  assert.deepEqual(await readdir(path), ["보고서.txt.sockeye-part"]);
  await part.write(Buffer.from("cd"));
  assert.equal(await part.finish(), join(path, "보고서.txt"));
  assert.deepEqual(await readdir(path), ["보고서.txt"]);
  assert.equal(await readFile(join(path, "보고서.txt"), "utf8"), "abcd");
});

test("a name that is taken is not overwritten, however often", async () => {
  const path = await folder();
  for (const name of ["a.txt", "a-1.txt", "a-2.txt"]) {
    const part = await PartFile.create(join(path, "a.txt"), undefined, false);
    await part.write(Buffer.from(name));
    assert.equal(await part.finish(), join(path, name));
  }
  assert.equal(await readFile(join(path, "a.txt"), "utf8"), "a.txt");
});

test("a link stays one, and the file that it leads to is replaced", async () => {
  const path = await folder();
  await writeFile(join(path, "real.txt"), "old");
  await symlink("real.txt", join(path, "link.txt"));
  const part = await PartFile.create(join(path, "link.txt"), undefined, true);
  await part.write(Buffer.from("new"));
  await part.finish();
  assert.equal(await readlink(join(path, "link.txt")), "real.txt");
  assert.equal(await readFile(join(path, "real.txt"), "utf8"), "new");
});

test("permissions of a file that is replaced are kept", async () => {
  const path = join(await folder(), "secret");
  await writeFile(path, "old", { mode: 0o600 });
  await (await PartFile.create(path, undefined, true)).finish();
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test("a device is written to, not replaced", { skip: process.platform === "win32" }, async () => {
  const part = await PartFile.create("/dev/null", origin, true);
  await part.write(Buffer.from("gone"));
  assert.equal(await part.finish(), "/dev/null");
  assert.ok((await stat("/dev/null")).isCharacterDevice());
});

test("a folder is not replaced", async () => {
  await assert.rejects(PartFile.create(await folder(), undefined, true), /it is a folder/);
});

test("what is suspended is found again by its URL, and goes on at its end", async () => {
  const path = await folder();
  const target = join(path, "x");
  const first = await PartFile.create(target, origin, true);
  await first.write(Buffer.from("ab"));
  assert.equal(await first.suspend(), true);
  assert.equal(await PartFile.find("http://a/other", target), undefined);
  const second = await PartFile.find(origin.url, target);
  assert.deepEqual(second?.origin, origin);
  assert.equal(second?.size, 2);
  await second?.write(Buffer.from("cd"));
  await second?.finish();
  assert.equal(await readFile(target, "utf8"), "abcd");
  assert.deepEqual(await readdir(path), ["x"]);
});

test("nothing is left of what could not be continued", async () => {
  const path = await folder();
  const part = await PartFile.create(join(path, "x"), undefined, true);
  await part.write(Buffer.from("ab"));
  assert.equal(await part.suspend(), false);
  assert.deepEqual(await readdir(path), []);
});

test("two that load one file do not get in each other's way", async () => {
  const path = await folder();
  const target = join(path, "x");
  const first = await PartFile.create(target, origin, true);
  await first.write(Buffer.from("first"));
  const second = await PartFile.create(target, origin, true);
  await second.write(Buffer.from("sec"));
  await assert.rejects(first.finish(), /another command is loading it/);
  await second.write(Buffer.from("ond"));
  await second.finish();
  assert.equal(await readFile(target, "utf8"), "second");
});
