import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { WeightedCache } from "./cache.ts";

test("a cache forgets what was not used lately, the oldest first", () => {
  const cache = new WeightedCache<string>(30);
  for (const key of ["a", "b", "c"]) cache.set(key, key, 10);
  cache.get("a");
  cache.set("d", "d", 10);
  assert.deepEqual(
    ["a", "b", "c", "d"].map((key) => cache.get(key)),
    ["a", undefined, "c", "d"],
  );
  assert.equal(cache.weight, 30);
});

test("a value that is heavier than the whole cache is not kept, and the one before it is gone", () => {
  const cache = new WeightedCache<string>(10);
  cache.set("a", "old", 5);
  cache.set("a", "new", 11);
  assert.equal(cache.get("a"), undefined);
  assert.equal(cache.weight, 0);
});

test("only the value that is kept can grow", () => {
  const cache = new WeightedCache<object>(100);
  const [old, now] = [{}, {}];
  cache.set("a", old, 10);
  cache.set("a", now, 10);
  cache.grow("a", old, 50);
  assert.equal(cache.weight, 10);
  cache.grow("a", now, 50);
  assert.equal(cache.weight, 60);
  cache.grow("a", now, 50);
  assert.equal(cache.get("a"), undefined);
  assert.equal(cache.weight, 0);
});

const key = fc.constantFrom("a", "b", "c", "d", "e");
const weight = fc.integer({ min: 0, max: 60 });
const step = fc.oneof(
  fc.record({ do: fc.constant("set" as const), key, weight }),
  fc.record({ do: fc.constant("get" as const), key, weight }),
  fc.record({ do: fc.constant("grow" as const), key, weight }),
  fc.record({ do: fc.constant("delete" as const), key, weight }),
);

test("whatever is done to it, a cache stays within its limit and counts right", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const cache = new WeightedCache<{ weight: number }>(100);
      const latest = new Map<string, { weight: number }>();
      for (const { do: what, key, weight } of steps) {
        const value = latest.get(key);
        if (what === "set") {
          latest.set(key, { weight });
          cache.set(key, latest.get(key) as { weight: number }, weight);
        } else if (what === "grow" && value !== undefined && cache.get(key) === value) {
          value.weight += weight;
          cache.grow(key, value, weight);
        } else if (what === "get") cache.get(key);
        else if (what === "delete") cache.delete(key);
        assert.ok(cache.weight <= 100);
      }
      let total = 0;
      for (const [key, value] of latest) {
        const kept = cache.get(key);
        if (kept === undefined) continue;
        assert.equal(kept, value);
        total += kept.weight;
      }
      assert.equal(cache.weight, total);
    }),
  );
});
