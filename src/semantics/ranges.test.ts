import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type ByteRange, contentRange, MAX_RANGES, parseRange, unsatisfiedRange } from "./ranges.ts";

const singles = Array.from({ length: MAX_RANGES + 1 }, (_, index) => `${index * 2}-${index * 2}`);
const manyDigits = "9".repeat(400);

// A verdict in short: the ranges, or one of the two words.
const cases: readonly { name: string; value: string; size: number; gives: string }[] = [
  { name: "first bytes", value: "bytes=0-4", size: 10, gives: "0-4" },
  { name: "one byte", value: "bytes=0-0", size: 10, gives: "0-0" },
  { name: "the last byte by its position", value: "bytes=9-9", size: 10, gives: "9-9" },
  { name: "the whole", value: "bytes=0-9", size: 10, gives: "0-9" },
  { name: "from the start on", value: "bytes=0-", size: 10, gives: "0-9" },
  { name: "from the middle on", value: "bytes=5-", size: 10, gives: "5-9" },
  { name: "a suffix", value: "bytes=-3", size: 10, gives: "7-9" },
  { name: "a suffix longer than the whole", value: "bytes=-30", size: 10, gives: "0-9" },
  { name: "an end past the end", value: "bytes=5-10", size: 10, gives: "5-9" },
  { name: "an end past 2^53", value: "bytes=5-9007199254740993", size: 10, gives: "5-9" },
  { name: "an end past 2^64", value: "bytes=5-18446744073709551617", size: 10, gives: "5-9" },
  { name: "an end past every number", value: `bytes=5-${manyDigits}`, size: 10, gives: "5-9" },
  { name: "a suffix past every number", value: `bytes=-${manyDigits}`, size: 10, gives: "0-9" },
  { name: "leading zeros", value: "bytes=0000-0004", size: 10, gives: "0-4" },
  { name: "the unit in capitals", value: "BYTES=0-4", size: 10, gives: "0-4" },
  { name: "a mixed unit", value: "Bytes=0-4", size: 10, gives: "0-4" },

  { name: "two ranges", value: "bytes=0-1,5-6", size: 10, gives: "0-1 5-6" },
  { name: "empty elements", value: "bytes=0-1, ,5-6", size: 10, gives: "0-1 5-6" },
  { name: "empty elements at both ends", value: "bytes=,0-1,", size: 10, gives: "0-1" },
  { name: "white space", value: "bytes= 0-1 ,\t5-6 ", size: 10, gives: "0-1 5-6" },
  { name: "first and last byte", value: "bytes=0-0,-1", size: 10, gives: "0-0 9-9" },
  { name: "the order asked for", value: "bytes=8-9,0-1,4-5", size: 10, gives: "8-9 0-1 4-5" },
  { name: "one that cannot be satisfied", value: "bytes=20-30,0-1", size: 10, gives: "0-1" },
  { name: "an empty suffix beside a range", value: "bytes=-0,0-1", size: 10, gives: "0-1" },

  { name: "ranges that touch", value: "bytes=500-600,601-999", size: 10000, gives: "500-999" },
  { name: "ranges that overlap", value: "bytes=500-700,601-999", size: 10000, gives: "500-999" },
  { name: "a range within another", value: "bytes=0-9,2-3", size: 20, gives: "0-9" },
  { name: "the same range three times", value: "bytes=1-2,1-2,1-2", size: 10, gives: "1-2" },
  { name: "the whole, many times", value: "bytes=0-,0-,0-,0-,0-", size: 10, gives: "0-9" },
  {
    name: "overlaps, each in the place of its first",
    value: "bytes=8-9,0-1,4-5,1-2,7-8",
    size: 12,
    gives: "7-9 0-2 4-5",
  },
  { name: "a chain that the last closes", value: "bytes=0-1,4-5,2-3", size: 10, gives: "0-5" },

  {
    name: "as many as allowed",
    value: `bytes=${singles.slice(1).join()}`,
    size: 1000,
    gives: singles.slice(1).join(" "),
  },
  { name: "one more than allowed", value: `bytes=${singles.join()}`, size: 1000, gives: "ignored" },
  {
    name: "too many of the same",
    value: `bytes=${"0-0,".repeat(MAX_RANGES + 1)}`,
    size: 10,
    gives: "ignored",
  },

  { name: "a start at the end", value: "bytes=10-", size: 10, gives: "unsatisfiable" },
  { name: "a start past the end", value: "bytes=10-20", size: 10, gives: "unsatisfiable" },
  { name: "a start past every number", value: `bytes=${manyDigits}-`, size: 10, gives: "unsatisfiable" },
  { name: "a suffix of nothing", value: "bytes=-0", size: 10, gives: "unsatisfiable" },
  { name: "several past the end", value: "bytes=10-,20-30,-0", size: 10, gives: "unsatisfiable" },
  { name: "an empty file", value: "bytes=0-", size: 0, gives: "unsatisfiable" },
  { name: "the first byte of an empty file", value: "bytes=0-0", size: 0, gives: "unsatisfiable" },
  { name: "a suffix of an empty file", value: "bytes=-5", size: 0, gives: "ignored" },

  { name: "another unit", value: "seconds=0-4", size: 10, gives: "ignored" },
  { name: "no unit", value: "0-4", size: 10, gives: "ignored" },
  { name: "an empty field", value: "", size: 10, gives: "ignored" },
  { name: "no range", value: "bytes=", size: 10, gives: "ignored" },
  { name: "only empty elements", value: "bytes=, ,", size: 10, gives: "ignored" },
  { name: "a space before the sign", value: "bytes =0-4", size: 10, gives: "ignored" },
  { name: "the end before the start", value: "bytes=5-4", size: 10, gives: "ignored" },
  { name: "the end before the start, past the end", value: "bytes=50-40", size: 10, gives: "ignored" },
  {
    name: "the end before the start, past 2^53",
    value: "bytes=9007199254740993-9007199254740992",
    size: 10,
    gives: "ignored",
  },
  { name: "one good, one mistaken", value: "bytes=0-1,5-4", size: 10, gives: "ignored" },
  { name: "a dash alone", value: "bytes=-", size: 10, gives: "ignored" },
  { name: "a number alone", value: "bytes=5", size: 10, gives: "ignored" },
  { name: "a negative suffix", value: "bytes=--5", size: 10, gives: "ignored" },
  { name: "three numbers", value: "bytes=1-2-3", size: 10, gives: "ignored" },
  { name: "inner white space", value: "bytes=0 - 4", size: 10, gives: "ignored" },
  { name: "a plus sign", value: "bytes=+0-4", size: 10, gives: "ignored" },
  { name: "hexadecimal", value: "bytes=0x0-0x4", size: 10, gives: "ignored" },
  { name: "a fraction", value: "bytes=0.5-4", size: 10, gives: "ignored" },
  { name: "digits of another script", value: "bytes=\u0660-\u0664", size: 10, gives: "ignored" },
  { name: "the field twice", value: "bytes=0-1, bytes=4-5", size: 10, gives: "ignored" },
];

for (const { name, value, size, gives } of cases) {
  test(`parseRange() on ${name}: ${value.slice(0, 40)} of ${size} gives ${gives.slice(0, 40)}`, () => {
    const verdict = parseRange(value, size);
    const short =
      verdict.kind === "ranges"
        ? verdict.ranges.map(({ first, last }) => `${first}-${last}`).join(" ")
        : verdict.kind;
    assert.equal(short, gives);
  });
}

const spec = fc.oneof(
  fc.tuple(fc.nat(30), fc.nat(30)).map(([first, more]) => `${first}-${first + more}`),
  fc.nat(30).map((first) => `${first}-`),
  fc.nat(30).map((length) => `-${length}`),
);

function covered(ranges: readonly ByteRange[]): Set<number> {
  const bytes = new Set<number>();
  for (const { first, last } of ranges) for (let byte = first; byte <= last; byte += 1) bytes.add(byte);
  return bytes;
}

test("several ranges give the bytes that each gives alone, and none of them twice", () => {
  fc.assert(
    fc.property(fc.array(spec, { minLength: 1, maxLength: 12 }), fc.nat(40), (specs, size) => {
      const alone = specs.flatMap((one) => {
        const verdict = parseRange(`bytes=${one}`, size);
        return verdict.kind === "ranges" ? verdict.ranges : [];
      });
      const verdict = parseRange(`bytes=${specs.join(",")}`, size);
      const together = verdict.kind === "ranges" ? verdict.ranges : [];
      assert.deepEqual([...covered(together)].sort(), [...covered(alone)].sort());
      const sent = together.reduce((sum, { first, last }) => sum + last - first + 1, 0);
      assert.equal(sent, covered(alone).size);
      const ignored = specs.some((one) => parseRange(`bytes=${one}`, size).kind === "ignored");
      assert.equal(verdict.kind, ignored ? "ignored" : alone.length > 0 ? "ranges" : "unsatisfiable");
    }),
  );
});

test("contentRange() names the positions and the size", () => {
  assert.equal(contentRange({ first: 0, last: 1 }, 10), "bytes 0-1/10");
});

test("unsatisfiedRange() names the size alone", () => {
  assert.equal(unsatisfiedRange(10), "bytes */10");
});
