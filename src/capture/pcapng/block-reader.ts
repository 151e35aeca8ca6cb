// Reads what is in one block. Offsets in faults count from the beginning of the block.

import { type ByteOrder, u16, u32 } from "../byte-order.ts";
import { damaged, type FileFault } from "../records.ts";
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
  type Block,
  INTERFACE,
  INTERFACE_OPTION,
  type InterfaceBlock,
  NAMES,
  OLD_PACKET,
  PACKET,
  padding,
  SECRETS,
  SECTION,
  SECTION_OPTION,
  SIMPLE_PACKET,
  STATISTICS,
  STATISTICS_OPTION,
} from "./blocks.ts";
import { readNames } from "./name-reader.ts";
import { Options, textOf } from "./option-reader.ts";
import { readPacket, readSimplePacket } from "./packet-reader.ts";
import { clockOf, instantOf } from "./time.ts";

/** Where a block's own fields end and its options begin, for each type. */
const FIELDS_END: Readonly<Record<number, number>> = {
  [SECTION]: 24,
  [INTERFACE]: 16,
  [OLD_PACKET]: 28,
  [SIMPLE_PACKET]: 12,
  [NAMES]: 8,
  [STATISTICS]: 20,
  [PACKET]: 28,
  [SECRETS]: 16,
};

/** The block in these bytes; undefined for a type that is not known, and is to be skipped. */
export function readBlock(bytes: Uint8Array, section: Section): Block | FileFault | undefined {
  const type = u32(bytes, 0, section.order);
  const fieldsEnd = FIELDS_END[type];
  if (fieldsEnd === undefined) return undefined;
  const end = bytes.length - 4;
  if (end < fieldsEnd) {
    return damaged(
      "LENGTH_INVALID",
      4,
      `Cannot read a block of type ${type}: ${bytes.length} bytes are too few`,
    );
  }
  switch (type) {
    case SECTION:
      return readSection(bytes, section.order);
    case INTERFACE:
      return readInterface(bytes, section);
    case SIMPLE_PACKET:
      return readSimplePacket(bytes, section);
    case NAMES:
      return readNames(bytes, section.order);
    case STATISTICS:
      return readStatistics(bytes, section);
    case SECRETS:
      return readSecrets(bytes, section.order);
    default:
      return readPacket(
        bytes,
        section,
        type === PACKET ? u32(bytes, 8, section.order) : u16(bytes, 8, section.order),
      );
  }
}

function readSection(bytes: Uint8Array, order: ByteOrder): Block | FileFault {
  const options = optionsFrom(bytes, 24, order);
  if (!(options instanceof Options)) return options;
  return {
    type: "section",
    ...given("hardware", options.text(SECTION_OPTION.hardware)),
    ...given("os", options.text(SECTION_OPTION.os)),
    ...given("application", options.text(SECTION_OPTION.application)),
    ...commentsOf(options),
  };
}

function readInterface(bytes: Uint8Array, section: Section): InterfaceBlock | FileFault {
  const { order } = section;
  const options = optionsFrom(bytes, 16, order);
  if (!(options instanceof Options)) return options;
  const snapLength = u32(bytes, 12, order);
  const clock = clockOf(options.bytes(INTERFACE_OPTION.resolution), options.count(INTERFACE_OPTION.offset));
  section.interfaces.push({ snapLength, clock });
  return {
    type: "interface",
    linkType: u16(bytes, 8, order),
    snapLength,
    ...given("name", options.text(INTERFACE_OPTION.name)),
    ...given("description", options.text(INTERFACE_OPTION.description)),
    ...given("filter", filterText(options.bytes(INTERFACE_OPTION.filter))),
    ...given("os", options.text(INTERFACE_OPTION.os)),
    ...given("hardware", options.text(INTERFACE_OPTION.hardware)),
    ...commentsOf(options),
  };
}

/** The first byte says what kind of filter it is; 0 is a text for libpcap. */
function filterText(bytes: Uint8Array | undefined): string | undefined {
  return bytes?.[0] === 0 ? textOf(bytes.subarray(1)) : undefined;
}

function readStatistics(bytes: Uint8Array, section: Section): Block | FileFault {
  const { order } = section;
  const number = u32(bytes, 8, order);
  const from = section.interfaces[number];
  if (from === undefined) return interfaceUnknown(number);
  const options = optionsFrom(bytes, 20, order);
  if (!(options instanceof Options)) return options;
  const instant = (code: number): bigint | undefined => {
    const ticks = options.pair(code);
    return ticks === undefined ? undefined : instantOf(from.clock, ticks);
  };
  return {
    type: "statistics",
    interface: number,
    time: instantOf(from.clock, ticksAt(bytes, 12, order)),
    ...given("startedAt", instant(STATISTICS_OPTION.start)),
    ...given("endedAt", instant(STATISTICS_OPTION.end)),
    ...given("received", options.count(STATISTICS_OPTION.received)),
    ...given("droppedByInterface", options.count(STATISTICS_OPTION.interfaceDrops)),
    ...given("accepted", options.count(STATISTICS_OPTION.accepted)),
    ...given("droppedBySystem", options.count(STATISTICS_OPTION.systemDrops)),
    ...given("delivered", options.count(STATISTICS_OPTION.delivered)),
    ...commentsOf(options),
  };
}

function readSecrets(bytes: Uint8Array, order: ByteOrder): Block | FileFault {
  const length = u32(bytes, 12, order);
  const dataEnd = 16 + length + padding(length);
  if (dataEnd > bytes.length - 4) return dataTooLong(12, length);
  const options = optionsFrom(bytes, dataEnd, order);
  if (!(options instanceof Options)) return options;
  const secrets = bytes.subarray(16, 16 + length);
  return { type: "secrets", format: u32(bytes, 8, order), bytes: secrets, ...commentsOf(options) };
}
