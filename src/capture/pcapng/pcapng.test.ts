import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readCapture } from "../read-capture.ts";
import type { CaptureRecord } from "../records.ts";
import { type Block, TLS_KEY_LOG } from "./blocks.ts";
import { clockOf, instantOf } from "./time.ts";
import { writeBlock } from "./writer.ts";

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(/\s/g, ""), "hex");
}

/** All records of a file that comes in pieces of a size. */
function readAll(file: Uint8Array, size: number = file.length || 1): CaptureRecord[] {
  const reader = readCapture();
  const records: CaptureRecord[] = [];
  const drain = () => {
    for (let record = reader.next(); record !== undefined; record = reader.next()) records.push(record);
  };
  for (let at = 0; at < file.length; at += size) {
    reader.push(file.subarray(at, at + size));
    drain();
  }
  reader.end();
  drain();
  return records;
}

const SECTION: Block = { type: "section" };
const INTERFACE: Block = { type: "interface", linkType: 101, snapLength: 0 };
const SECTION_HEX = "0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffffffffffff 1c000000";
/** With 14 bytes of options: nanoseconds, and the end. */
const INTERFACE_HEX = "01000000 20000000 6500 0000 00000000 0900 0100 09000000 00000000 20000000";

const written: { name: string; block: Block; bytes: string }[] = [
  { name: "a section without options", block: SECTION, bytes: SECTION_HEX },
  {
    name: "a section with all of them",
    block: { type: "section", hardware: "x86", os: "리눅스", application: "app", comments: ["c"] },
    bytes: `0a0d0d0a 48000000 4d3c2b1a 01000000 ffffffffffffffff
      0100 0100 63000000  0200 0300 78383600  0300 0900 eba6aceb8885ec8aa4 000000  0400 0300 61707000  0000 0000 48000000`,
  },
  { name: "an interface, in nanoseconds", block: INTERFACE, bytes: INTERFACE_HEX },
  {
    name: "a packet of one byte, padded by three",
    block: { type: "packet", interface: 1, time: 0x0102030405060708n, bytes: Uint8Array.of(0xaa) },
    bytes: "06000000 24000000 01000000 04030201 08070605 01000000 01000000 aa000000 24000000",
  },
  {
    name: "a packet with direction, process and comments",
    block: {
      type: "packet",
      interface: 0,
      time: 0n,
      bytes: new Uint8Array(0),
      length: 9,
      direction: "outbound",
      checksumsNotReady: true,
      dropped: 2n,
      packetId: 3n,
      process: { process: 1234, thread: 5 },
      comments: ["a", "bc"],
    },
    bytes: `06000000 60000000 00000000 00000000 00000000 00000000 09000000
      0100 0100 61000000  0100 0200 62630000  0200 0400 02020000  0400 0800 0200000000000000
      0500 0800 0300000000000000  0800 0800 d2040000 05000000  0000 0000 60000000`,
  },
  {
    name: "names of addresses",
    block: {
      type: "names",
      entries: [
        { address: "127.0.0.1", names: ["localhost", "a"] },
        { address: "::1", names: ["b"] },
      ],
    },
    bytes: `04000000 3c000000 0100 1000 7f000001 6c6f63616c686f737400 6100
      0200 1200 00000000000000000000000000000001 6200 0000  0000 0000 3c000000`,
  },
  {
    name: "no names at all, with the end of the records",
    block: { type: "names", entries: [] },
    bytes: "04000000 10000000 00000000 10000000",
  },
  {
    name: "statistics",
    block: {
      type: "statistics",
      interface: 0,
      time: 1n,
      startedAt: 0x100000002n,
      droppedByInterface: 7n,
      droppedBySystem: 8n,
    },
    bytes: `05000000 40000000 00000000 00000000 01000000  0200 0800 01000000 02000000
      0500 0800 0700000000000000  0700 0800 0800000000000000  0000 0000 40000000`,
  },
  {
    name: "secrets of TLS",
    block: { type: "secrets", format: TLS_KEY_LOG, bytes: Buffer.from("CLIENT") },
    bytes: "0a000000 1c000000 4b534c54 06000000 434c49454e540000 1c000000",
  },
];
for (const { name, block, bytes } of written) {
  test(`writeBlock() writes ${name}`, () => {
    assert.equal(writeBlock(block).toString("hex"), hex(bytes).toString("hex"));
  });
}

const refused: { name: string; block: Block }[] = [
  { name: "an empty name", block: { type: "names", entries: [{ address: "::1", names: ["a", ""] }] } },
  {
    name: "a packet without a time",
    block: { type: "packet", interface: 0, time: undefined, bytes: new Uint8Array(0) },
  },
  {
    name: "a packet longer than it was on the wire",
    block: { type: "packet", interface: 0, time: 0n, bytes: new Uint8Array(2), length: 1 },
  },
  {
    name: "a name for what is no address",
    block: { type: "names", entries: [{ address: "localhost", names: ["a"] }] },
  },
  { name: "an address without a name", block: { type: "names", entries: [{ address: "::1", names: [] }] } },
];
for (const { name, block } of refused) {
  test(`writeBlock() refuses ${name}`, () => assert.throws(() => writeBlock(block), RangeError));
}

test("a comment that is too long for an option is cut between characters", () => {
  const file = Buffer.concat([writeBlock({ type: "section", comments: [`a${"가".repeat(30_000)}`] })]);
  const [record] = readAll(file);
  assert.ok(record?.kind === "block" && record.block.type === "section");
  assert.equal(record.block.comments?.[0], `a${"가".repeat(21_844)}`);
});

const text = fc.string({ unit: "grapheme", maxLength: 20 }).filter((one) => !one.includes("\0"));
const count = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const comments = { comments: fc.array(text, { minLength: 1, maxLength: 3 }) };
const whole = fc.integer({ min: 0, max: 0xffffffff });
const data = fc.uint8Array({ maxLength: 50 });

const section = fc.record(
  { type: fc.constant("section" as const), hardware: text, os: text, application: text, ...comments },
  { requiredKeys: ["type"], noNullPrototype: true },
);
const description = fc.record(
  {
    type: fc.constant("interface" as const),
    linkType: fc.integer({ min: 0, max: 0xffff }),
    snapLength: whole,
    name: text,
    description: text,
    filter: text,
    os: text,
    hardware: text,
    ...comments,
  },
  { requiredKeys: ["type", "linkType", "snapLength"], noNullPrototype: true },
);
const number = fc.constantFrom(0, 1);
const packet = fc
  .record(
    {
      type: fc.constant("packet" as const),
      interface: number,
      time: count,
      bytes: data,
      cut: fc.nat(100),
      direction: fc.constantFrom("inbound" as const, "outbound" as const),
      checksumsNotReady: fc.constant(true),
      dropped: count,
      packetId: count,
      process: fc.record({ process: whole, thread: whole }, { noNullPrototype: true }),
      ...comments,
    },
    { requiredKeys: ["type", "interface", "time", "bytes", "cut"], noNullPrototype: true },
  )
  .map(({ cut, ...rest }) => ({ ...rest, length: rest.bytes.length + cut }));
const names = fc.record(
  {
    type: fc.constant("names" as const),
    entries: fc.array(
      fc.record(
        {
          address: fc.constantFrom("127.0.0.1", "::1", "2001:db8::7"),
          names: fc.array(
            text.filter((one) => one !== ""),
            { minLength: 1, maxLength: 3 },
          ),
        },
        { noNullPrototype: true },
      ),
      { maxLength: 4 },
    ),
    ...comments,
  },
  { requiredKeys: ["type", "entries"], noNullPrototype: true },
);
const statistics = fc.record(
  {
    type: fc.constant("statistics" as const),
    interface: number,
    time: count,
    startedAt: count,
    endedAt: count,
    received: count,
    droppedByInterface: count,
    accepted: count,
    droppedBySystem: count,
    delivered: count,
    ...comments,
  },
  { requiredKeys: ["type", "interface", "time"], noNullPrototype: true },
);
const secrets = fc.record(
  { type: fc.constant("secrets" as const), format: whole, bytes: data, ...comments },
  { requiredKeys: ["type", "format", "bytes"], noNullPrototype: true },
);
const sectionOfBlocks = fc
  .tuple(
    section,
    description,
    description,
    fc.array(fc.oneof(packet, names, statistics, secrets), { maxLength: 6 }),
  )
  .map(([head, one, two, rest]): Block[] => [head, one, two, ...rest] as Block[]);

/** Bytes as plain arrays, since views of different buffers are the same to nobody but us. */
function plain(block: Block): unknown {
  return "bytes" in block ? { ...block, bytes: [...block.bytes] } : block;
}

test("what is written is read as it was, however the file is cut, and each block where it stands", () => {
  fc.assert(
    fc.property(
      fc.array(sectionOfBlocks, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 200 }),
      (sections, size) => {
        const blocks = sections.flat();
        const bytes = blocks.map(writeBlock);
        const records = readAll(Buffer.concat(bytes), size);
        assert.deepEqual(
          records.map((record) => (record.kind === "block" ? plain(record.block) : record)),
          blocks.map(plain),
        );
        let offset = 0;
        for (const [i, one] of bytes.entries()) {
          assert.equal(records[i]?.offset, offset);
          assert.equal(one.length % 4, 0);
          offset += one.length;
        }
      },
    ),
  );
});

test("a file that is cut anywhere gives all blocks before, and says where it ends", () => {
  fc.assert(
    fc.property(
      sectionOfBlocks,
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (blocks, part) => {
        const bytes = blocks.map(writeBlock);
        const file = Buffer.concat(bytes);
        const cut = Math.floor(part * file.length);
        const ends = bytes.map((_, i) => bytes.slice(0, i + 1).reduce((sum, one) => sum + one.length, 0));
        const complete = ends.filter((end) => end <= cut).length;
        const records = readAll(file.subarray(0, cut));
        assert.deepEqual(
          records.flatMap((record) => (record.kind === "block" ? [plain(record.block)] : [])),
          blocks.slice(0, complete).map(plain),
        );
        const last = records.at(-1);
        const startOfCut = ends[complete - 1] ?? 0;
        if (cut === startOfCut && cut > 0) assert.notEqual(last?.kind, "damaged");
        else assert.ok(last?.kind === "damaged" && last.offset === startOfCut);
      },
    ),
  );
});

test("no file makes the reader throw, or give something after a fault", () => {
  const start = Buffer.concat([writeBlock(SECTION), writeBlock(INTERFACE)]);
  const file = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.uint8Array({ maxLength: 100 }).map((rest) => Buffer.concat([start, rest])),
    // A right frame around anything at all.
    fc.tuple(fc.integer({ min: 0, max: 11 }), fc.uint8Array({ maxLength: 60 })).map(([type, body]) => {
      const length = 12 + body.length + (-body.length & 3);
      const block = Buffer.alloc(length);
      block.writeUInt32LE(type, 0);
      block.writeUInt32LE(length, 4);
      block.set(body, 8);
      block.writeUInt32LE(length, length - 4);
      return Buffer.concat([start, block, writeBlock(INTERFACE)]);
    }),
    fc.tuple(sectionOfBlocks, fc.nat(), fc.nat(255)).map(([blocks, where, value]) => {
      const bytes = Buffer.concat(blocks.map(writeBlock));
      bytes[where % bytes.length] = value;
      return bytes;
    }),
  );
  fc.assert(
    fc.property(file, fc.integer({ min: 1, max: 64 }), (bytes, size) => {
      const records = readAll(bytes, size);
      const fault = records.findIndex(({ kind }) => kind === "damaged");
      assert.ok(fault === -1 || fault === records.length - 1);
      for (const record of records) assert.ok(record.offset <= bytes.length);
      assert.deepEqual(
        readAll(bytes).map(({ offset }) => offset),
        records.map(({ offset }) => offset),
      );
    }),
    { numRuns: 1000 },
  );
});

test("a big-endian section is read, a little-endian one after it as well", () => {
  const big = hex(`0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c
    00000001 00000020 0065 0000 00000100 0009 0001 06000000 0000 0000 00000020
    00000006 00000034 00000000 0004c39a 3b8a1f00 00000002 00000002 abcd0000 0008 0008 000004d2 00000000 0000 0000 00000034`);
  const records = readAll(Buffer.concat([big, hex(SECTION_HEX), hex(INTERFACE_HEX)]));
  const blocks = records.map((record) => (record.kind === "block" ? plain(record.block) : record));
  assert.deepEqual(blocks, [
    { type: "section" },
    { type: "interface", linkType: 101, snapLength: 256 },
    {
      type: "packet",
      interface: 0,
      time: ((0x0004c39an << 32n) | 0x3b8a1f00n) * 1000n,
      bytes: [0xab, 0xcd],
      length: 2,
      // The example of the draft.
      process: { process: 1234, thread: 0 },
    },
    { type: "section" },
    { type: "interface", linkType: 101, snapLength: 0 },
  ]);
});

const files: { name: string; file: string; last: unknown; count: number }[] = [
  {
    name: "skips blocks and options that it does not know",
    file: `${SECTION_HEX} 0000adf0 10000000 deadbeef 10000000
      01000000 20000000 6500 0000 00000000 4d7f 0200 aabb0000 00000000 20000000`,
    last: { type: "interface", linkType: 101, snapLength: 0 },
    count: 2,
  },
  {
    name: "does not need the end of the options",
    file: `${SECTION_HEX} 01000000 1c000000 6500 0000 00000000 0200 0200 6c6f0000 1c000000`,
    last: { type: "interface", linkType: 101, snapLength: 0, name: "lo" },
    count: 2,
  },
  {
    name: "ends a text at a zero byte",
    file: `${SECTION_HEX} 01000000 1c000000 6500 0000 00000000 0200 0400 6c6f0078 1c000000`,
    last: { type: "interface", linkType: 101, snapLength: 0, name: "lo" },
    count: 2,
  },
  {
    name: "reads a simple packet as long as the interface lets it be",
    file: `${SECTION_HEX} 01000000 14000000 6500 0000 02000000 14000000 03000000 14000000 05000000 aabb0000 14000000`,
    last: { type: "packet", interface: 0, time: undefined, bytes: [0xaa, 0xbb], length: 5 },
    count: 3,
  },
  {
    name: "reads the obsolete packet block",
    file: `${SECTION_HEX} ${INTERFACE_HEX} 02000000 24000000 0000 0100 00000000 05000000 01000000 01000000 aa000000 24000000`,
    last: { type: "packet", interface: 0, time: 5n, bytes: [0xaa], length: 1 },
    count: 3,
  },
  {
    name: "makes a length on the wire that is too short as long as the packet",
    file: `${SECTION_HEX} ${INTERFACE_HEX} 06000000 24000000 ${"00".repeat(12)} 02000000 01000000 aabb0000 24000000`,
    last: { type: "packet", interface: 0, time: 0n, bytes: [0xaa, 0xbb], length: 2 },
    count: 3,
  },
  {
    name: "takes version 1.2 for 1.0",
    file: "0a0d0d0a 1c000000 4d3c2b1a 01000200 ffffffffffffffff 1c000000",
    last: { type: "section" },
    count: 1,
  },
];
for (const { name, file, last, count } of files) {
  test(`the reader ${name}`, () => {
    const records = readAll(hex(file));
    assert.equal(records.length, count);
    const record = records.at(-1);
    assert.deepEqual(record?.kind === "block" ? plain(record.block) : record, last);
  });
}

const damage: { name: string; file: string; code: string; offset: number }[] = [
  {
    name: "a section too short for its fields",
    file: "0a0d0d0a 10000000 4d3c2b1a 10000000",
    code: "LENGTH_INVALID",
    offset: 4,
  },
  { name: "an empty file", file: "", code: "FORMAT_UNKNOWN", offset: 0 },
  { name: "a file of three bytes", file: "0a0d0d", code: "FORMAT_UNKNOWN", offset: 0 },
  { name: "what is no capture", file: "3c68746d6c3e", code: "FORMAT_UNKNOWN", offset: 0 },
  { name: "a gzip file", file: "1f8b0800", code: "COMPRESSED", offset: 0 },
  { name: "a Zstandard file", file: "28b52ffd00", code: "COMPRESSED", offset: 0 },
  { name: "a section cut short", file: SECTION_HEX.slice(0, 20), code: "CUT_SHORT", offset: 0 },
  {
    name: "an unknown byte order",
    file: SECTION_HEX.replace("4d3c2b1a", "4d3c2b1b"),
    code: "FORMAT_UNKNOWN",
    offset: 8,
  },
  {
    name: "another version",
    file: SECTION_HEX.replace("01000000", "02000000"),
    code: "VERSION_UNKNOWN",
    offset: 12,
  },
  {
    name: "two lengths that differ",
    file: `${SECTION_HEX} 05000080 10000000 00000000 14000000`,
    code: "LENGTH_INVALID",
    offset: 40,
  },
  {
    name: "a length that is no multiple of 4",
    file: `${SECTION_HEX} 05000080 0d000000 00000000`,
    code: "LENGTH_INVALID",
    offset: 32,
  },
  {
    name: "a length below 12",
    file: `${SECTION_HEX} 05000080 08000000 00000000`,
    code: "LENGTH_INVALID",
    offset: 32,
  },
  {
    name: "a block that is too large",
    file: `${SECTION_HEX} 05000080 fcffffff 00000000`,
    code: "LENGTH_TOO_LARGE",
    offset: 32,
  },
  {
    name: "a packet of no interface",
    file: `${SECTION_HEX} 06000000 20000000 ${"00".repeat(20)} 20000000`,
    code: "INTERFACE_UNKNOWN",
    offset: 36,
  },
  {
    name: "a packet block without room for its fields",
    file: `${SECTION_HEX} ${INTERFACE_HEX} 06000000 10000000 00000000 10000000`,
    code: "LENGTH_INVALID",
    offset: 64,
  },
  {
    name: "a packet longer than its block",
    file: `${SECTION_HEX} ${INTERFACE_HEX} 06000000 20000000 ${"00".repeat(12)} 01000000 01000000 20000000`,
    code: "BLOCK_INVALID",
    offset: 80,
  },
  {
    name: "an option longer than its block",
    file: `${SECTION_HEX} 01000000 18000000 6500 0000 00000000 0200 0100 18000000`,
    code: "OPTION_INVALID",
    offset: 44,
  },
  {
    name: "secrets longer than their block",
    file: `${SECTION_HEX} 0a000000 14000000 4b534c54 01000000 14000000`,
    code: "BLOCK_INVALID",
    offset: 40,
  },
  {
    name: "a name longer than its block",
    file: `${SECTION_HEX} 04000000 10000000 01000600 10000000`,
    code: "BLOCK_INVALID",
    offset: 36,
  },
];
for (const { name, file, code, offset } of damage) {
  test(`the reader tells where ${name} is damaged`, () => {
    const last = readAll(hex(file)).at(-1);
    assert.ok(last?.kind === "damaged");
    assert.deepEqual([last.code, last.offset], [code, offset]);
  });
}

test("a file compressed with gzip is refused with a way out", () => {
  const [record] = readAll(hex("1f8b0800"));
  assert.match(record?.kind === "damaged" ? record.message : "", /gzip -d/);
});

const clocks: { name: string; resolution: number[]; offset?: bigint; ticks: bigint; time: bigint }[] = [
  { name: "microseconds by default", resolution: [], ticks: 5n, time: 5000n },
  { name: "nanoseconds", resolution: [9], ticks: 5n, time: 5n },
  { name: "picoseconds, cut", resolution: [12], ticks: 5999n, time: 5n },
  { name: "seconds", resolution: [0], ticks: 5n, time: 5_000_000_000n },
  { name: "parts of 1,024", resolution: [0x8a], ticks: 512n, time: 500_000_000n },
  { name: "an offset", resolution: [9], offset: 2n, ticks: 1n, time: 2_000_000_001n },
  {
    name: "a negative offset",
    resolution: [9],
    offset: 2n ** 64n - 1n,
    ticks: 3_000_000_000n,
    time: 2_000_000_000n,
  },
];
for (const { name, resolution, offset, ticks, time } of clocks) {
  test(`instantOf() reads ${name}`, () => {
    assert.equal(instantOf(clockOf(Uint8Array.from(resolution), offset), ticks), time);
  });
}

const PCAP_PACKET = {
  little: "0a000000 03000000 02000000 05000000 aabb",
  big: "0000000a 00000003 00000002 00000005 aabb",
};
const pcaps = [
  {
    name: "microseconds, little-endian",
    file: `d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000 ${PCAP_PACKET.little}`,
    time: 10_000_003_000n,
  },
  {
    name: "microseconds, big-endian",
    file: `a1b2c3d4 0002 0004 00000000 00000000 00040000 00000001 ${PCAP_PACKET.big}`,
    time: 10_000_003_000n,
  },
  {
    name: "nanoseconds, little-endian",
    file: `4d3cb2a1 0200 0400 00000000 00000000 00000400 01000000 ${PCAP_PACKET.little}`,
    time: 10_000_000_003n,
  },
  {
    name: "nanoseconds, big-endian",
    file: `a1b23c4d 0002 0004 00000000 00000000 00040000 f4000001 ${PCAP_PACKET.big}`,
    time: 10_000_000_003n,
  },
];
for (const { name, file, time } of pcaps) {
  for (const size of [1, 7, 1000]) {
    test(`a classic file in ${name}, is read in pieces of ${size}`, () => {
      const blocks = readAll(hex(file), size).map((record) =>
        record.kind === "block" ? plain(record.block) : record,
      );
      assert.deepEqual(blocks, [
        { type: "section" },
        { type: "interface", linkType: 1, snapLength: 0x40000 },
        { type: "packet", interface: 0, time, bytes: [0xaa, 0xbb], length: 5 },
      ]);
    });
  }
}

const PCAP_HEADER = "d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000";
const pcapDamage = [
  { name: "its header cut short", file: PCAP_HEADER.slice(0, 30), code: "CUT_SHORT", offset: 0 },
  { name: "a packet's header cut short", file: `${PCAP_HEADER} 0a000000`, code: "CUT_SHORT", offset: 24 },
  {
    name: "a packet cut short",
    file: `${PCAP_HEADER} ${PCAP_PACKET.little.slice(0, -2)}`,
    code: "CUT_SHORT",
    offset: 24,
  },
  {
    name: "a packet that is too large",
    file: `${PCAP_HEADER} 0a000000 03000000 ffffffff ffffffff`,
    code: "LENGTH_TOO_LARGE",
    offset: 32,
  },
  {
    name: "another version",
    file: PCAP_HEADER.replace("0200 0400", "0300 0000"),
    code: "VERSION_UNKNOWN",
    offset: 4,
  },
];
for (const { name, file, code, offset } of pcapDamage) {
  test(`a classic file ends in a fault at ${name}`, () => {
    const last = readAll(hex(file), 5).at(-1);
    assert.ok(last?.kind === "damaged");
    assert.deepEqual([last.code, last.offset], [code, offset]);
  });
}

test("no classic file makes the reader throw", () => {
  const start = fc.constantFrom(...pcaps.map(({ file }) => hex(file)));
  fc.assert(
    fc.property(
      start,
      fc.uint8Array({ maxLength: 60 }),
      fc.nat(),
      fc.nat(255),
      (head, rest, where, value) => {
        const file = Buffer.concat([head, rest]);
        file[4 + (where % (file.length - 4))] = value;
        const records = readAll(file, 9);
        assert.deepEqual(
          readAll(file).map(({ kind, offset }) => [kind, offset]),
          records.map(({ kind, offset }) => [kind, offset]),
        );
      },
    ),
  );
});
