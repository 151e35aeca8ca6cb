import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodePacket } from "../decode.ts";
import { LINK_RAW } from "../link.ts";
import { isReconstructed } from "../origin.ts";
import { PacketNumbering } from "../packet-numbering.ts";
import { addressBytes } from "../packets/address.ts";
import { tcpChecksumHolds } from "../packets/segment.ts";
import { flagNames, type TcpHeader } from "../packets/tcp.ts";
import { writeBlock } from "../pcapng/writer.ts";
import { readCapture } from "../read-capture.ts";
import { type ConnectionSettings, type PacketTaker, type RarePacket, TapConnection } from "./connection.ts";
import { Paths } from "./path.ts";
import type { Filling, SegmentForm } from "./segment-form.ts";

interface Shown {
  readonly line: string;
  readonly payload: string;
  readonly comments: readonly string[];
  readonly header: TcpHeader;
  readonly time: number;
}

/** Keeps packets as they would stand in a file, and reads them back. */
class Kept implements PacketTaker {
  recording = true;
  time = 0;
  readonly #blocks: Buffer[] = [
    writeBlock({ type: "section" }),
    writeBlock({ type: "interface", linkType: LINK_RAW, snapLength: 0 }),
  ];

  now(): number {
    return this.time;
  }

  fill(form: SegmentForm, time: number, filling: Filling): void {
    const bytes = Buffer.alloc(form.sizeWith(filling.payload.length));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    form.put({ bytes, view }, 0, 0, time, filling);
    this.#blocks.push(bytes);
  }

  packet({ time, bytes, direction, comments }: RarePacket): void {
    this.#blocks.push(
      writeBlock({ type: "packet", interface: 0, time: BigInt(time), bytes, direction, comments }),
    );
  }

  /** "> SYN 100:0 ack 0" with offsets from the initial sequence numbers 1,000 (ours) and 5,000 (theirs). */
  get packets(): Shown[] {
    const reader = readCapture();
    reader.push(Buffer.concat(this.#blocks));
    reader.end();
    const numbering = new PacketNumbering();
    const shown: Shown[] = [];
    for (let record = reader.next(); record !== undefined; record = reader.next()) {
      assert.equal(record.kind, "block");
      const packet = numbering.take(record.block);
      if (packet === undefined) continue;
      const opened = decodePacket(packet);
      assert.equal(opened.kind, "tcp");
      const { tcp, payload, ip, source, destination } = opened;
      const segment = packet.bytes.subarray(ip.version === 4 ? 20 : 40);
      assert.ok(
        tcpChecksumHolds(
          addressBytes(source.address) as Uint8Array,
          addressBytes(destination.address) as Uint8Array,
          segment,
        ),
      );
      const ours = packet.direction === "outbound";
      const sequence = (tcp.sequence - (ours ? 1000 : 5000)) >>> 0;
      const acknowledged = flagNames(tcp.flags).includes("ACK")
        ? ` ack ${(tcp.acknowledgement - (ours ? 5000 : 1000)) >>> 0}`
        : "";
      const length = payload.length === 0 ? "" : ` ${payload.length}`;
      const mark = isReconstructed(packet.comments) ? " ~" : "";
      shown.push({
        line: `${ours ? ">" : "<"} ${flagNames(tcp.flags).join()} ${sequence}${acknowledged}${length}${mark}`,
        payload: Buffer.from(payload).toString("latin1"),
        comments: packet.comments,
        header: tcp,
        time: Number(packet.time),
      });
    }
    return shown;
  }
}

interface Given extends Partial<ConnectionSettings> {
  readonly local?: string;
  readonly remote?: string;
  readonly segmentSize?: number;
}

function connection(given: Given = {}): { kept: Kept; tapped: TapConnection } {
  const { role = "server", tls = false, local = "127.0.0.1", remote = "127.0.0.1", segmentSize } = given;
  const path = new Paths(segmentSize).between(
    { address: local, port: local.startsWith("/") ? 0 : 80 },
    { address: remote, port: remote.startsWith("/") ? 0 : 50_000 },
    role === "server",
  );
  const numbers = [1000, 5000];
  const initialSequence = given.initialSequence ?? ((): number => numbers.shift() as number);
  const kept = new Kept();
  return { kept, tapped: new TapConnection({ role, tls, path, process: 4321, initialSequence }, kept) };
}

const ACCEPTED = ["< SYN 0 ~", "> SYN,ACK 0 ack 1 ~", "< ACK 1 ack 1 ~"];
const CONNECTED = ["> SYN 0 ~", "< SYN,ACK 0 ack 1 ~", "> ACK 1 ack 1 ~"];

interface Case {
  readonly name: string;
  readonly given?: Given;
  readonly happens: (tapped: TapConnection, kept: Kept) => void;
  readonly packets: readonly string[];
}

const error = (code: string): Error => Object.assign(new Error(code), { code });

const cases: readonly Case[] = [
  {
    name: "a connection that was accepted begins with the other side's SYN",
    happens() {},
    packets: ACCEPTED,
  },
  {
    name: "a connection that was opened begins with our SYN",
    given: { role: "client" },
    happens() {},
    packets: CONNECTED,
  },
  {
    name: "an answer acknowledges its request, and FIN is acknowledged by itself",
    happens(tapped) {
      tapped.received(Buffer.from("GET / HTTP/1.1\r\n\r\n"));
      tapped.writing("HTTP/1.1 200 OK\r\n\r\n");
      tapped.ended();
      tapped.ending();
      tapped.closed(undefined);
    },
    packets: [
      ...ACCEPTED,
      "< PSH,ACK 1 ack 1 18",
      "> PSH,ACK 1 ack 19 19",
      "< FIN,ACK 19 ack 20",
      "> ACK 20 ack 20 ~",
      "> FIN,ACK 20 ack 20",
      "< ACK 20 ack 21 ~",
    ],
  },
  {
    name: "who has sent FIN still reads, and the other side still writes",
    given: { role: "client" },
    happens(tapped) {
      tapped.ending();
      tapped.writing("lost: it is behind FIN");
      tapped.received(Buffer.from("late"));
      tapped.received(Buffer.from("r"));
      tapped.ended();
      tapped.closed(undefined);
    },
    packets: [
      ...CONNECTED,
      "> FIN,ACK 1 ack 1",
      "< ACK 1 ack 2 ~",
      "< PSH,ACK 1 ack 2 4",
      "< PSH,ACK 5 ack 2 1",
      "< FIN,ACK 6 ack 2",
      "> ACK 2 ack 7 ~",
    ],
  },
  {
    name: "what is long is cut, pushed at its end, and every second full segment acknowledged",
    given: { segmentSize: 1000 },
    happens(tapped) {
      tapped.received(Buffer.alloc(2500));
      tapped.writing("x".repeat(1000));
      tapped.writing(Buffer.alloc(1001));
    },
    packets: [
      ...ACCEPTED,
      "< ACK 1 ack 1 1000",
      "< ACK 1001 ack 1 1000",
      "> ACK 1 ack 2001 ~",
      "< PSH,ACK 2001 ack 1 500",
      "> PSH,ACK 1 ack 2501 1000",
      "> ACK 1001 ack 2501 1000",
      "< ACK 2501 ack 2001 ~",
      "> PSH,ACK 2001 ack 2501 1",
    ],
  },
  {
    name: "who goes on after a while has been acknowledged meanwhile",
    happens(tapped, kept) {
      tapped.writing("a");
      kept.time += 40_000_000;
      tapped.writing("b");
      kept.time += 40_000_001;
      tapped.writing("c");
    },
    packets: [
      ...ACCEPTED,
      "> PSH,ACK 1 ack 1 1",
      "> PSH,ACK 2 ack 1 1",
      "< ACK 1 ack 3 ~",
      "> PSH,ACK 3 ack 1 1",
    ],
  },
  {
    name: "nothing that is written is no segment",
    happens(tapped) {
      tapped.writing("");
      tapped.writing(new Uint8Array(0));
    },
    packets: ACCEPTED,
  },
  {
    name: "a reset of ours",
    happens(tapped) {
      tapped.received(Buffer.from("x"));
      tapped.resetting();
      tapped.closed(undefined);
    },
    packets: [...ACCEPTED, "< PSH,ACK 1 ack 1 1", "> RST,ACK 1 ack 2"],
  },
  {
    name: "a reset of theirs is seen as an error",
    happens(tapped) {
      tapped.writing("x");
      tapped.closed(error("ECONNRESET"));
    },
    packets: [...ACCEPTED, "> PSH,ACK 1 ack 1 1", "< RST,ACK 1 ack 2"],
  },
  {
    name: "so is one that answered to what was written behind their FIN",
    happens(tapped) {
      tapped.ended();
      tapped.writing("x");
      tapped.closed(error("EPIPE"));
    },
    packets: [
      ...ACCEPTED,
      "< FIN,ACK 1 ack 1",
      "> ACK 1 ack 2 ~",
      "> PSH,ACK 1 ack 2 1",
      "< RST,ACK 2 ack 2",
    ],
  },
  {
    name: "a connection that broke otherwise ends with a reset that was not seen",
    happens: (tapped) => tapped.closed(error("ETIMEDOUT")),
    packets: [...ACCEPTED, "> RST,ACK 1 ack 1 ~"],
  },
  {
    name: "a socket that is destroyed closes in four steps, none of which was seen",
    given: { role: "client" },
    happens(tapped) {
      tapped.destroying();
      tapped.destroying();
      tapped.closed(undefined);
    },
    packets: [
      ...CONNECTED,
      "> FIN,ACK 1 ack 1 ~",
      "< ACK 1 ack 2 ~",
      "< FIN,ACK 1 ack 2 ~",
      "> ACK 2 ack 2 ~",
    ],
  },
  {
    name: "a socket that is destroyed when the other side has closed",
    given: { role: "client" },
    happens(tapped) {
      tapped.ended();
      tapped.destroying();
      tapped.closed(undefined);
    },
    packets: [...CONNECTED, "< FIN,ACK 1 ack 1", "> ACK 1 ack 2 ~", "> FIN,ACK 1 ack 2 ~", "< ACK 2 ack 2 ~"],
  },
  {
    name: "a socket that is destroyed behind our FIN, because the other side did not close, sends nothing more",
    happens(tapped) {
      tapped.ending();
      tapped.destroying();
      tapped.closed(undefined);
    },
    packets: [...ACCEPTED, "> FIN,ACK 1 ack 1", "< ACK 1 ack 2 ~"],
  },
  {
    name: "nothing is told after the end",
    happens(tapped) {
      tapped.resetting();
      tapped.received(Buffer.from("x"));
      tapped.writing("x");
      tapped.ending();
      tapped.ended();
      tapped.resetting();
      tapped.destroying();
      tapped.closed(error("ECONNRESET"));
    },
    packets: [...ACCEPTED, "> RST,ACK 1 ack 1"],
  },
  {
    name: "TLS cannot be reset: it is destroyed",
    given: { role: "client", tls: true },
    happens(tapped) {
      tapped.ended();
      tapped.resetting();
    },
    packets: [...CONNECTED, "< FIN,ACK 1 ack 1", "> ACK 1 ack 2 ~", "> FIN,ACK 1 ack 2 ~", "< ACK 2 ack 2 ~"],
  },
  {
    name: "a UNIX socket looks like any other, at addresses that are made up",
    given: { local: "/run/a.sock", remote: "/run/a.sock" },
    happens: (tapped) => tapped.received(Buffer.from("x")),
    packets: [...ACCEPTED, "< PSH,ACK 1 ack 1 1"],
  },
  {
    name: "IPv6",
    given: { local: "::1", remote: "::1" },
    happens: (tapped) => tapped.received(Buffer.alloc(65_476)),
    packets: [...ACCEPTED, "< ACK 1 ack 1 65475", "< PSH,ACK 65476 ack 1 1"],
  },
];
for (const { name, given, happens, packets } of cases) {
  test(`tap: ${name}`, () => {
    const { kept, tapped } = connection(given);
    happens(tapped, kept);
    assert.deepEqual(
      kept.packets.map(({ line }) => line),
      packets,
    );
  });
}

test("tap: sequence numbers go on from 0 after 2^32 - 1", () => {
  const { kept, tapped } = connection({ initialSequence: () => 0xffffffff });
  tapped.received(Buffer.from("abc"));
  tapped.writing("d");
  tapped.ending();
  assert.deepEqual(
    kept.packets.map(({ header }) => [header.sequence, header.acknowledgement]),
    [
      [0xffffffff, 0],
      [0xffffffff, 0],
      [0, 0],
      [0, 0],
      [0, 3],
      [1, 3],
      [3, 2],
    ],
  );
});

test("tap: SYN says the size of segments, and that windows are scaled", () => {
  for (const [local, remote, size] of [
    ["127.0.0.1", "127.0.0.1", 65_495],
    ["2001:db8::1", "2001:db8::2", 1440],
  ] as const) {
    const [syn, answer, last] = connection({ local, remote }).kept.packets;
    const options = { maximumSegmentSize: size, windowScale: 7, sackPermitted: true };
    assert.deepEqual(syn?.header.options, options);
    assert.deepEqual(answer?.header.options, options);
    assert.deepEqual(last?.header.options, {});
  }
});

test("tap: the first packet says what lies between these bytes and the wire", () => {
  const tls = connection({ tls: true }).kept.packets[0]?.comments;
  assert.match(tls?.[1] ?? "", /TLS.*before encryption/);
  const unix = connection({ local: "/run/연어.sock", remote: "/run/연어.sock" }).kept.packets[0]?.comments;
  assert.equal(unix?.[1], "A UNIX socket: /run/연어.sock. Addresses and ports are made up");
});

test("tap: nothing is made of what comes when nothing is recorded", () => {
  const { kept, tapped } = connection();
  kept.recording = false;
  tapped.received(Buffer.from("x"));
  tapped.ended();
  tapped.resetting();
  assert.equal(kept.packets.length, 3);
});

type Step = { readonly from: "us" | "them"; readonly bytes: Uint8Array; readonly wait: number };

test("tap: the payloads of each side, by their sequence numbers, are the bytes that passed", () => {
  const steps = fc.array(
    fc.record<Step>({
      from: fc.constantFrom("us", "them"),
      bytes: fc.uint8Array({ maxLength: 50 }),
      wait: fc.constantFrom(0, 1, 50_000_000),
    }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 20 }), (given, segmentSize) => {
      const { kept, tapped } = connection({ segmentSize });
      for (const { from, bytes, wait } of given) {
        kept.time += wait;
        if (from === "them") tapped.received(bytes);
        else tapped.writing(Buffer.from(bytes).toString("latin1"));
      }
      const sent = { ">": "", "<": "" };
      let before = 0;
      for (const { line, payload, header, time } of kept.packets.slice(3)) {
        const side = line[0] as ">" | "<";
        const other = side === ">" ? "<" : ">";
        const [own, their] = side === ">" ? [1001, 5001] : [5001, 1001];
        assert.equal(header.sequence - own, sent[side].length);
        assert.equal(header.acknowledgement - their, sent[other].length);
        assert.ok(payload.length <= segmentSize);
        assert.ok(time >= before);
        before = time;
        sent[side] += payload;
      }
      const passed = (which: Step["from"]): string =>
        given
          .map(({ from, bytes }) => (from === which ? Buffer.from(bytes).toString("latin1") : ""))
          .join("");
      assert.deepEqual(sent, { ">": passed("us"), "<": passed("them") });
    }),
  );
});
