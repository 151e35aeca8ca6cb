import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { packetAt } from "./conversation.contract.ts";
import { decodePacket } from "./decode.ts";
import { openFrame } from "./link.ts";
import { buildSegment } from "./packets/segment.ts";
import { ACK } from "./packets/tcp.ts";

const MACS = "00".repeat(12);
const SLL_START = "0000030400060000000000000000";
const SLL2_REST = "0000000000010304000600000000000000000000".slice(4);

const frames = [
  { name: "raw IP", link: 101, header: "" },
  { name: "raw IP as BSD numbers it", link: 12, header: "" },
  { name: "raw IP as OpenBSD numbers it", link: 14, header: "" },
  { name: "IPv4", link: 228, header: "" },
  { name: "IPv6", link: 229, header: "" },
  { name: "Ethernet", link: 1, header: `${MACS}0800` },
  { name: "Ethernet with IPv6", link: 1, header: `${MACS}86dd` },
  { name: "Ethernet in a VLAN", link: 1, header: `${MACS}810000050800` },
  { name: "Ethernet in a VLAN of a VLAN", link: 1, header: `${MACS}88a80007810000050800` },
  {
    name: "Ethernet with the old QinQ number",
    link: 1,
    header: `${MACS}9100000781000005 86dd`.replace(" ", ""),
  },
  { name: "loopback of a little-endian machine", link: 0, header: "02000000" },
  { name: "loopback of a big-endian machine", link: 0, header: "00000002" },
  { name: "loopback with IPv6 of macOS", link: 0, header: "1e000000" },
  { name: "loopback with IPv6 of FreeBSD", link: 0, header: "0000001c" },
  { name: "OpenBSD's loopback", link: 108, header: "00000018" },
  { name: "Linux cooked", link: 113, header: `${SLL_START}0800` },
  { name: "Linux cooked with a VLAN tag", link: 113, header: `${SLL_START}8100000586dd` },
  { name: "Linux cooked, version 2", link: 276, header: `86dd${SLL2_REST}` },
];
for (const { name, link, header } of frames) {
  test(`openFrame() finds IP in ${name}`, () => {
    const bytes = Buffer.from(`${header}45`, "hex");
    assert.deepEqual(openFrame(link, bytes), { kind: "ip", at: bytes.length - 1 });
  });
}

const others = [
  { name: "ARP", link: 1, header: `${MACS}0806`, protocol: 0x0806 },
  { name: "a length instead of a type", link: 1, header: `${MACS}0040`, protocol: 0x40 },
  { name: "another family", link: 0, header: "00000007", protocol: 7 },
];
for (const { name, link, header, protocol } of others) {
  test(`openFrame() tells ${name} apart from IP`, () => {
    const bytes = Buffer.from(header, "hex");
    assert.deepEqual(openFrame(link, bytes), { kind: "other", protocol, at: bytes.length });
  });
}

const faults = [
  { name: "an Ethernet header cut short", link: 1, header: MACS, code: "CUT_SHORT", offset: 12 },
  { name: "a VLAN tag cut short", link: 1, header: `${MACS}81000005`, code: "CUT_SHORT", offset: 16 },
  { name: "a loopback header cut short", link: 0, header: "0200", code: "CUT_SHORT", offset: 2 },
  { name: "a Linux cooked header cut short", link: 113, header: SLL_START, code: "CUT_SHORT", offset: 14 },
  { name: "a link type of something else", link: 105, header: "00", code: "LINK_UNKNOWN", offset: 0 },
];
for (const { name, link, header, code, offset } of faults) {
  test(`openFrame() tells where ${name} is at fault`, () => {
    const opened = openFrame(link, Buffer.from(header, "hex"));
    assert.ok(opened.kind === "fault");
    assert.deepEqual([opened.code, opened.offset], [code, offset]);
  });
}

test("decodePacket() says where in the frame the payload stands", () => {
  const segment = buildSegment({
    source: Uint8Array.of(10, 0, 0, 1),
    destination: Uint8Array.of(10, 0, 0, 2),
    sourcePort: 50_000,
    destinationPort: 80,
    sequence: 7,
    flags: ACK,
    window: 1,
    payload: Buffer.from("안녕"),
  });
  const frame = Buffer.concat([Buffer.from(`${MACS}0800`, "hex"), segment, Buffer.from("padding")]);
  const opened = decodePacket({ ...packetAt(3, frame), linkType: 1 });
  assert.ok(opened.kind === "tcp");
  assert.deepEqual(opened.source, { address: "10.0.0.1", port: 50_000 });
  assert.deepEqual([opened.payloadAt, opened.missing], [54, 0]);
  assert.equal(Buffer.from(opened.payload).toString(), "안녕");
});

test("decodePacket() takes UDP for something else", () => {
  const bytes = Buffer.from(`45000014000000004011${"00".repeat(10)}`, "hex");
  assert.equal(decodePacket(packetAt(0, bytes)).kind, "other");
});

test("no bytes make decodePacket() throw", () => {
  const links = fc.constantFrom(0, 1, 12, 14, 101, 108, 113, 228, 229, 276, 9999);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 150 }), links, (bytes, linkType) => {
      const opened = decodePacket({ ...packetAt(0, bytes), linkType });
      if (opened.kind === "fault") assert.ok(opened.offset <= bytes.length);
      if (opened.kind === "tcp") assert.ok(opened.payloadAt + opened.payload.length <= bytes.length);
    }),
    { numRuns: 1000 },
  );
});
