// Reads pcapng files (draft-ietf-opsawg-pcapng) that come in any pieces: bytes in, blocks out. It cuts the file into
// blocks; what is in one is read by block-reader.ts.

import { type ByteOrder, u16, u32 } from "../byte-order.ts";
import { FileIntake } from "../file-intake.ts";
import { type CaptureReader, type CaptureRecord, damaged, type ReaderLimits } from "../records.ts";
import type { Section } from "./block-parts.ts";
import { readBlock } from "./block-reader.ts";
import { BYTE_ORDER_MAGIC, SECTION } from "./blocks.ts";

export class PcapngReader implements CaptureReader {
  readonly #intake: FileIntake;
  #section: Section | undefined;

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
    while (!this.#intake.failed) {
      const record = this.#nextBlock();
      if (record === SKIPPED) continue;
      if (record?.kind === "damaged") this.#intake.fail();
      return record;
    }
    return undefined;
  }

  #nextBlock(): CaptureRecord | typeof SKIPPED | undefined {
    const intake = this.#intake;
    const { length: have, offset, maxBlock } = intake;
    if (have === 0) return undefined;
    if (have < 12) return intake.wait("the header of a block");
    const { bytes, start } = intake.look();
    // Read in either order, the type of a section is the same.
    const begins = u32(bytes, start) === SECTION;
    const order = begins ? byteOrderOf(u32(bytes, start + 8)) : this.#section?.order;
    if (order === undefined) {
      return begins
        ? damaged("FORMAT_UNKNOWN", offset + 8, "Cannot read the section: its byte-order magic is unknown")
        : damaged("FORMAT_UNKNOWN", offset, "Cannot read this as pcapng: it does not begin with a section");
    }
    const length = u32(bytes, start + 4, order);
    if (length < 12 || length % 4 !== 0 || (begins && length < 28)) {
      return damaged(
        "LENGTH_INVALID",
        offset + 4,
        `Cannot read a block of ${length} bytes: no block is so long`,
      );
    }
    if (length > maxBlock) {
      return damaged(
        "LENGTH_TOO_LARGE",
        offset + 4,
        `Cannot read a block of ${length} bytes: ${maxBlock} are the most`,
      );
    }
    if (have < length) return intake.wait(`a block of ${length} bytes`);
    const view = intake.take(length);
    if (u32(view, length - 4, order) !== length) {
      return damaged(
        "LENGTH_INVALID",
        offset + length - 4,
        "Cannot read a block: its two lengths are not the same",
      );
    }
    if (begins) {
      const major = u16(view, 12, order);
      if (major !== 1) {
        return damaged("VERSION_UNKNOWN", offset + 12, `Cannot read pcapng of version ${major}: 1 is known`);
      }
      this.#section = { order, interfaces: [] };
    }
    const block = readBlock(view, this.#section as Section);
    if (block === undefined) return SKIPPED;
    if ("code" in block) return { ...block, offset: offset + block.offset };
    return { kind: "block", offset, block };
  }
}

const SKIPPED = Symbol("skipped");

function byteOrderOf(magic: number): ByteOrder | undefined {
  if (magic === BYTE_ORDER_MAGIC) return "big";
  return magic === 0x4d3c2b1a ? "little" : undefined;
}
