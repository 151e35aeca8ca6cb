import assert from "node:assert/strict";
import { test } from "node:test";
import { type ByteRangesPlan, planByteRanges } from "./byteranges.ts";

const content = "0123456789";

function assemble(plan: ByteRangesPlan): string {
  return (
    plan.parts.map(({ head, range }) => head + content.slice(range.first, range.last + 1)).join("") +
    plan.tail
  );
}

const cases = [
  {
    name: "two parts with their media type",
    ranges: [
      { first: 0, last: 1 },
      { first: 5, last: 9 },
    ],
    mediaType: "text/plain; charset=utf-8",
    body: [
      "--B",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Range: bytes 0-1/10",
      "",
      "01",
      "--B",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Range: bytes 5-9/10",
      "",
      "56789",
      "--B--",
      "",
    ],
  },
  {
    name: "parts in the order of the ranges, without a media type",
    ranges: [
      { first: 9, last: 9 },
      { first: 0, last: 0 },
    ],
    mediaType: undefined,
    body: [
      "--B",
      "Content-Range: bytes 9-9/10",
      "",
      "9",
      "--B",
      "Content-Range: bytes 0-0/10",
      "",
      "0",
      "--B--",
      "",
    ],
  },
  {
    name: "a single part",
    ranges: [{ first: 3, last: 4 }],
    mediaType: "image/png",
    body: ["--B", "Content-Type: image/png", "Content-Range: bytes 3-4/10", "", "34", "--B--", ""],
  },
];

for (const { name, ranges, mediaType, body } of cases) {
  test(`planByteRanges() lays out ${name}`, () => {
    const plan = planByteRanges(ranges, content.length, mediaType, "B");
    const whole = body.join("\r\n");
    assert.equal(plan.contentType, "multipart/byteranges; boundary=B");
    assert.equal(assemble(plan), whole);
    assert.equal(plan.contentLength, Buffer.byteLength(whole, "latin1"));
    assert.deepEqual(
      plan.parts.map((part) => part.range),
      ranges,
    );
  });
}

for (const boundary of ["", "a b", "a:b", 'a"b', "a\r\nb", "x".repeat(71)]) {
  test(`planByteRanges() refuses the boundary ${JSON.stringify(boundary)}`, () => {
    assert.throws(() => planByteRanges([{ first: 0, last: 0 }], 10, undefined, boundary), RangeError);
  });
}
