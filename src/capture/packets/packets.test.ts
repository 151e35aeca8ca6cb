import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addressBytes, addressText } from "./address.ts";
import { checksum } from "./checksum.ts";
import { parseIp } from "./ip.ts";
import { buildSegment, cutIntoSegments, tcpChecksumHolds } from "./segment.ts";
import { ACK, flagNames, PSH, parseTcp, SYN } from "./tcp.ts";
import { parseTcpOptions, type TcpOptions, tcpOptionBytes } from "./tcp-options.ts";

function hex(text: string): Uint8Array {
  return Buffer.from(text.replaceAll(/\s/g, ""), "hex");
}

test("checksum() gives the sum of the example in RFC 1071, 3", () => {
  assert.equal(checksum(hex("0001 f203 f4f5 f6f7")), ~0xddf2 & 0xffff);
});

test("checksum() takes an odd last byte as a high one", () => {
  assert.equal(checksum(hex("0001 f2")), ~(0x0001 + 0xf200) & 0xffff);
});

const addresses = [
  { text: "127.0.0.1", bytes: "7f000001", canonical: "127.0.0.1" },
  { text: "::1", bytes: "00000000000000000000000000000001", canonical: "::1" },
  { text: "::", bytes: "00000000000000000000000000000000", canonical: "::" },
  { text: "2001:DB8:0:0:1:0:0:1", bytes: "20010db8000000000001000000000001", canonical: "2001:db8::1:0:0:1" },
  {
    text: "2001:db8:0:1:1:1:1:1",
    bytes: "20010db8000000010001000100010001",
    canonical: "2001:db8:0:1:1:1:1:1",
  },
  { text: "fe80::1%lo", bytes: "fe800000000000000000000000000001", canonical: "fe80::1" },
  { text: "::ffff:192.0.2.1", bytes: "00000000000000000000ffffc0000201", canonical: "::ffff:192.0.2.1" },
  { text: "1::", bytes: "00010000000000000000000000000000", canonical: "1::" },
];
for (const { text, bytes, canonical } of addresses) {
  test(`addressBytes() reads ${text}, and addressText() writes it as ${canonical}`, () => {
    const read = addressBytes(text);
    assert.equal(read && Buffer.from(read).toString("hex"), bytes);
    assert.equal(addressText(hex(bytes)), canonical);
  });
}
for (const text of [
  "",
  "1.2.3",
  "1.2.3.256",
  "01.2.3.4",
  "1:2",
  "1::2::3",
  ":::",
  "g::",
  "1:2:3:4:5:6:7:8::",
  "localhost",
  "1.2.3.4:80",
]) {
  test(`addressBytes() does not take ${JSON.stringify(text)} for an address`, () => {
    assert.equal(addressBytes(text), undefined);
  });
}

const LOCAL = Uint8Array.of(127, 0, 0, 1);

test("buildSegment() writes a SYN over IPv4 byte by byte", () => {
  const bytes = buildSegment({
    source: LOCAL,
    destination: LOCAL,
    sourcePort: 50_000,
    destinationPort: 8080,
    sequence: 0x01020304,
    flags: SYN,
    window: 65_535,
    options: {
      maximumSegmentSize: 65_495,
      sackPermitted: true,
      timestamps: { value: 1, echo: 0 },
      windowScale: 7,
    },
  });
  assert.equal(
    Buffer.from(bytes).toString("hex"),
    [
      "4500003c00004000400" + "63cba7f0000017f000001",
      "c3501f900102030400000000a002ffff",
      tcpSum(bytes),
      "0000",
      "0204ffd7",
      "0402080a0000000100000000",
      "01030307",
    ].join(""),
  );
  assert.ok(tcpChecksumHolds(LOCAL, LOCAL, bytes.subarray(20)));
});

/** The checksum by the plainest sum there is. */
function tcpSum(bytes: Uint8Array): string {
  const segment = Buffer.from(bytes.subarray(20));
  segment.writeUInt16BE(0, 16);
  let sum = 6 + segment.length + 2 * (0x7f00 + 0x0001);
  for (let i = 0; i < segment.length; i += 2) sum += segment.readUInt16BE(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return (0xffff - sum).toString(16).padStart(4, "0");
}

const port = fc.integer({ min: 0, max: 0xffff });
const word = fc.integer({ min: 0, max: 0xffffffff });
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const options: fc.Arbitrary<TcpOptions> = fc
  .record(
    {
      maximumSegmentSize: port,
      windowScale: fc.integer({ min: 0, max: 14 }),
      sackPermitted: fc.constant(true),
      timestamps: fc.record({ value: word, echo: word }, { noNullPrototype: true }),
      sacks: fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .filter(
    (one) =>
      !(one.sacks?.length === 2 && one.maximumSegmentSize !== undefined && one.windowScale !== undefined),
  );
const segment = fc.oneof(bytesOf(4), bytesOf(16)).chain((source) =>
  fc.record({
    source: fc.constant(source),
    destination: bytesOf(source.length),
    sourcePort: port,
    destinationPort: port,
    sequence: word,
    acknowledgement: word,
    flags: fc.integer({ min: 0, max: 255 }),
    window: port,
    options,
    payload: fc.uint8Array({ maxLength: 200 }),
    identification: port,
  }),
);

test("a segment that is built is read as it was, and its checksums hold", () => {
  fc.assert(
    fc.property(segment, fc.uint8Array({ maxLength: 8 }), (parts, trailer) => {
      // Ethernet pads short frames: what is behind the packet is not of it.
      const bytes = Buffer.concat([buildSegment(parts), trailer]);
      const ip = parseIp(bytes);
      assert.ok(ip.kind === "ip");
      assert.deepEqual(
        [ip.source, ip.destination, ip.protocol, ip.missing, ip.payloadEnd],
        [addressText(parts.source), addressText(parts.destination), 6, 0, bytes.length - trailer.length],
      );
      const tcp = parseTcp(bytes, ip.payloadAt, ip.payloadEnd);
      assert.ok(tcp.kind === "tcp");
      const { header, payloadAt } = tcp;
      const { sourcePort, destinationPort, sequence, acknowledgement, flags, window } = parts;
      const { checksum: _, urgent, ...read } = header;
      assert.equal(urgent, 0);
      const expected = { sourcePort, destinationPort, sequence, acknowledgement, flags, window };
      assert.deepEqual(read, { ...expected, options: parts.options });
      assert.deepEqual(new Uint8Array(bytes.subarray(payloadAt, ip.payloadEnd)), parts.payload);
      const whole = bytes.subarray(ip.payloadAt, ip.payloadEnd);
      assert.ok(tcpChecksumHolds(parts.source, parts.destination, whole));
      if (ip.version === 4) assert.equal(checksum(bytes.subarray(0, 20)), 0);
    }),
  );
});

test("a segment with one bit changed has no right checksum", () => {
  fc.assert(
    fc.property(segment, fc.nat(), (parts, where) => {
      const bytes = buildSegment(parts).subarray(parts.source.length === 4 ? 20 : 40);
      const bit = where % (bytes.length * 8);
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      assert.ok(!tcpChecksumHolds(parts.source, parts.destination, bytes));
    }),
  );
});

test("the checksum of a segment of more than 32 KiB holds", () => {
  for (const address of [LOCAL, new Uint8Array(16)]) {
    const bytes = buildSegment({
      source: address,
      destination: address,
      sourcePort: 1,
      destinationPort: 2,
      sequence: 0,
      flags: ACK,
      window: 0,
      payload: new Uint8Array(40_000).fill(0xff),
    });
    const at = address.length === 4 ? 20 : 40;
    // The plain sum of every word, the pseudo header's first.
    let sum = 6 + bytes.length - at;
    for (const part of [address, address, bytes.subarray(at)]) {
      for (let i = 0; i < part.length; i += 2) sum += (part[i] as number) * 256 + (part[i + 1] as number);
    }
    assert.equal(sum % 0xffff, 0);
  }
});

test("buildSegment() refuses what no packet can hold", () => {
  const parts = {
    source: LOCAL,
    destination: LOCAL,
    sourcePort: 1,
    destinationPort: 2,
    sequence: 0,
    flags: ACK,
    window: 0,
  };
  assert.throws(() => buildSegment({ ...parts, payload: new Uint8Array(65_496) }), RangeError);
  assert.throws(() => buildSegment({ ...parts, destination: new Uint8Array(16) }), RangeError);
  assert.throws(() => buildSegment({ ...parts, options: { sacks: new Array(5).fill([1, 2]) } }), RangeError);
  assert.equal(buildSegment({ ...parts, payload: new Uint8Array(65_495) }).length, 65_535);
});

const faults = [
  { name: "nothing", bytes: "", code: "CUT_SHORT", offset: 0 },
  { name: "a version that does not exist", bytes: "50", code: "INVALID", offset: 0 },
  { name: "an IPv4 header cut short", bytes: "4500003c", code: "CUT_SHORT", offset: 4 },
  { name: "an IPv4 header shorter than 20 bytes", bytes: `44${"00".repeat(19)}`, code: "INVALID", offset: 0 },
  {
    name: "an IPv4 packet shorter than its header",
    bytes: `45000013${"00".repeat(16)}`,
    code: "INVALID",
    offset: 2,
  },
  { name: "a fragment of IPv4", bytes: `4500001400002000${"00".repeat(12)}`, code: "FRAGMENT", offset: 6 },
  { name: "an IPv6 header cut short", bytes: `60${"00".repeat(38)}`, code: "CUT_SHORT", offset: 39 },
  {
    name: "a fragment of IPv6",
    bytes: `6000000000082c40${"00".repeat(32)}0600000100000000`,
    code: "FRAGMENT",
    offset: 40,
  },
  {
    name: "an IPv6 extension header cut short",
    bytes: `6000000000080040${"00".repeat(32)}0600`,
    code: "CUT_SHORT",
    offset: 42,
  },
];
for (const { name, bytes, code, offset } of faults) {
  test(`parseIp() tells where ${name} is at fault`, () => {
    const read = parseIp(hex(bytes));
    assert.ok(read.kind === "fault");
    assert.deepEqual([read.code, read.offset], [code, offset]);
  });
}

test("parseIp() goes past extension headers to TCP", () => {
  const extensions = hex(
    "2b00 000000000000 3304 00000000000000000000000000000000000000000000 3c01 0000000000000000000000000000 2c00 000000000000 0600 000000000000",
  );
  const header = hex(`60000000${(extensions.length + 20).toString(16).padStart(4, "0")}0040`);
  const ip = parseIp(Buffer.concat([header, new Uint8Array(32), extensions, new Uint8Array(20)]));
  assert.ok(ip.kind === "ip");
  assert.deepEqual([ip.protocol, ip.payloadAt, ip.missing], [6, 40 + extensions.length, 0]);
});

test("parseIp() gives an empty payload when an extension header is longer than the packet", () => {
  const ip = parseIp(
    Buffer.concat([hex("6000000000080040"), new Uint8Array(32), hex("06ff000000000000"), new Uint8Array(8)]),
  );
  assert.ok(ip.kind === "ip");
  assert.deepEqual([ip.payloadAt, ip.payloadEnd, ip.missing], [56, 56, 0]);
});

test("parseIp() counts what the capture cut away, and takes a length of 0 for all that is there", () => {
  const bytes = buildSegment({
    source: LOCAL,
    destination: LOCAL,
    sourcePort: 1,
    destinationPort: 2,
    sequence: 0,
    flags: ACK,
    window: 0,
    payload: new Uint8Array(100),
  });
  const cut = parseIp(bytes.subarray(0, 60));
  assert.ok(cut.kind === "ip");
  assert.deepEqual([cut.payloadEnd, cut.missing], [60, 80]);
  bytes[2] = 0;
  bytes[3] = 0;
  const whole = parseIp(bytes);
  assert.ok(whole.kind === "ip");
  assert.deepEqual([whole.payloadEnd, whole.missing], [140, 0]);
});

const tcpFaults = [
  { name: "a header cut short", bytes: "00".repeat(19), code: "CUT_SHORT", offset: 19 },
  {
    name: "a header shorter than 20 bytes",
    bytes: `${"00".repeat(12)}40${"00".repeat(7)}`,
    code: "INVALID",
    offset: 12,
  },
  {
    name: "options cut short",
    bytes: `${"00".repeat(12)}60${"00".repeat(7)}`,
    code: "CUT_SHORT",
    offset: 20,
  },
  {
    name: "an option of length 0",
    bytes: `${"00".repeat(12)}60${"00".repeat(7)}02000000`,
    code: "INVALID",
    offset: 20,
  },
  {
    name: "an option longer than the header",
    bytes: `${"00".repeat(12)}60${"00".repeat(7)}0105ffff`,
    code: "INVALID",
    offset: 20,
  },
];
for (const { name, bytes, code, offset } of tcpFaults) {
  test(`parseTcp() tells where ${name} is at fault`, () => {
    const read = parseTcp(hex(bytes));
    assert.ok(read.kind === "fault");
    assert.deepEqual([read.code, read.offset], [code, offset]);
  });
}

const optionBytes: { name: string; options: TcpOptions; bytes: string }[] = [
  { name: "a segment size", options: { maximumSegmentSize: 1460 }, bytes: "020405b4" },
  {
    name: "times alone, aligned",
    options: { timestamps: { value: 1, echo: 2 } },
    bytes: "0101080a0000000100000002",
  },
  { name: "leave for SACK without times", options: { sackPermitted: true }, bytes: "01010402" },
  { name: "a stretch that came", options: { sacks: [[1, 2]] }, bytes: "0101050a0000000100000002" },
  { name: "nothing", options: {}, bytes: "" },
];
for (const { name, options, bytes } of optionBytes) {
  test(`tcpOptionBytes() writes ${name}`, () => {
    assert.equal(Buffer.from(tcpOptionBytes(options)).toString("hex"), bytes);
  });
}

const readOptions: { name: string; bytes: string; options: TcpOptions | undefined }[] = [
  { name: "stops at the end of the list", bytes: "0002ff", options: {} },
  { name: "skips an unknown one", bytes: "fe04aaaa0303 02", options: { windowScale: 2 } },
  { name: "takes a scale above 14 for 14", bytes: "03030f", options: { windowScale: 14 } },
  { name: "ignores one of a wrong length", bytes: "0203 05", options: {} },
  { name: "ignores stretches of a wrong length", bytes: "050600000001", options: {} },
  { name: "refuses one that has no length", bytes: "02", options: undefined },
  { name: "refuses one of length 1", bytes: "0201", options: undefined },
];
for (const { name, bytes, options } of readOptions) {
  test(`parseTcpOptions() ${name}`, () => {
    const read = hex(bytes);
    assert.deepEqual(parseTcpOptions(read, 0, read.length), options);
  });
}

test("flagNames() says SYN before ACK", () => {
  assert.deepEqual(flagNames(ACK | SYN), ["SYN", "ACK"]);
});

test("cutIntoSegments() cuts at the size, pushes the last, and wraps around", () => {
  const pieces = cutIntoSegments(Buffer.from("abcdefgh"), 0xfffffffe, 3);
  assert.deepEqual(
    pieces.map(({ sequence, flags, payload }) => [sequence, flags, Buffer.from(payload).toString()]),
    [
      [0xfffffffe, ACK, "abc"],
      [1, ACK, "def"],
      [4, ACK | PSH, "gh"],
    ],
  );
  assert.deepEqual(cutIntoSegments(new Uint8Array(0), 1, 1460), []);
  assert.throws(() => cutIntoSegments(Buffer.from("a"), 1, 0), RangeError);
});

test("no bytes make the parsers throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(0, 0x45, 0x4f, 0x60), (bytes, first) => {
      if (first !== 0 && bytes.length > 0) bytes[0] = first;
      const ip = parseIp(bytes);
      if (ip.kind === "fault") assert.ok(ip.offset <= bytes.length);
      else assert.ok(ip.payloadAt <= ip.payloadEnd && ip.payloadEnd <= bytes.length && ip.missing >= 0);
      const tcp = parseTcp(bytes);
      if (tcp.kind === "fault") assert.ok(tcp.offset <= bytes.length);
      else assert.ok(tcp.payloadAt <= bytes.length);
    }),
    { numRuns: 1000 },
  );
});
