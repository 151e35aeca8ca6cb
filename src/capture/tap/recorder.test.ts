import assert from "node:assert/strict";
import { test } from "node:test";
import type { Block } from "../pcapng/blocks.ts";
import { readCapture } from "../read-capture.ts";
import { TapConnection } from "./connection.ts";
import { type CaptureFrame, TapFrame } from "./frame.ts";
import { Paths } from "./path.ts";
import { type CaptureSink, Recorder } from "./recorder.ts";

/** Keeps what is written, when it is let. */
class Memory implements CaptureSink {
  readonly #frame: CaptureFrame;
  readonly #pieces: Uint8Array[] = [];
  readonly log: string[] = [];
  /** What a write waits for. */
  gate: Promise<void> = Promise.resolve();

  constructor(frame: CaptureFrame) {
    this.#frame = frame;
  }

  async open(): Promise<void> {
    this.log.push("open");
    this.#pieces.push(this.#frame.prologue());
  }

  async write(blocks: Uint8Array): Promise<void> {
    this.log.push("write");
    await this.gate;
    this.#pieces.push(Uint8Array.from(blocks));
  }

  async close(): Promise<void> {
    this.log.push("close");
    this.#pieces.push(this.#frame.epilogue());
  }

  get blocks(): Block[] {
    const reader = readCapture();
    reader.push(Buffer.concat(this.#pieces));
    reader.end();
    const blocks: Block[] = [];
    for (let record = reader.next(); record !== undefined; record = reader.next()) {
      assert.equal(record.kind, "block");
      blocks.push(record.block);
    }
    return blocks;
  }
}

interface Recording {
  readonly sink: Memory;
  readonly recorder: Recorder;
  readonly tapped: TapConnection;
  readonly stops: Error[];
}

async function recording(maxQueue: number): Promise<Recording> {
  let time = 0;
  const clock = { origin: 1_900_000_000_123_456_789n, now: () => time++, correct() {} };
  const frame = new TapFrame(
    "Test",
    () => clock.origin + BigInt(clock.now()),
    () => recorder.counts,
  );
  const sink = new Memory(frame);
  const stops: Error[] = [];
  const recorder = new Recorder({
    sink,
    clock,
    process: 4321,
    maxQueue,
    statistics: () => frame.statistics(),
    onStopped: (error) => stops.push(error),
  });
  await sink.open();
  const path = new Paths(1000).between({ address: "::1", port: 80 }, { address: "::1", port: 50_000 }, true);
  const settings = { role: "server", path, tls: false, process: 4321, initialSequence: () => 0 } as const;
  return { sink, recorder, tapped: new TapConnection(settings, recorder), stops };
}

function gate(): { passed: Promise<void>; open: () => void; fail: (error: Error) => void } {
  let open = (): void => undefined;
  let fail = (_error: Error): void => undefined;
  const passed = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { passed, open, fail };
}

const MB = 1_000_000;

test("a recorder writes section, interface, packets and statistics, in order, and closes once", async () => {
  const { sink, recorder, tapped, stops } = await recording(MB);
  tapped.received(Buffer.from("요청"));
  await recorder.flush();
  assert.equal(sink.blocks.length, 6);
  tapped.writing("answer");
  const closing = recorder.close();
  assert.equal(recorder.close(), closing);
  tapped.writing("too late");
  await closing;
  tapped.writing("too late");
  assert.deepEqual(sink.log, ["open", "write", "write", "close"]);
  const { blocks } = sink;
  assert.deepEqual(
    blocks.map(({ type }) => type),
    ["section", "interface", ...Array(5).fill("packet"), "statistics"],
  );
  assert.deepEqual(stops, []);
  const [section, face] = blocks;
  assert.equal(section?.type === "section" && section.application, "Test");
  assert.match(
    (section?.type === "section" && section.comments?.[0]) || "",
    /^Reconstructed.*retransmissions/,
  );
  assert.deepEqual(face?.type === "interface" && [face.linkType, face.snapLength, face.name], [
    101,
    0,
    "tap",
  ]);
  const statistics = blocks.at(-1);
  assert.ok(statistics?.type === "statistics");
  assert.deepEqual(
    [statistics.received, statistics.droppedByInterface, statistics.delivered, statistics.comments],
    [5n, 0n, 5n, undefined],
  );
});

test("packets bear nanoseconds that never go back, a direction, and the process", async () => {
  const { sink, recorder, tapped } = await recording(MB);
  tapped.received(Buffer.from("a"));
  tapped.writing("b");
  tapped.ending();
  await recorder.close();
  const packets = sink.blocks.filter((block) => block.type === "packet");
  const times = packets.map(({ time }) => time as bigint);
  assert.equal(times[0], 1_900_000_000_123_456_790n);
  assert.deepEqual(
    times,
    times.toSorted((a, b) => Number(a - b)),
  );
  assert.deepEqual(
    packets.map(({ direction }) => direction),
    ["inbound", "outbound", "inbound", "inbound", "outbound", "outbound", "inbound"],
  );
  for (const { process } of packets) assert.deepEqual(process, { process: 4321, thread: 0 });
});

test("what is written is there without anybody asking for it", async () => {
  const { sink, tapped } = await recording(MB);
  tapped.received(Buffer.from("x"));
  // The recorder's own timer does not keep the process running; this one does.
  while (sink.log.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(sink.log, ["open", "write"]);
});

test("while the sink is slow, packets wait as long as there is room, then they are dropped, counted, and told of", async () => {
  const { sink, recorder, tapped } = await recording(600_000);
  const { passed, open } = gate();
  sink.gate = passed;
  const piece = Buffer.alloc(100_000, "x");
  for (let i = 0; i < 100; i++) tapped.writing(piece);
  const { packets, droppedPackets, droppedBytes } = recorder.counts;
  // 3 of the handshake, 100 segments for each piece, and an acknowledgement for every second one.
  assert.equal(packets + droppedPackets, 3 + 100 * 150);
  assert.ok(packets > 0 && packets < 1000, `${packets} waited`);
  assert.ok(droppedBytes > 9 * MB && droppedBytes < 10 * MB, `${droppedBytes} bytes dropped`);

  open();
  await recorder.flush();
  tapped.writing("after");
  await recorder.close();
  const { blocks } = sink;
  const total = recorder.counts;
  assert.equal(total.packets, packets + 1);
  assert.equal(blocks.filter(({ type }) => type === "packet").length, total.packets);
  const text = `${droppedPackets} packets with ${droppedBytes} bytes of data were dropped so far: they came faster than they could be written`;
  const types = blocks.slice(-3).map(({ type }) => type);
  assert.deepEqual(types, ["statistics", "packet", "statistics"]);
  for (const block of blocks) {
    if (block.type !== "statistics") continue;
    assert.deepEqual(block.comments, [text]);
    assert.equal(block.droppedByInterface, BigInt(droppedPackets));
    assert.equal(block.received, (block.delivered as bigint) + BigInt(droppedPackets));
  }
  // Their sequence numbers were used all the same: a reader sees how much is missing.
  const last = blocks.at(-2);
  assert.ok(last?.type === "packet");
  assert.equal(Buffer.from(last.bytes).readUInt32BE(44), 10 * MB + 1);
});

test("a slow sink gets full pages, not the small ones that time has made", async () => {
  const { sink, recorder, tapped } = await recording(600_000);
  const { passed, open } = gate();
  sink.gate = passed;
  tapped.writing("first");
  void recorder.flush();
  tapped.writing("second");
  // Longer than a packet waits for others.
  await new Promise((resolve) => setTimeout(resolve, 250));
  tapped.writing("third");
  assert.deepEqual(sink.log, ["open", "write"]);
  open();
  while (sink.log.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await recorder.close();
  assert.equal(sink.blocks.filter(({ type }) => type === "packet").length, 6);
  assert.deepEqual(sink.log, ["open", "write", "write", "close"]);
});

test("a sink that fails ends the capture: it is told once, and everybody goes on", async () => {
  const { sink, recorder, tapped, stops } = await recording(600_000);
  const { passed, fail } = gate();
  sink.gate = passed;
  for (let i = 0; i < 10; i++) tapped.writing(Buffer.alloc(100_000));
  const failure = new Error("the disk is full");
  fail(failure);
  await recorder.flush();
  assert.equal(recorder.recording, false);
  tapped.writing("more");
  tapped.ended();
  await recorder.flush();
  await recorder.close();
  assert.deepEqual(stops, [failure]);
  assert.deepEqual(sink.log, ["open", "write", "close"]);
});
