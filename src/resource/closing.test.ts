import assert from "node:assert/strict";
import { test } from "node:test";
import { closing } from "./closing.ts";

async function* pieces(fails = false): AsyncGenerator<Uint8Array, void, void> {
  yield Uint8Array.of(1);
  if (fails) throw new Error("Cannot read on");
  yield Uint8Array.of(2);
}

const readings: readonly {
  readonly name: string;
  readonly fails?: boolean;
  readonly read: (body: AsyncIterable<Uint8Array>) => Promise<unknown>;
}[] = [
  {
    name: "read to its end",
    read: async (body) => {
      const all: number[] = [];
      for await (const piece of body) all.push(...piece);
      assert.deepEqual(all, [1, 2]);
    },
  },
  {
    name: "left in the middle",
    read: async (body) => {
      for await (const _ of body) break;
    },
  },
  { name: "never read", read: async (body) => body[Symbol.asyncIterator]().return?.() },
  {
    name: "broken",
    fails: true,
    read: (body) =>
      assert.rejects(async () => {
        for await (const _ of body);
      }, /Cannot read on/),
  },
];

for (const { name, fails, read } of readings) {
  test(`a body that is ${name} lets go of what it holds`, async () => {
    let closed = 0;
    const body = closing(pieces(fails), async () => {
      closed += 1;
    });
    await read(body);
    assert.ok(closed > 0);
  });
}
