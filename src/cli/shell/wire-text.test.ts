import assert from "node:assert/strict";
import { test } from "node:test";
import { Recording } from "./connection.ts";
import { wireText } from "./wire-text.ts";

const cases: { bytes: string | Buffer; text: string }[] = [
  { bytes: "", text: "" },
  { bytes: "GET / HTTP/1.1\r\nHost: x\r\n\r\n", text: "> GET / HTTP/1.1\\r\\n\n> Host: x\\r\\n\n> \\r\\n\n" },
  { bytes: "나비\n끝", text: "> 나비\\n\n> 끝\n" },
  { bytes: "a\\b\t\x1b[2J", text: "> a\\\\b\\t\\x1b[2J\n" },
  { bytes: "\u202e\u0085", text: "> \\u202e\\u0085\n" },
  { bytes: Buffer.from([0xff, 0x00, 0x41, 0x5c, 0x0d]), text: "> \\xff\\x00A\\\\\\r\n" },
];
for (const { bytes, text } of cases) {
  test(`wireText() shows ${JSON.stringify(bytes.toString())}`, () => {
    const recording = new Recording();
    recording.push(Buffer.from(bytes as string));
    assert.equal(wireText(recording, ">"), text);
  });
}

test("wireText() tells how much was not kept", () => {
  const recording = new Recording();
  for (let piece = 0; piece < 3; piece += 1) recording.push(Buffer.alloc(500_000, "a\n"));
  assert.equal(recording.bytes().length, 1024 * 1024);
  assert.match(wireText(recording, "<"), /\n< \(and 451 kB more, not kept\)\n$/);
});
