import assert from "node:assert/strict";
import { test } from "node:test";
import { Locks } from "./locks.ts";

test("work under one key runs one after the other, in the order asked for", async () => {
  const locks = new Locks();
  const order: string[] = [];
  const work = (name: string) => async (): Promise<string> => {
    order.push(`${name} begins`);
    await new Promise(setImmediate);
    order.push(`${name} ends`);
    return name;
  };
  const results = await Promise.all(["a", "b", "c"].map((name) => locks.hold("key", work(name))));
  assert.deepEqual(results, ["a", "b", "c"]);
  assert.deepEqual(order, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("work under other keys does not wait", async () => {
  const locks = new Locks();
  let release = (): void => {};
  const held = locks.hold("a", () => new Promise<void>((resolve) => (release = resolve)));
  assert.equal(await locks.hold("b", () => Promise.resolve("done")), "done");
  release();
  await held;
});

test("work that fails lets the next one run, and no key is kept afterwards", async () => {
  const locks = new Locks();
  const failure = new Error("no");
  const first = locks.hold("key", () => Promise.reject(failure));
  const second = locks.hold("key", () => Promise.resolve("yes"));
  assert.equal(locks.size, 1);
  await assert.rejects(first, failure);
  assert.equal(await second, "yes");
  await new Promise(setImmediate);
  assert.equal(locks.size, 0);
});
