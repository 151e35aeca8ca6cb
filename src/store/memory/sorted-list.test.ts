import assert from "node:assert/strict";
import { test } from "node:test";
import { SortedList } from "./sorted-list.ts";

test("a list of many parts has the order of its items while they come and go, from both ends and between", () => {
  const list = new SortedList<number>((a, b) => a - b);
  const items = Array.from({ length: 5003 }, (_, index) => (index * 2741) % 5003);
  for (const item of items) list.add(item);
  assert.deepEqual(
    [...list.from(0)],
    [...items].sort((a, b) => a - b),
  );
  for (const start of [-1, 0, 511, 512, 1024.5, 5002]) {
    assert.equal(list.from(start).next().value, Math.max(Math.ceil(start), 0));
  }
  assert.deepEqual([...list.from(5003)], []);
  for (const item of items) if (item < 2000 || item % 3 === 0) list.delete(item);
  list.delete(-1);
  list.delete(2000.5);
  list.delete(9999);
  const left = items.filter((item) => item >= 2000 && item % 3 !== 0).sort((a, b) => a - b);
  assert.deepEqual([...list.from(0)], left);
  for (const item of left) list.delete(item);
  assert.deepEqual([...list.from(0)], []);
  list.add(1);
  assert.deepEqual([...list.from(0)], [1]);
});
