// A captured packet opened down to its TCP segment. Knows no connections.

import type { Fault } from "./fault.ts";
import { openFrame } from "./link.ts";
import type { Endpoint, Packet } from "./model.ts";
import { type IpPacket, parseIp, TCP } from "./packets/ip.ts";
import { parseTcp, type TcpHeader } from "./packets/tcp.ts";

export interface TcpPacket {
  readonly kind: "tcp";
  readonly packet: Packet;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly ip: IpPacket;
  readonly tcp: TcpHeader;
  readonly payload: Uint8Array;
  /** Where the payload stands in the packet's bytes. */
  readonly payloadAt: number;
  /** Bytes of the payload that the capture cut away. */
  readonly missing: number;
}

/** A packet that carries something else than TCP. */
export interface OtherPacket {
  readonly kind: "other";
  readonly packet: Packet;
}

/** Opens a packet; never throws. A fault's offset is one of the packet's bytes. */
export function decodePacket(packet: Packet): TcpPacket | OtherPacket | Fault {
  const { bytes } = packet;
  const frame = openFrame(packet.linkType, bytes);
  if (frame.kind === "fault") return frame;
  if (frame.kind === "other") return { kind: "other", packet };
  const ip = parseIp(bytes, frame.at);
  if (ip.kind === "fault") return ip;
  if (ip.protocol !== TCP) return { kind: "other", packet };
  const segment = parseTcp(bytes, ip.payloadAt, ip.payloadEnd);
  if (segment.kind === "fault") return segment;
  const { header, payloadAt } = segment;
  return {
    kind: "tcp",
    packet,
    source: { address: ip.source, port: header.sourcePort },
    destination: { address: ip.destination, port: header.destinationPort },
    ip,
    tcp: header,
    payload: bytes.subarray(payloadAt, ip.payloadEnd),
    payloadAt,
    missing: ip.missing,
  };
}
