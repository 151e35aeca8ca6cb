// The options of a TCP header (RFC 9293, 3.2; RFC 7323; RFC 2018).

import { putU16, putU32, u16, u32 } from "../byte-order.ts";

export interface TcpOptions {
  /** Maximum segment size; in a SYN. */
  readonly maximumSegmentSize?: number;
  /** The shift of the window, 0 to 14; in a SYN. */
  readonly windowScale?: number;
  readonly sackPermitted?: boolean;
  /** Stretches of sequence numbers that came out of order: from, and behind the last. */
  readonly sacks?: readonly (readonly [number, number])[];
  readonly timestamps?: { readonly value: number; readonly echo: number };
}

const END = 0;
const NO_OPERATION = 1;
const MAXIMUM_SEGMENT_SIZE = 2;
const WINDOW_SCALE = 3;
const SACK_PERMITTED = 4;
const SACK = 5;
const TIMESTAMPS = 8;

/** Reads options. Unknown ones, and those of a wrong length, are skipped; undefined when a length runs out of the header. */
export function parseTcpOptions(bytes: Uint8Array, start: number, end: number): TcpOptions | undefined {
  const options: { -readonly [Name in keyof TcpOptions]: TcpOptions[Name] } = {};
  let at = start;
  while (at < end) {
    const kind = bytes[at] as number;
    if (kind === END) break;
    if (kind === NO_OPERATION) {
      at++;
      continue;
    }
    const length = at + 1 < end ? (bytes[at + 1] as number) : 0;
    if (length < 2 || at + length > end) return undefined;
    const value = at + 2;
    if (kind === MAXIMUM_SEGMENT_SIZE && length === 4) options.maximumSegmentSize = u16(bytes, value);
    // 14 is the most; more is taken for 14 (RFC 7323, 2.3).
    if (kind === WINDOW_SCALE && length === 3) options.windowScale = Math.min(14, bytes[value] as number);
    if (kind === SACK_PERMITTED && length === 2) options.sackPermitted = true;
    if (kind === TIMESTAMPS && length === 10) {
      options.timestamps = { value: u32(bytes, value), echo: u32(bytes, value + 4) };
    }
    if (kind === SACK && length % 8 === 2) options.sacks = sackBlocks(bytes, value, at + length);
    at += length;
  }
  return options;
}

function sackBlocks(bytes: Uint8Array, start: number, end: number): [number, number][] {
  const blocks: [number, number][] = [];
  for (let at = start; at < end; at += 8) blocks.push([u32(bytes, at), u32(bytes, at + 4)]);
  return blocks;
}

/** The bytes of options, padded to 32 bits by operations that do nothing, 40 bytes at most. */
export function tcpOptionBytes(options: TcpOptions): Uint8Array {
  const bytes: number[] = [];
  const { maximumSegmentSize, windowScale, sackPermitted, sacks, timestamps } = options;
  if (maximumSegmentSize !== undefined) bytes.push(MAXIMUM_SEGMENT_SIZE, 4, ...two(maximumSegmentSize));
  if (sackPermitted) bytes.push(...(timestamps === undefined ? PADDING : []), SACK_PERMITTED, 2);
  if (timestamps !== undefined) {
    bytes.push(...(sackPermitted ? [] : PADDING), TIMESTAMPS, 10);
    bytes.push(...four(timestamps.value), ...four(timestamps.echo));
  }
  if (windowScale !== undefined) bytes.push(NO_OPERATION, WINDOW_SCALE, 3, windowScale);
  if (sacks !== undefined && sacks.length > 0) {
    bytes.push(...PADDING, SACK, 2 + 8 * sacks.length, ...sacks.flat().flatMap(four));
  }
  if (bytes.length > 40) {
    throw new RangeError(`Cannot build a TCP header with ${bytes.length} bytes of options: 40 are the most`);
  }
  return Uint8Array.from(bytes);
}

const PADDING = [NO_OPERATION, NO_OPERATION];

function two(value: number): number[] {
  const bytes = new Uint8Array(2);
  putU16(bytes, 0, value);
  return [...bytes];
}

function four(value: number): number[] {
  const bytes = new Uint8Array(4);
  putU32(bytes, 0, value);
  return [...bytes];
}
