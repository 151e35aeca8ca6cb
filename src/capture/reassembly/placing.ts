// A packet put in its place in a stream, as the model describes it.

import type { TcpPacket } from "../decode.ts";
import type { Segment, SegmentNote, Side, StreamBytes } from "../model.ts";
import { isReconstructed } from "../origin.ts";
import { SYN } from "../packets/tcp.ts";

/** The sequence number of the first byte of the payload: SYN counts as one before it. */
export function firstByte({ tcp }: TcpPacket): number {
  return (tcp.flags & SYN) === 0 ? tcp.sequence : tcp.sequence + 1;
}

export function bytesOf(packet: TcpPacket, start: number): StreamBytes {
  const { payload, payloadAt } = packet;
  const { index, time } = packet.packet;
  const end = start + payload.length;
  return { kind: "bytes", start, end, bytes: payload, packet: index, packetAt: payloadAt, time };
}

export function segmentOf(
  { packet, tcp, payload, payloadAt, missing }: TcpPacket,
  from: Side,
  start: number,
  end: number,
  acknowledges: number | undefined,
  notes: readonly SegmentNote[],
): Segment {
  const { index, time, comments } = packet;
  const reconstructed = isReconstructed(comments);
  return {
    start,
    end,
    packet: index,
    time,
    from,
    tcp,
    payload,
    payloadAt,
    missing,
    acknowledges,
    notes,
    reconstructed,
  };
}
