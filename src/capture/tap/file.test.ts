import assert from "node:assert/strict";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../../test/fixtures/temporary-folder.ts";
import { writeBlock } from "../pcapng/writer.ts";
import { readCapture } from "../read-capture.ts";
import { CaptureFile, CaptureFileError } from "./file.ts";

const folder = temporaryFolder();
let made = 0;

async function freshFolder(): Promise<string> {
  const path = join(folder.path, String(made++));
  await mkdir(path);
  return path;
}

const PROLOGUE = Buffer.concat([
  writeBlock({ type: "section" }),
  writeBlock({ type: "interface", linkType: 101, snapLength: 0 }),
]);
const EPILOGUE = writeBlock({ type: "statistics", interface: 0, time: 1n });
const frame = { prologue: () => PROLOGUE, epilogue: () => EPILOGUE };

function packet(number: number): Buffer {
  return writeBlock({ type: "packet", interface: 0, time: BigInt(number), bytes: Buffer.alloc(100) });
}

/** The times of the packets in a file, which must be whole. */
async function packetsIn(path: string): Promise<number[]> {
  const reader = readCapture();
  reader.push(await readFile(path));
  reader.end();
  const types: string[] = [];
  const times: number[] = [];
  for (let record = reader.next(); record !== undefined; record = reader.next()) {
    assert.equal(record.kind, "block");
    types.push(record.block.type);
    if (record.block.type === "packet") times.push(Number(record.block.time));
  }
  assert.deepEqual(types, ["section", "interface", ...times.map(() => "packet"), "statistics"]);
  return times;
}

test("a capture file has its prologue at once, the blocks, and its epilogue; only its owner may read it", async () => {
  const path = join(await freshFolder(), "연어.pcapng");
  await writeFile(path, "what was there before, and is longer than the prologue ".repeat(10));
  await rm(path);
  const file = new CaptureFile({ path }, frame);
  await file.open();
  assert.deepEqual(await readFile(path), PROLOGUE);
  await file.write(Buffer.concat([packet(1), packet(2)]));
  await file.write(packet(3));
  await file.close();
  await file.close();
  assert.deepEqual(await packetsIn(path), [1, 2, 3]);
  if (process.platform !== "win32") assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test("a file that was there is overwritten", async () => {
  const path = join(await freshFolder(), "a.pcapng");
  await writeFile(path, "what was there before, and is longer than what comes ".repeat(100));
  const file = new CaptureFile({ path }, frame);
  await file.open();
  await file.close();
  assert.deepEqual(await packetsIn(path), []);
});

const SIZE = packet(0).length;

test("the next file begins behind the block that reaches the size, in the middle of what is written", async () => {
  const path = join(await freshFolder(), "a.b.pcapng");
  const file = new CaptureFile({ path, maxSize: PROLOGUE.length + 3 * SIZE - 1 }, frame);
  await file.open();
  await file.write(Buffer.concat([1, 2, 3, 4, 5, 6, 7].map(packet)));
  await file.write(Buffer.concat([8, 9, 10].map(packet)));
  await file.close();
  const names = file.files.map((one) => basename(one));
  assert.deepEqual(
    names.map((name) => name.slice(0, 9)),
    ["a.b_00001", "a.b_00002", "a.b_00003", "a.b_00004"],
  );
  for (const name of names) assert.match(name, /^a\.b_\d{5}_20\d{12}\.pcapng$/);
  const packets = await Promise.all(file.files.map(packetsIn));
  assert.deepEqual(packets, [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10]]);
});

test("a size that is smaller than any block gives each block its file", async () => {
  const file = new CaptureFile({ path: join(await freshFolder(), "a.pcapng"), maxSize: 1 }, frame);
  await file.open();
  await file.write(Buffer.concat([1, 2].map(packet)));
  await file.close();
  assert.deepEqual(await Promise.all(file.files.map(packetsIn)), [[1], [2]]);
});

test("of a count of files the oldest are removed, even when somebody else has done so", async () => {
  const path = await freshFolder();
  const file = new CaptureFile({ path: join(path, "a.pcapng"), maxSize: 1, maxFiles: 2 }, frame);
  await file.open();
  await file.write(Buffer.concat([1, 2, 3].map(packet)));
  assert.equal(file.files.length, 2);
  await rm(file.files[0] as string);
  await file.write(packet(4));
  await file.close();
  assert.deepEqual(await Promise.all(file.files.map(packetsIn)), [[3], [4]]);
});

/** What cannot be written, and the error's code. */
const refused: readonly {
  readonly name: string;
  readonly code: string;
  readonly message: RegExp;
  readonly path: (folder: string) => string;
}[] = [
  {
    name: "a folder that is not there",
    code: "ENOENT",
    message: /no such folder/,
    path: (at) => join(at, "x", "a.pcapng"),
  },
  { name: "a folder", code: "EISDIR", message: /that is a folder/, path: (at) => at },
];
for (const { name, code, message, path } of refused) {
  test(`a capture cannot begin in ${name}`, async () => {
    const file = new CaptureFile({ path: path(await freshFolder()) }, frame);
    await assert.rejects(file.open(), (error) => {
      assert.ok(error instanceof CaptureFileError);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      return true;
    });
    await file.close();
  });
}

/** What happens to the file while it is written, and the way it ends. */
const vanishing: readonly {
  readonly name: string;
  readonly happens: (path: string, folder: string) => Promise<void>;
}[] = [
  { name: "its folder is removed", happens: (_, at) => rm(at, { recursive: true }) },
  { name: "it is removed", happens: (path) => rm(path) },
  { name: "it is moved", happens: (path) => rename(path, `${path}.old`) },
  {
    name: "another takes its place",
    async happens(path) {
      await rename(path, `${path}.old`);
      await writeFile(path, "");
    },
  },
];
for (const { name, happens } of vanishing) {
  test(`a capture ends when ${name}`, async () => {
    const at = await freshFolder();
    const path = join(at, "a.pcapng");
    const file = new CaptureFile({ path }, frame);
    await file.open();
    await file.write(packet(1));
    await happens(path, at);
    await assert.rejects(file.write(packet(2)), { name: "CaptureFileError", code: "VANISHED" });
    await file.close();
  });
}

test("a capture ends when its folder is gone before the next file begins", async () => {
  const at = await freshFolder();
  const file = new CaptureFile({ path: join(at, "a.pcapng"), maxSize: 1 }, frame);
  await file.open();
  await file.write(packet(1));
  await rm(at, { recursive: true });
  await assert.rejects(file.write(packet(2)), { name: "CaptureFileError", code: "ENOENT" });
  await file.close();
});

const FULL = "/dev/full";
const hasFull = await stat(FULL).then(
  () => true,
  () => false,
);
test("a capture cannot begin on a full disk", { skip: hasFull ? false : `there is no ${FULL}` }, async () => {
  const file = new CaptureFile({ path: FULL }, frame);
  await assert.rejects(file.open(), {
    name: "CaptureFileError",
    code: "ENOSPC",
    message: /the disk is full/,
  });
  await file.close();
});
