import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { gather, takeSmall } from "./content.ts";

const broken = new Error("the client has gone");

async function* producer(parts: readonly Uint8Array[], failure?: Error): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    const chunk = Uint8Array.from(part);
    yield chunk;
    // The memory is the producer's again.
    chunk.fill(0xee);
  }
  if (failure) throw failure;
}

async function collect(batches: AsyncIterable<Uint8Array>, slow: boolean): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const batch of batches) {
    parts.push(Buffer.from(batch));
    if (slow) await new Promise(setImmediate);
  }
  return Buffer.concat(parts);
}

const anyParts = fc.array(
  fc
    .tuple(fc.nat(255), fc.oneof(fc.nat(3), fc.nat(200_000)))
    .map(([value, length]) => new Uint8Array(length).fill(value)),
  { maxLength: 20 },
);

test("gather() gives the bytes that came, however they were cut", async () => {
  await fc.assert(
    fc.asyncProperty(anyParts, fc.boolean(), async (parts, slow) => {
      assert.ok((await collect(gather(producer(parts)), slow)).equals(Buffer.concat(parts)));
    }),
    { numRuns: 50 },
  );
});

test("takeSmall() gives the bytes that came, whether small or large", async () => {
  await fc.assert(
    fc.asyncProperty(anyParts, fc.nat(300_000), async (parts, limit) => {
      const all = Buffer.concat(parts);
      const sized = await takeSmall(producer(parts), limit);
      assert.equal(sized.kind, all.length <= limit ? "small" : "large");
      const content = sized.kind === "small" ? sized.bytes : sized.content;
      const taken = content instanceof Uint8Array ? content : await collect(content, false);
      assert.ok(all.equals(taken));
    }),
    { numRuns: 50 },
  );
});

test("gather() gives all that came before the producer failed, then the failure", async () => {
  const seen: Uint8Array[] = [];
  const batches = gather(producer([Buffer.from("ab"), Buffer.from("cd")], broken));
  await assert.rejects(async () => {
    for await (const batch of batches) seen.push(Buffer.from(batch));
  }, broken);
  assert.equal(Buffer.concat(seen).toString(), "abcd");
});

test("gather() waits for the consumer once 1 MiB is at hand", async () => {
  let produced = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (; ; produced += 1) yield new Uint8Array(64 * 1024);
  }
  const batches = gather(endless());
  for (let round = 0; round < 5; round += 1) await batches.next();
  for (let turn = 0; turn < 1000; turn += 1) await Promise.resolve();
  const before = produced;
  for (let turn = 0; turn < 1000; turn += 1) await Promise.resolve();
  assert.equal(produced, before);
  assert.ok(produced < 100);
  await batches.return();
});

test("a consumer that gives up ends the producer", async () => {
  let ended = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new Uint8Array(1000);
    } finally {
      ended = true;
    }
  }
  for await (const batch of gather(endless())) {
    assert.ok(batch.length > 0);
    break;
  }
  while (!ended) await new Promise(setImmediate);
});
