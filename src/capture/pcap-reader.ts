// Reads classic pcap files (draft-ietf-opsawg-pcap) that come in any pieces. They have one interface and no options, so
// that they are given as a section with one interface, and packets.

import { type ByteOrder, u16, u32 } from "./byte-order.ts";
import { FileIntake } from "./file-intake.ts";
import type { Block } from "./pcapng/blocks.ts";
import { type CaptureReader, type CaptureRecord, damaged, type ReaderLimits } from "./records.ts";

interface Format {
  readonly order: ByteOrder;
  /** Nanoseconds of a unit of the fraction. */
  readonly unit: bigint;
}

/** The magic numbers, read as big-endian. */
const FORMATS: ReadonlyMap<number, Format> = new Map([
  [0xa1b2c3d4, { order: "big", unit: 1000n }],
  [0xd4c3b2a1, { order: "little", unit: 1000n }],
  [0xa1b23c4d, { order: "big", unit: 1n }],
  [0x4d3cb2a1, { order: "little", unit: 1n }],
]);

/** Whether a file that begins with these four bytes is a classic pcap file. */
export function isPcapMagic(magic: number): boolean {
  return FORMATS.has(magic);
}

const HEADER = 24;
const PACKET_HEADER = 16;

export class PcapReader implements CaptureReader {
  readonly #intake: FileIntake;
  #format: Format | undefined;
  /** What the header has given and was not asked for yet. */
  readonly #ready: CaptureRecord[] = [];

  constructor(limits: ReaderLimits = {}) {
    this.#intake = new FileIntake(limits);
  }

  push(bytes: Uint8Array): void {
    this.#intake.push(bytes);
  }

  end(): void {
    this.#intake.end();
  }

  next(): CaptureRecord | undefined {
    const ready = this.#ready.shift();
    if (ready !== undefined) return ready;
    if (this.#intake.failed) return undefined;
    const record = this.#format === undefined ? this.#header() : this.#packet(this.#format);
    if (record?.kind === "damaged") this.#intake.fail();
    return record;
  }

  #header(): CaptureRecord | undefined {
    if (this.#intake.length < HEADER) return this.#intake.wait("the file's header");
    const bytes = this.#intake.take(HEADER);
    const format = FORMATS.get(u32(bytes, 0));
    if (format === undefined) {
      return damaged("FORMAT_UNKNOWN", 0, "Cannot read this as pcap: its first four bytes are unknown");
    }
    const { order } = format;
    const major = u16(bytes, 4, order);
    if (major !== 2) return damaged("VERSION_UNKNOWN", 4, `Cannot read pcap of version ${major}: 2 is known`);
    this.#format = format;
    const snapLength = u32(bytes, 16, order);
    // The upper half tells of frame check sequences, which nothing here looks at.
    const linkType = u32(bytes, 20, order) & 0xffff;
    this.#ready.push(blockAt(0, { type: "interface", linkType, snapLength }));
    return blockAt(0, { type: "section" });
  }

  #packet({ order, unit }: Format): CaptureRecord | undefined {
    const intake = this.#intake;
    const { length: have, offset, maxBlock } = intake;
    if (have === 0) return undefined;
    if (have < PACKET_HEADER) return intake.wait("a packet's header");
    const { bytes, start } = intake.look();
    const captured = u32(bytes, start + 8, order);
    if (captured > maxBlock) {
      return damaged(
        "LENGTH_TOO_LARGE",
        offset + 8,
        `Cannot read a packet of ${captured} bytes: ${maxBlock} are the most`,
      );
    }
    if (have < PACKET_HEADER + captured) return intake.wait(`a packet of ${captured} bytes`);
    const view = intake.take(PACKET_HEADER + captured);
    const seconds = BigInt(u32(view, 0, order)) * 1_000_000_000n;
    return blockAt(offset, {
      type: "packet",
      interface: 0,
      time: seconds + BigInt(u32(view, 4, order)) * unit,
      bytes: view.subarray(PACKET_HEADER),
      length: Math.max(captured, u32(view, 12, order)),
    });
  }
}

function blockAt(offset: number, block: Block): CaptureRecord {
  return { kind: "block", offset, block };
}
