// The story of an upload that breaks off, and what keeps it from doubling.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readAll, serveFolder } from "../../../test/served-folder.ts";

const at = (offset: number): { readonly [name: string]: string } => ({
  "Content-Type": "application/partial-upload",
  "Upload-Offset": String(offset),
});

test("an upload that broke off goes on where it stopped", async (t) => {
  const served = await serveFolder(t);
  const whole = Buffer.from("0123456789".repeat(20_000));
  const broken = await served.connect();
  broken.write(
    `PATCH /big.bin HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/partial-upload\r\nUpload-Offset: 0\r\nContent-Length: ${whole.length}\r\n\r\n`,
  );
  broken.write(whole.subarray(0, 70_001));
  broken.end();
  await readAll(broken);

  // The server closes when it has read the end; what came before it is being written by then.
  const before = await settled(() => served.ask("HEAD", "/big.bin"), 70_001);
  assert.equal(before, 70_001);
  const resumed = await served.ask(
    "PATCH",
    "/big.bin",
    { ...at(before), "Upload-Complete": "?1" },
    whole.subarray(before),
  );
  assert.equal(resumed.status, 204);
  assert.equal(resumed.fields.get("upload-offset"), String(whole.length));
  assert.equal(resumed.fields.get("upload-complete"), "?1");
  const got = await served.ask("GET", "/big.bin");
  assert.ok(got.body.equals(whole));
  assert.equal(got.fields.get("etag"), resumed.fields.get("etag"));
  assert.equal(got.fields.get("upload-offset"), String(whole.length));
});

/** Asks until the file has the size that is waited for. */
async function settled(
  ask: () => Promise<{ readonly fields: ReadonlyMap<string, string> }>,
  size: number,
): Promise<number> {
  for (let tries = 0; ; tries += 1) {
    const offset = Number((await ask()).fields.get("upload-offset") ?? -1);
    if (offset === size || tries === 500) return offset;
  }
}

test("a retried append never doubles: the second gets 409 with the real offset", async (t) => {
  const { ask, read } = await serveFolder(t);
  const first = await ask("PATCH", "/a.txt", { ...at(0), "Upload-Complete": "?0" }, "abc");
  assert.equal(first.status, 201);
  assert.equal(first.fields.get("location"), "/a.txt");
  assert.equal(first.fields.get("upload-offset"), "3");
  assert.equal(first.fields.get("upload-complete"), "?0");

  const again = await ask("PATCH", "/a.txt", at(0), "abc");
  assert.equal(again.status, 409);
  assert.equal(again.fields.get("upload-offset"), "3");
  assert.equal(again.fields.get("content-type"), "application/problem+json");
  const problem = JSON.parse(again.text);
  assert.equal(problem.type, "https://iana.org/assignments/http-problem-types#mismatching-upload-offset");
  assert.equal(problem.title, "offset from request does not match offset of resource");
  assert.equal(problem["expected-offset"], 3);
  assert.equal(problem["provided-offset"], 0);
  assert.equal(await read("a.txt"), "abc");

  const next = await ask("PATCH", "/a.txt", at(3), "def");
  assert.equal(next.status, 204);
  assert.equal(next.fields.get("upload-offset"), "6");
  assert.equal(next.fields.get("upload-complete"), undefined);
  assert.equal(await read("a.txt"), "abcdef");
});

const mismatches = [
  { name: "past the end", offset: 4, expected: 3 },
  { name: "before the end", offset: 2, expected: 3 },
  { name: "a number that no file has", offset: 999_999_999_999_999, expected: 3 },
];
for (const { name, offset, expected } of mismatches) {
  test(`an offset ${name} is answered 409 and changes nothing`, async (t) => {
    const { ask, read } = await serveFolder(t, { "a.txt": "abc" });
    const answer = await ask("PATCH", "/a.txt", at(offset), "x");
    assert.equal(answer.status, 409);
    assert.equal(answer.fields.get("upload-offset"), String(expected));
    assert.equal(await read("a.txt"), "abc");
  });
}

test("an offset other than 0 of a missing file is answered 409 and creates nothing", async (t) => {
  const { ask, tree } = await serveFolder(t);
  const answer = await ask("PATCH", "/new/a.txt", at(1), "x");
  assert.equal(answer.status, 409);
  assert.equal(answer.fields.get("upload-offset"), "0");
  assert.deepEqual(await tree.list([]), []);
});

test("of 20 parallel appends at one offset exactly one is taken", async (t) => {
  const { ask, read } = await serveFolder(t, { "a.txt": "abc" });
  const bodies = Array.from({ length: 20 }, (_, index) => `<${index}>`);
  const answers = await Promise.all(bodies.map((body) => ask("PATCH", "/a.txt", at(3), body)));
  const taken = bodies.filter((_, index) => answers[index]?.status === 204);
  assert.equal(taken.length, 1);
  assert.equal(await read("a.txt"), `abc${taken[0]}`);
});

test("Accept-Patch tells of it", async (t) => {
  const { ask } = await serveFolder(t, { "a.txt": "abc" });
  const { fields } = await ask("OPTIONS", "/a.txt");
  assert.equal(fields.get("accept-patch"), "application/partial-upload");
  assert.equal((await ask("OPTIONS", "/")).fields.get("accept-patch"), undefined);
});
