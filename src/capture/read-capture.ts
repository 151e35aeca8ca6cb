// Reads a capture file whatever its format, which its first four bytes tell.

import { u32 } from "./byte-order.ts";
import { isPcapMagic, PcapReader } from "./pcap-reader.ts";
import { SECTION } from "./pcapng/blocks.ts";
import { PcapngReader } from "./pcapng/reader.ts";
import {
  type CaptureReader,
  type CaptureRecord,
  damaged,
  type FileFault,
  type ReaderLimits,
} from "./records.ts";

/** A reader of pcapng and classic pcap. Compressed files, and what is no capture, end in a fault that says so. */
export function readCapture(limits: ReaderLimits = {}): CaptureReader {
  return new AnyReader(limits);
}

class AnyReader implements CaptureReader {
  readonly #limits: ReaderLimits;
  #first: Uint8Array = new Uint8Array(0);
  #reader: CaptureReader | undefined;
  #fault: FileFault | undefined;
  #told = false;

  constructor(limits: ReaderLimits) {
    this.#limits = limits;
  }

  push(bytes: Uint8Array): void {
    if (this.#reader !== undefined) {
      this.#reader.push(bytes);
      return;
    }
    if (this.#fault !== undefined) return;
    this.#first = this.#first.length === 0 ? bytes : Buffer.concat([this.#first, bytes]);
    if (this.#first.length >= 4) this.#choose();
  }

  end(): void {
    this.#reader?.end();
    if (this.#reader === undefined) this.#fault ??= unknownFormat(this.#first);
  }

  next(): CaptureRecord | undefined {
    if (this.#reader !== undefined) return this.#reader.next();
    if (this.#fault === undefined || this.#told) return undefined;
    this.#told = true;
    return this.#fault;
  }

  #choose(): void {
    const magic = u32(this.#first, 0);
    if (magic === SECTION) this.#reader = new PcapngReader(this.#limits);
    else if (isPcapMagic(magic)) this.#reader = new PcapReader(this.#limits);
    else this.#fault = unknownFormat(this.#first);
    this.#reader?.push(this.#first);
    this.#first = new Uint8Array(0);
  }
}

const COMPRESSIONS: readonly {
  readonly name: string;
  readonly undo: string;
  readonly first: readonly number[];
}[] = [
  { name: "gzip", undo: "gzip -d", first: [0x1f, 0x8b] },
  { name: "Zstandard", undo: "zstd -d", first: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: "LZ4", undo: "lz4 -d", first: [0x04, 0x22, 0x4d, 0x18] },
];

function unknownFormat(first: Uint8Array): FileFault {
  const compression = COMPRESSIONS.find((one) => one.first.every((byte, i) => first[i] === byte));
  if (compression !== undefined) {
    const { name, undo } = compression;
    return damaged(
      "COMPRESSED",
      0,
      `Cannot read a capture that is compressed with ${name}: decompress it first, as with ${undo}`,
    );
  }
  const why = first.length === 0 ? "the file is empty" : "it begins neither as pcapng nor as pcap";
  return damaged("FORMAT_UNKNOWN", 0, `Cannot read this as a capture: ${why}`);
}
