import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../../test/fixtures/temporary-folder.ts";
import type { Span } from "../hurl/tree.ts";
import { FileAccess } from "./file-access.ts";

const folder = temporaryFolder();
const outer = folder.path;
const root = join(outer, "root");
mkdirSync(join(root, "sub"), { recursive: true });
mkdirSync(join(outer, "rootless"));
mkdirSync(join(outer, "outside"));
writeFileSync(join(root, "data.bin"), new Uint8Array([0, 0xff, 0x0a]));
writeFileSync(join(root, "..data"), "two dots");
writeFileSync(join(root, "sub", "데이터 1.txt"), "안녕");
writeFileSync(join(outer, "secret.txt"), "secret");
writeFileSync(join(outer, "rootless", "secret.txt"), "secret");
symlinkSync("sub", join(root, "inner-link"));
symlinkSync(join(outer, "outside"), join(root, "outer-link"));
symlinkSync(join(outer, "secret.txt"), join(root, "secret-link.txt"));
symlinkSync(join(outer, "not-there"), join(root, "dangling"));
symlinkSync("loop", join(root, "loop"));
symlinkSync(root, join(outer, "root-link"));

const at = { offset: 5, line: 2, column: 6 };
const source: Span = { start: at, end: at };
const files = new FileAccess(root);

const READ = [
  { name: "data.bin", bytes: "00ff0a" },
  { name: "./data.bin", bytes: "00ff0a" },
  { name: "sub/../data.bin", bytes: "00ff0a" },
  { name: "..data", bytes: Buffer.from("two dots").toString("hex") },
  { name: "sub/데이터 1.txt", bytes: Buffer.from("안녕").toString("hex") },
  { name: "inner-link/데이터 1.txt", bytes: Buffer.from("안녕").toString("hex") },
  { name: join(root, "data.bin"), bytes: "00ff0a" },
];

for (const { name, bytes } of READ) {
  test(`${name.replace(outer, "…")} is read`, () => {
    assert.equal(Buffer.from(files.read(name, source)).toString("hex"), bytes);
  });
}

test("a root that is a link can be read from", () => {
  const linked = new FileAccess(join(outer, "root-link"));
  assert.equal(linked.read("data.bin", source).length, 3);
  assert.equal(linked.pathToWrite("new/out", source), join(outer, "root-link", "new", "out"));
});

const UNREADABLE = ["missing.txt", "sub", ".", "sub/missing/x", "data.bin/x", "dangling", "loop"];

for (const name of UNREADABLE) {
  test(`${name} can not be read`, () => {
    assert.throws(() => files.read(name, source), {
      name: "Failure",
      code: "FILE",
      kind: "runtime",
      source,
      message: `File read access: file ${name} can not be read`,
    });
  });
}

const FORBIDDEN = [
  "/etc/hostname",
  "../secret.txt",
  "..",
  "sub/../../secret.txt",
  // A sibling whose name begins as the root's does.
  "../rootless/secret.txt",
  "a\0b",
];

for (const name of FORBIDDEN) {
  test(`${JSON.stringify(name)} is forbidden, to read as to write`, () => {
    const failure = {
      name: "Failure",
      code: "FILE_FORBIDDEN",
      source,
      message: `Unauthorized file access: unauthorized access to file ${name}, check --file-root option`,
    };
    assert.throws(() => files.read(name, source), failure);
    assert.throws(() => files.pathToWrite(name, source), failure);
  });
}

test("what is reached by a link to the outside is forbidden", () => {
  writeFileSync(join(outer, "outside", "x"), "x");
  for (const name of ["secret-link.txt", "outer-link/x"]) {
    assert.throws(() => files.read(name, source), { code: "FILE_FORBIDDEN" }, name);
  }
  for (const name of [
    "secret-link.txt",
    "outer-link/x",
    "outer-link/new/y",
    "dangling",
    "dangling/y",
    "loop",
  ]) {
    assert.throws(() => files.pathToWrite(name, source), { code: "FILE_FORBIDDEN" }, name);
  }
});

for (const name of ["new.txt", "data.bin", "new/folders/출력.json", "inner-link/out", "."]) {
  test(`${name} may be written`, () => {
    assert.equal(files.pathToWrite(name, source), join(root, name));
  });
}

test("below a root that is not there, nothing can be read and everything written", () => {
  const nowhere = new FileAccess(join(outer, "later"));
  assert.throws(() => nowhere.read("x", source), { code: "FILE" });
  assert.throws(() => nowhere.read("../secret.txt", source), { code: "FILE_FORBIDDEN" });
  assert.equal(nowhere.pathToWrite("x/y", source), join(outer, "later", "x", "y"));
});
