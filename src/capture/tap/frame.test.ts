import assert from "node:assert/strict";
import { test } from "node:test";
import type { Block } from "../pcapng/blocks.ts";
import { readCapture } from "../read-capture.ts";
import { type TapCounts, TapFrame } from "./frame.ts";

const NOTHING: TapCounts = { packets: 0, droppedPackets: 0, droppedBytes: 0 };

function frameWith(counts: TapCounts = NOTHING): TapFrame {
  let time = 1_900_000_000_000_000_000n;
  return new TapFrame(
    "Test",
    () => time++,
    () => counts,
  );
}

function blocksOf(...pieces: Uint8Array[]): Block[] {
  const reader = readCapture();
  reader.push(Buffer.concat(pieces));
  reader.end();
  const blocks: Block[] = [];
  for (let record = reader.next(); record !== undefined; record = reader.next()) {
    assert.equal(record.kind, "block");
    blocks.push(record.block);
  }
  return blocks;
}

const names: readonly { readonly address: string; readonly name: string; readonly told: boolean }[] = [
  { address: "127.0.0.1", name: "localhost", told: true },
  { address: "127.0.0.1", name: "localhost", told: false },
  { address: "127.0.0.1", name: "연어.test", told: true },
  { address: "::1", name: "localhost", told: true },
  { address: "::1", name: "::1", told: false },
  { address: "::1", name: "", told: false },
  // An abstract UNIX socket of Linux.
  { address: "127.1.0.1", name: "\0abstract", told: false },
];

test("a name is told once where it comes up, and again at the beginning of each further file", () => {
  const frame = frameWith();
  for (const { address, name, told } of names) {
    const block = frame.name(address, name);
    assert.equal(block !== undefined, told, `${address} ${JSON.stringify(name)}`);
    if (block === undefined) continue;
    assert.deepEqual(blocksOf(frame.prologue(), block).at(-1), {
      type: "names",
      entries: [{ address, names: [name] }],
    });
  }
  const [section, face, known, ...more] = blocksOf(frame.prologue());
  assert.deepEqual([section?.type, face?.type, more], ["section", "interface", []]);
  assert.deepEqual(known, {
    type: "names",
    entries: [
      { address: "127.0.0.1", names: ["localhost", "연어.test"] },
      { address: "::1", names: ["localhost"] },
    ],
  });
});

test("a thousand addresses are named, and no more", () => {
  const frame = frameWith();
  const told = Array.from({ length: 1100 }, (_, i) => frame.name(`10.0.${i >> 8}.${i & 255}`, `host-${i}`));
  assert.equal(told.filter((block) => block !== undefined).length, 1000);
  assert.ok(frame.name("10.0.0.0", "another name of one that is known") !== undefined);
});

test("a file without names has no block for them", () => {
  assert.deepEqual(
    blocksOf(frameWith().prologue()).map(({ type }) => type),
    ["section", "interface"],
  );
});

test("the statistics say when it began, what was written, and what was dropped", () => {
  const frame = frameWith({ packets: 10, droppedPackets: 3, droppedBytes: 4000 });
  const statistics = blocksOf(frame.prologue(), frame.epilogue()).at(-1);
  assert.deepEqual(statistics, {
    type: "statistics",
    interface: 0,
    time: 1_900_000_000_000_000_001n,
    startedAt: 1_900_000_000_000_000_000n,
    endedAt: 1_900_000_000_000_000_001n,
    received: 13n,
    droppedByInterface: 3n,
    delivered: 10n,
    comments: [
      "3 packets with 4000 bytes of data were dropped so far: they came faster than they could be written",
    ],
  });
});
