// IP packets with a TCP segment in them, built whole, and a long stretch of bytes cut into such.

import { putU16, putU32 } from "../byte-order.ts";
import { addToSum, foldSum, pseudoHeaderSum } from "./checksum.ts";
import { ipHeaderLength, putIpHeader, TCP } from "./ip.ts";
import { ACK, PSH } from "./tcp.ts";
import { type TcpOptions, tcpOptionBytes } from "./tcp-options.ts";

export interface SegmentParts {
  /** 4 or 16 bytes, both addresses of one length. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  /** Default 0. */
  readonly acknowledgement?: number;
  readonly flags: number;
  readonly window: number;
  readonly options?: TcpOptions;
  readonly payload?: Uint8Array;
  /** IPv4's identification. Default 0. */
  readonly identification?: number;
}

const NO_BYTES = new Uint8Array(0);

/** An IP packet with one TCP segment, lengths and checksums right. Throws RangeError for what no packet can hold. */
export function buildSegment(parts: SegmentParts): Uint8Array<ArrayBuffer> {
  const { source, destination, payload = NO_BYTES } = parts;
  const options = parts.options === undefined ? NO_BYTES : tcpOptionBytes(parts.options);
  const at = ipHeaderLength(source);
  const length = 20 + options.length + payload.length;
  const bytes = new Uint8Array(at + length);
  const { identification = 0 } = parts;
  putIpHeader(bytes, { source, destination, protocol: TCP, payloadLength: length, identification });
  putU16(bytes, at, parts.sourcePort);
  putU16(bytes, at + 2, parts.destinationPort);
  putU32(bytes, at + 4, parts.sequence);
  putU32(bytes, at + 8, parts.acknowledgement ?? 0);
  bytes[at + 12] = ((20 + options.length) / 4) << 4;
  bytes[at + 13] = parts.flags;
  putU16(bytes, at + 14, parts.window);
  bytes.set(options, at + 20);
  bytes.set(payload, at + 20 + options.length);
  putU16(bytes, at + 16, foldSum(addToSum(pseudoHeaderSum(source, destination, TCP, length), bytes, at)));
  return bytes;
}

/** Whether the checksum of a TCP segment holds: `bytes` from its header to the end of its payload. */
export function tcpChecksumHolds(source: Uint8Array, destination: Uint8Array, bytes: Uint8Array): boolean {
  return foldSum(addToSum(pseudoHeaderSum(source, destination, TCP, bytes.length), bytes)) === 0;
}

export interface SegmentPiece {
  readonly sequence: number;
  readonly flags: number;
  readonly payload: Uint8Array;
}

/**
 * Cuts bytes that are sent at once into segments of `size` bytes at most. The last one is pushed, as systems do when a
 * write ends (RFC 9293, 3.9.1.2). The payloads are views.
 */
export function cutIntoSegments(bytes: Uint8Array, sequence: number, size: number): SegmentPiece[] {
  if (!(size >= 1)) throw new RangeError(`Cannot cut into segments of ${size} bytes: it takes 1 at least`);
  const pieces: SegmentPiece[] = [];
  for (let start = 0; start < bytes.length; start += size) {
    const end = Math.min(bytes.length, start + size);
    pieces.push({
      // Sequence numbers wrap around (RFC 9293, 3.4).
      sequence: (sequence + start) >>> 0,
      flags: end === bytes.length ? ACK | PSH : ACK,
      payload: bytes.subarray(start, end),
    });
  }
  return pieces;
}
