// Reads classic pcap files (draft-ietf-opsawg-pcap) that come in any pieces. They have one interface and no options, so
// that they are given as a section with one interface, and packets.

import { Inbox } from "../protocol/inbox.ts";
import { type ByteOrder, u16, u32 } from "./byte-order.ts";
import type { Block } from "./pcapng/blocks.ts";
import {
  type CaptureReader,
  type CaptureRecord,
  DEFAULT_MAX_BLOCK,
  damaged,
  type FileFault,
  type ReaderLimits,
} from "./records.ts";

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
  readonly #inbox = new Inbox();
  readonly #maxBlock: number;
  #offset = 0;
  #format: Format | undefined;
  /** What the header has given and was not asked for yet. */
  readonly #ready: CaptureRecord[] = [];
  #ended = false;
  #fault: FileFault | undefined;

  constructor(limits: ReaderLimits = {}) {
    const { maxBlock = DEFAULT_MAX_BLOCK } = limits;
    this.#maxBlock = maxBlock || Number.POSITIVE_INFINITY;
  }

  push(bytes: Uint8Array): void {
    if (this.#fault === undefined && bytes.length > 0) this.#inbox.push(bytes);
  }

  end(): void {
    this.#ended = true;
  }

  next(): CaptureRecord | undefined {
    const ready = this.#ready.shift();
    if (ready !== undefined) return ready;
    if (this.#fault !== undefined) return undefined;
    const record = this.#format === undefined ? this.#header() : this.#packet(this.#format);
    if (record?.kind === "damaged") {
      this.#fault = record;
      this.#inbox.skip(this.#inbox.length);
    }
    return record;
  }

  #header(): CaptureRecord | undefined {
    if (this.#inbox.length < HEADER) return this.#wait("the file's header");
    const bytes = this.#take(HEADER);
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
    if (this.#inbox.length === 0) return undefined;
    if (this.#inbox.length < PACKET_HEADER) return this.#wait("a packet's header");
    const { bytes, start } = this.#inbox;
    const offset = this.#offset;
    const captured = u32(bytes, start + 8, order);
    if (captured > this.#maxBlock) {
      return damaged(
        "LENGTH_TOO_LARGE",
        offset + 8,
        `Cannot read a packet of ${captured} bytes: ${this.#maxBlock} are the most`,
      );
    }
    if (this.#inbox.length < PACKET_HEADER + captured) return this.#wait(`a packet of ${captured} bytes`);
    const view = this.#take(PACKET_HEADER + captured);
    const seconds = BigInt(u32(view, 0, order)) * 1_000_000_000n;
    return blockAt(offset, {
      type: "packet",
      interface: 0,
      time: seconds + BigInt(u32(view, 4, order)) * unit,
      bytes: view.subarray(PACKET_HEADER),
      length: Math.max(captured, u32(view, 12, order)),
    });
  }

  #take(length: number): Uint8Array {
    this.#offset += length;
    return this.#inbox.take(length);
  }

  #wait(what: string): FileFault | undefined {
    const have = this.#inbox.length;
    if (!this.#ended || (have === 0 && this.#format !== undefined)) return undefined;
    return damaged(
      "CUT_SHORT",
      this.#offset,
      `Cannot read ${what}: the file ends ${have} bytes after its beginning`,
    );
  }
}

function blockAt(offset: number, block: Block): CaptureRecord {
  return { kind: "block", offset, block };
}
