// Reads the blocks that hold packets.

import { u32 } from "../byte-order.ts";
import type { FileFault } from "../records.ts";
import {
  commentsOf,
  dataTooLong,
  given,
  interfaceUnknown,
  optionsFrom,
  type Section,
  ticksAt,
} from "./block-parts.ts";
import {
  CHECKSUMS_NOT_READY,
  INBOUND,
  OUTBOUND,
  PACKET_OPTION,
  type PacketBlock,
  padding,
} from "./blocks.ts";
import { Options } from "./option-reader.ts";
import { instantOf } from "./time.ts";

/** An Enhanced Packet Block, or an obsolete Packet Block, which says its interface elsewhere. */
export function readPacket(bytes: Uint8Array, section: Section, number: number): PacketBlock | FileFault {
  const { order } = section;
  const from = section.interfaces[number];
  if (from === undefined) return interfaceUnknown(number);
  const captured = u32(bytes, 20, order);
  const dataEnd = 28 + captured + padding(captured);
  if (dataEnd > bytes.length - 4) return dataTooLong(20, captured);
  const options = optionsFrom(bytes, dataEnd, order);
  if (!(options instanceof Options)) return options;
  const flags = options.word(PACKET_OPTION.flags) ?? 0;
  const direction = DIRECTIONS[flags & 3];
  const process = options.word(PACKET_OPTION.process, 8);
  const thread = options.word(PACKET_OPTION.process, 8, 4);
  return {
    type: "packet",
    interface: number,
    time: instantOf(from.clock, ticksAt(bytes, 12, order)),
    bytes: bytes.subarray(28, 28 + captured),
    // Some writers leave a length that is too short.
    length: Math.max(captured, u32(bytes, 24, order)),
    ...given("direction", direction),
    ...(flags & CHECKSUMS_NOT_READY ? { checksumsNotReady: true } : {}),
    ...given("dropped", options.count(PACKET_OPTION.dropped)),
    ...given("packetId", options.count(PACKET_OPTION.id)),
    ...(process === undefined || thread === undefined ? {} : { process: { process, thread } }),
    ...commentsOf(options),
  };
}

const DIRECTIONS: readonly ("inbound" | "outbound" | undefined)[] = (() => {
  const list: ("inbound" | "outbound" | undefined)[] = [undefined, undefined, undefined, undefined];
  list[INBOUND] = "inbound";
  list[OUTBOUND] = "outbound";
  return list;
})();

/** A packet without time and options, always of the first interface. */
export function readSimplePacket(bytes: Uint8Array, section: Section): PacketBlock | FileFault {
  const from = section.interfaces[0];
  if (from === undefined) return interfaceUnknown(0);
  const length = u32(bytes, 8, section.order);
  const captured = from.snapLength === 0 ? length : Math.min(length, from.snapLength);
  if (12 + captured > bytes.length - 4) return dataTooLong(8, captured);
  return { type: "packet", interface: 0, time: undefined, bytes: bytes.subarray(12, 12 + captured), length };
}
