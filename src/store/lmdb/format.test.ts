import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { pointOf } from "../points.ts";
import type { Change, RowInfo } from "../table.ts";
import {
  changeRecord,
  expiryKey,
  INLINE_BYTES,
  numberKey,
  readChange,
  readExpiryKey,
  readNumber,
  readRowRecord,
  rowRecord,
} from "./format.ts";

const ID = "0123abcd";
const number = fc.maxSafeNat();
const text = fc.string({ unit: "binary", maxLength: 40 });

const info: fc.Arbitrary<RowInfo> = fc.record(
  {
    key: text,
    size: number,
    mediaType: text,
    version: number.map((each) => pointOf(each, ID)),
    created: number,
    changed: number,
    expires: fc.option(fc.maxSafeInteger(), { nil: undefined }),
  },
  { noNullPrototype: true },
);

test("a row that is written is read again, with its value when that is small", () => {
  const sizes = fc.oneof(fc.nat(100), fc.integer({ min: INLINE_BYTES - 2, max: INLINE_BYTES + 2 }));
  fc.assert(
    fc.property(info, number, sizes, (each, place, size) => {
      const kept = { info: { ...each, size }, place };
      const value = Buffer.alloc(size, 7);
      const read = readRowRecord(rowRecord(kept, value, ID), each.key, ID);
      assert.deepEqual(read.kept, kept);
      assert.deepEqual(read.value && Buffer.from(read.value), size > INLINE_BYTES ? undefined : value);
    }),
  );
});

test("a change that is written is read again", () => {
  const change: fc.Arbitrary<{ readonly number: number; readonly change: Change }> = fc
    .tuple(info, number, fc.boolean(), fc.boolean())
    .map(([each, at, isPut, flag]) => ({
      number: at,
      change: isPut
        ? { kind: "put", key: each.key, point: pointOf(at, ID), created: flag, info: each }
        : { kind: "remove", key: each.key, point: pointOf(at, ID), expired: flag },
    }));
  fc.assert(
    fc.property(change, (each) => {
      assert.deepEqual(readChange(each.number, changeRecord(each.change, ID), ID), each);
    }),
  );
});

test("numbers and times have the order of their bytes", () => {
  fc.assert(
    fc.property(number, number, text, text, (a, b, key, other) => {
      assert.equal(readNumber(numberKey(a)), a);
      assert.equal(Math.sign(Buffer.compare(numberKey(a), numberKey(b))), Math.sign(a - b));
      assert.deepEqual(readExpiryKey(expiryKey(a, key)), { expires: a, key });
      if (a < b) assert.ok(Buffer.compare(expiryKey(a, key), expiryKey(b, other)) < 0);
    }),
  );
});

test("a time that no clock shows has a place too", () => {
  for (const [expires, place] of [
    [-1, 0],
    [1.5, 1],
    [Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER],
  ] as const) {
    assert.deepEqual(readExpiryKey(expiryKey(expires, "k")), { expires: place, key: "k" });
  }
});
