// TCP headers (RFC 9293, 3.1): what stands in one, and how it is read.

import { u16, u32 } from "../byte-order.ts";
import { cutShort, type Fault, fault } from "../fault.ts";
import { parseTcpOptions, type TcpOptions } from "./tcp-options.ts";

export const FIN: number = 0x01;
export const SYN: number = 0x02;
export const RST: number = 0x04;
export const PSH: number = 0x08;
export const ACK: number = 0x10;
export const URG: number = 0x20;
export const ECE: number = 0x40;
export const CWR: number = 0x80;

const NAMES: readonly (readonly [number, string])[] = [
  [SYN, "SYN"],
  [FIN, "FIN"],
  [RST, "RST"],
  [PSH, "PSH"],
  [ACK, "ACK"],
  [URG, "URG"],
  [ECE, "ECE"],
  [CWR, "CWR"],
];

/** The names of the flags that are set, in the order in which people say them: SYN, ACK. */
export function flagNames(flags: number): string[] {
  return NAMES.filter(([flag]) => (flags & flag) !== 0).map(([, name]) => name);
}

export interface TcpHeader {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** 32 bits, as on the wire. */
  readonly sequence: number;
  readonly acknowledgement: number;
  /** A bit for each of `FIN`, `SYN` and so on. */
  readonly flags: number;
  /** As on the wire: not shifted by the window scale. */
  readonly window: number;
  readonly checksum: number;
  readonly urgent: number;
  readonly options: TcpOptions;
}

export interface TcpSegment {
  readonly kind: "tcp";
  readonly header: TcpHeader;
  /** Where the payload begins in the bytes. */
  readonly payloadAt: number;
}

/** Reads the TCP header between `at` and `end`. */
export function parseTcp(bytes: Uint8Array, at: number = 0, end: number = bytes.length): TcpSegment | Fault {
  if (end < at + 20) return cutShort("a TCP header", end, at + 20);
  const headerLength = ((bytes[at + 12] as number) >> 4) * 4;
  if (headerLength < 20) {
    return fault(
      "INVALID",
      at + 12,
      `Cannot read a TCP header: its length is ${headerLength}, and 20 is the least`,
    );
  }
  const payloadAt = at + headerLength;
  if (payloadAt > end) return cutShort("the options of a TCP header", end, payloadAt);
  const options = parseTcpOptions(bytes, at + 20, payloadAt);
  if (options === undefined) {
    return fault(
      "INVALID",
      at + 20,
      "Cannot read the options of a TCP header: one is longer than the header",
    );
  }
  const header: TcpHeader = {
    sourcePort: u16(bytes, at),
    destinationPort: u16(bytes, at + 2),
    sequence: u32(bytes, at + 4),
    acknowledgement: u32(bytes, at + 8),
    flags: bytes[at + 13] as number,
    window: u16(bytes, at + 14),
    checksum: u16(bytes, at + 16),
    urgent: u16(bytes, at + 18),
    options,
  };
  return { kind: "tcp", header, payloadAt };
}
