// IP headers (RFC 791, RFC 8200), read and built. Knows nothing of what a packet carries.

import { putU16, u16 } from "../byte-order.ts";
import { cutShort, type Fault, fault } from "../fault.ts";
import { addressText } from "./address.ts";
import { checksum } from "./checksum.ts";

export const TCP: number = 6;

export interface IpPacket {
  readonly kind: "ip";
  readonly version: 4 | 6;
  readonly source: string;
  readonly destination: string;
  /** What it carries, extension headers of IPv6 skipped: 6 is TCP. */
  readonly protocol: number;
  /** Time to live, or hop limit. */
  readonly hops: number;
  /** Where the payload stands in the bytes, and where it ends in them. */
  readonly payloadAt: number;
  readonly payloadEnd: number;
  /** Bytes of the payload that are not in the bytes, because the capture cut the packet. */
  readonly missing: number;
}

/** Reads an IP packet that begins at `at`. */
export function parseIp(bytes: Uint8Array, at: number = 0): IpPacket | Fault {
  const first = bytes[at];
  if (first === undefined) return cutShort("an IP packet", bytes.length, at + 1);
  switch (first >> 4) {
    case 4:
      return parseIpv4(bytes, at);
    case 6:
      return parseIpv6(bytes, at);
    default:
      return fault("INVALID", at, `Cannot read an IP packet: its version is ${first >> 4}, and not 4 or 6`);
  }
}

function parseIpv4(bytes: Uint8Array, at: number): IpPacket | Fault {
  if (bytes.length < at + 20) return cutShort("an IPv4 header", bytes.length, at + 20);
  const headerLength = ((bytes[at] as number) & 0x0f) * 4;
  if (headerLength < 20) {
    return fault(
      "INVALID",
      at,
      `Cannot read an IPv4 header: its length is ${headerLength}, and 20 is the least`,
    );
  }
  // Network cards that cut segments leave 0 here in what was captured before they did.
  const totalLength = u16(bytes, at + 2) || bytes.length - at;
  if (totalLength < headerLength) {
    return fault(
      "INVALID",
      at + 2,
      `Cannot read an IPv4 packet: its length is ${totalLength}, less than its header`,
    );
  }
  // Either more fragments follow, or this is not the first one.
  if ((u16(bytes, at + 6) & 0x3fff) !== 0) {
    return fault(
      "FRAGMENT",
      at + 6,
      "Cannot read a fragment of an IPv4 packet: fragments are not put together",
    );
  }
  return {
    kind: "ip",
    version: 4,
    source: addressText(bytes.subarray(at + 12, at + 16)),
    destination: addressText(bytes.subarray(at + 16, at + 20)),
    protocol: bytes[at + 9] as number,
    hops: bytes[at + 8] as number,
    ...payloadOf(bytes, at + headerLength, at + totalLength),
  };
}

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION_OPTIONS = 60;

function parseIpv6(bytes: Uint8Array, at: number): IpPacket | Fault {
  if (bytes.length < at + 40) return cutShort("an IPv6 header", bytes.length, at + 40);
  // 0 stands for a jumbogram (RFC 2675), or was left by a network card: all that is there.
  const end = at + 40 + (u16(bytes, at + 4) || bytes.length - at - 40);
  let protocol = bytes[at + 6] as number;
  let next = at + 40;
  for (;;) {
    const length = extensionLength(protocol, bytes, next);
    if (length === undefined) break;
    if (next + 8 > Math.min(bytes.length, end)) {
      return cutShort("an IPv6 extension header", Math.min(bytes.length, end), next + 8);
    }
    // An offset, or more fragments to follow. A fragment that is the whole packet is read (RFC 6946).
    if (protocol === FRAGMENT && (u16(bytes, next + 2) & 0xfff9) !== 0) {
      return fault(
        "FRAGMENT",
        next,
        "Cannot read a fragment of an IPv6 packet: fragments are not put together",
      );
    }
    protocol = bytes[next] as number;
    next += length;
  }
  return {
    kind: "ip",
    version: 6,
    source: addressText(bytes.subarray(at + 8, at + 24)),
    destination: addressText(bytes.subarray(at + 24, at + 40)),
    protocol,
    hops: bytes[at + 7] as number,
    ...payloadOf(bytes, next, end),
  };
}

/** Undefined when this is no extension header. */
function extensionLength(protocol: number, bytes: Uint8Array, at: number): number | undefined {
  const units = bytes[at + 1] ?? 0;
  switch (protocol) {
    case HOP_BY_HOP:
    case ROUTING:
    case DESTINATION_OPTIONS:
      return (units + 1) * 8;
    case AUTHENTICATION:
      return (units + 2) * 4;
    case FRAGMENT:
      return 8;
    default:
      return undefined;
  }
}

function payloadOf(
  bytes: Uint8Array,
  start: number,
  end: number,
): Pick<IpPacket, "payloadAt" | "payloadEnd" | "missing"> {
  const payloadAt = Math.min(start, bytes.length);
  const payloadEnd = Math.max(payloadAt, Math.min(end, bytes.length));
  return { payloadAt, payloadEnd, missing: Math.max(0, end - start) - (payloadEnd - payloadAt) };
}

/** The length of the header that `putIpHeader` writes. */
export function ipHeaderLength(source: Uint8Array): number {
  return source.length === 4 ? 20 : 40;
}

export interface IpHeaderParts {
  /** 4 or 16 bytes, both addresses of one length. */
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly protocol: number;
  /** Bytes behind the header, 65,515 at most, so that both versions can carry them. */
  readonly payloadLength: number;
  /** IPv4's identification. Default 0, as of a packet that must not be fragmented (RFC 6864, 4.1). */
  readonly identification?: number;
  /** Default 64. */
  readonly hops?: number;
}

/** Writes an IP header at the beginning of `bytes`, which are zero there. Fragmenting is forbidden, the checksum right. */
export function putIpHeader(bytes: Uint8Array, parts: IpHeaderParts): void {
  const { source, destination, protocol, payloadLength, identification = 0, hops = 64 } = parts;
  if (source.length !== destination.length || (source.length !== 4 && source.length !== 16)) {
    throw new RangeError("Cannot build an IP header: its addresses must both be IPv4 or both IPv6");
  }
  if (payloadLength > 65_515) {
    throw new RangeError(
      `Cannot build an IP packet that carries ${payloadLength} bytes: 65,515 are the most`,
    );
  }
  if (source.length === 16) {
    bytes[0] = 0x60;
    putU16(bytes, 4, payloadLength);
    bytes[6] = protocol;
    bytes[7] = hops;
    bytes.set(source, 8);
    bytes.set(destination, 24);
    return;
  }
  bytes[0] = 0x45;
  putU16(bytes, 2, 20 + payloadLength);
  putU16(bytes, 4, identification);
  putU16(bytes, 6, 0x4000);
  bytes[8] = hops;
  bytes[9] = protocol;
  bytes.set(source, 12);
  bytes.set(destination, 16);
  putU16(bytes, 10, checksum(bytes.subarray(0, 20)));
}
