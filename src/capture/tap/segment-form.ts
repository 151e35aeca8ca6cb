// Packets of one direction of a connection, written straight into a file's bytes: a form that is filled in. It gives the
// same bytes as `writeBlock` and `buildSegment`, of which it is made, at a tenth of the cost: a server under load
// writes several for each request.

import { foldSum } from "../packets/checksum.ts";
import { ipHeaderLength } from "../packets/ip.ts";
import { buildSegment, type SegmentParts } from "../packets/segment.ts";
import type { PacketBlock } from "../pcapng/blocks.ts";
import { writeBlock } from "../pcapng/writer.ts";

/** What all packets of a form have in common. */
export type FormSegment = Omit<
  SegmentParts,
  "sequence" | "acknowledgement" | "flags" | "options" | "payload" | "identification"
>;
export type FormBlock = Omit<PacketBlock, "type" | "time" | "bytes" | "length">;

/** What is filled in. The payload is bytes, or a latin1 string. */
export interface Filling {
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: number;
  readonly payload: Uint8Array | string;
}

/** Where packets are written; its place in memory is at a multiple of 4. */
export interface Page {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** Behind the header of a packet's block. */
const PACKET_AT = 28;
const TCP_LENGTH = 20;
/** The block's length stands once more at its end. */
const LENGTH_SIZE = 4;

export class SegmentForm {
  /** Everything before the payload, and the options behind it; in words, for copying few bytes takes longer than this. */
  readonly #head: Uint32Array;
  readonly #tail: Uint32Array;
  readonly #ipLength: number;
  /** Of what is the same in all packets, before the ones' complement. */
  readonly #ipSum: number;
  readonly #tcpSum: number;

  constructor(segment: FormSegment, block: FormBlock) {
    const empty = buildSegment({ ...segment, sequence: 0, acknowledgement: 0, flags: 0 });
    const bytes = writeBlock({ ...block, type: "packet", time: 0n, bytes: empty });
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const headLength = PACKET_AT + empty.length;
    this.#head = wordsOf(view, 0, headLength);
    this.#tail = wordsOf(view, headLength, bytes.length - LENGTH_SIZE);
    this.#ipLength = ipHeaderLength(segment.source);
    // The complement of a number takes it away from the sum again.
    this.#ipSum = complement(view.getUint16(PACKET_AT + 10)) + complement(empty.length);
    this.#tcpSum = complement(view.getUint16(PACKET_AT + this.#ipLength + 16));
  }

  /** Bytes of the file for a packet with a payload of this length. */
  sizeWith(length: number): number {
    return 4 * (this.#head.length + this.#tail.length) + padded(length) + LENGTH_SIZE;
  }

  /** Writes a packet at a multiple of 4; `high` and `low` are the words of its time in nanoseconds. There must be room for it. */
  put(page: Page, at: number, high: number, low: number, filling: Filling): void {
    const { view } = page;
    const head = this.#head;
    const { sequence, acknowledgement, flags, payload } = filling;
    const { length } = payload;
    const size = this.sizeWith(length);
    const packetLength = this.#ipLength + TCP_LENGTH + length;
    for (let i = 0; i < head.length; i++) view.setUint32(at + 4 * i, head[i] as number, true);
    view.setUint32(at + 4, size, true);
    view.setUint32(at + 12, high, true);
    view.setUint32(at + 16, low, true);
    view.setUint32(at + 20, packetLength, true);
    view.setUint32(at + 24, packetLength, true);

    const ip = at + PACKET_AT;
    if (this.#ipLength === 20) {
      view.setUint16(ip + 2, packetLength);
      view.setUint16(ip + 10, foldSum(this.#ipSum + packetLength));
    } else view.setUint16(ip + 4, TCP_LENGTH + length);

    const tcp = ip + this.#ipLength;
    view.setUint32(tcp + 4, sequence);
    view.setUint32(tcp + 8, acknowledgement);
    view.setUint8(tcp + 13, flags);
    const carried = putPayload(page, tcp + TCP_LENGTH, payload);
    view.setUint16(
      tcp + 16,
      foldSum(this.#tcpSum + halves(sequence) + halves(acknowledgement) + flags + length + carried),
    );
    this.#end(view, at, size);
  }

  #end(view: DataView, at: number, size: number): void {
    const tail = this.#tail;
    const end = at + size - LENGTH_SIZE;
    const start = end - 4 * tail.length;
    for (let i = 0; i < tail.length; i++) view.setUint32(start + 4 * i, tail[i] as number, true);
    view.setUint32(end, size, true);
  }
}

/** Writes the payload with zeros up to 32 bits, and gives its sum as the checksum needs it. */
function putPayload({ bytes, view }: Page, at: number, payload: Uint8Array | string): number {
  const { length } = payload;
  if (length === 0) return 0;
  const end = at + padded(length);
  view.setUint32(end - 4, 0);
  if (typeof payload === "string") bytes.write(payload, at, length, "latin1");
  else bytes.set(payload, at);
  let sum = 0;
  for (let i = at; i < end; i += 4) sum += view.getUint32(i, true);
  // A sum of words with their bytes swapped is the sum with its bytes swapped (RFC 1071, 2 (B)).
  const little = complement(foldSum(sum));
  return ((little & 0xff) << 8) | (little >>> 8);
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

function complement(checksum: number): number {
  return ~checksum & 0xffff;
}

/** A word as two, for the sum. */
function halves(word: number): number {
  return (word >>> 16) + (word & 0xffff);
}

function wordsOf(view: DataView, start: number, end: number): Uint32Array {
  const words = new Uint32Array((end - start) / 4);
  for (let i = 0; i < words.length; i++) words[i] = view.getUint32(start + 4 * i, true);
  return words;
}
