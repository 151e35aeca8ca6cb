// Blocks to bytes: little-endian, times in nanoseconds. Pure: nothing is remembered from block to block.

import { addressBytes } from "../packets/address.ts";
import {
  type Block,
  BYTE_ORDER_MAGIC,
  CHECKSUMS_NOT_READY,
  COMMENT,
  INBOUND,
  INTERFACE,
  INTERFACE_OPTION,
  type InterfaceBlock,
  NAMES,
  type NamesBlock,
  OUTBOUND,
  PACKET,
  PACKET_OPTION,
  type PacketBlock,
  padding,
  SECRETS,
  SECTION,
  SECTION_OPTION,
  type SecretsBlock,
  type SectionBlock,
  STATISTICS,
  STATISTICS_OPTION,
  type StatisticsBlock,
} from "./blocks.ts";
import { bytesOption, type Option, putOptions, sizeOfOptions, textOption } from "./option-writer.ts";

/**
 * The bytes of a block. A file begins with a section and its interfaces; a block names only interfaces that came before
 * it in its section. Throws RangeError for what no block can hold.
 */
export function writeBlock(block: Block): Buffer {
  switch (block.type) {
    case "section":
      return writeSection(block);
    case "interface":
      return writeInterface(block);
    case "packet":
      return writePacket(block);
    case "names":
      return writeNames(block);
    case "statistics":
      return writeStatistics(block);
    case "secrets":
      return writeSecrets(block);
  }
}

function writeSection(block: SectionBlock): Buffer {
  const out = open(SECTION, 16, [
    ...comments(block.comments),
    ...text(SECTION_OPTION.hardware, block.hardware),
    ...text(SECTION_OPTION.os, block.os),
    ...text(SECTION_OPTION.application, block.application),
  ]);
  out.writeUInt32LE(BYTE_ORDER_MAGIC, 8);
  out.writeUInt16LE(1, 12);
  // The length of the section is not known before it ends: -1.
  out.fill(0xff, 16, 24);
  return out;
}

/** Nanoseconds: 10 to the power of -9. */
const NANOSECONDS = Uint8Array.of(9);
/** The first byte of a filter says that it is one for libpcap. */
const LIBPCAP_FILTER = "\0";

function writeInterface(block: InterfaceBlock): Buffer {
  const { filter } = block;
  const out = open(INTERFACE, 8, [
    ...comments(block.comments),
    ...text(INTERFACE_OPTION.name, block.name),
    ...text(INTERFACE_OPTION.description, block.description),
    bytesOption(INTERFACE_OPTION.resolution, NANOSECONDS),
    ...text(INTERFACE_OPTION.filter, filter === undefined ? undefined : LIBPCAP_FILTER + filter),
    ...text(INTERFACE_OPTION.os, block.os),
    ...text(INTERFACE_OPTION.hardware, block.hardware),
  ]);
  out.writeUInt16LE(block.linkType, 8);
  out.writeUInt32LE(block.snapLength, 12);
  return out;
}

function writePacket(block: PacketBlock): Buffer {
  const { bytes, time, process } = block;
  if (time === undefined) throw new RangeError("Cannot write a packet without a time");
  const { length = bytes.length } = block;
  if (length < bytes.length) {
    throw new RangeError(
      `Cannot write a packet of ${bytes.length} bytes that was ${length} long on the wire`,
    );
  }
  const flags =
    (block.direction === "inbound" ? INBOUND : block.direction === "outbound" ? OUTBOUND : 0) |
    (block.checksumsNotReady ? CHECKSUMS_NOT_READY : 0);
  const out = open(PACKET, 20 + bytes.length + padding(bytes.length), [
    ...comments(block.comments),
    ...(flags === 0 ? [] : [bytesOption(PACKET_OPTION.flags, words(flags))]),
    ...count(PACKET_OPTION.dropped, block.dropped),
    ...count(PACKET_OPTION.id, block.packetId),
    ...(process === undefined
      ? []
      : [bytesOption(PACKET_OPTION.process, words(process.process, process.thread))]),
  ]);
  out.writeUInt32LE(block.interface, 8);
  putTime(out, 12, time);
  out.writeUInt32LE(bytes.length, 20);
  out.writeUInt32LE(length, 24);
  out.set(bytes, 28);
  return out;
}

const IPV4_NAMES = 1;
const IPV6_NAMES = 2;

function writeNames(block: NamesBlock): Buffer {
  const records = block.entries.map(({ address, names }): Option => {
    const bytes = addressBytes(address);
    if (bytes === undefined) throw new RangeError(`Cannot write a name for ${address}: it is no IP address`);
    if (names.length === 0 || names.some((name) => name === "" || name.includes("\0"))) {
      throw new RangeError(
        `Cannot write the names of ${address}: it takes one at least, and none empty or with NUL`,
      );
    }
    const value = Buffer.concat([bytes, Buffer.from(`${names.join("\0")}\0`)]);
    return bytesOption(bytes.length === 4 ? IPV4_NAMES : IPV6_NAMES, value);
  });
  // Records have the shape of options, with an end that must be there even without any.
  const size = Math.max(4, sizeOfOptions(records));
  const out = open(NAMES, size, comments(block.comments));
  putOptions(out, 8, records);
  return out;
}

function writeStatistics(block: StatisticsBlock): Buffer {
  const out = open(STATISTICS, 12, [
    ...comments(block.comments),
    ...instant(STATISTICS_OPTION.start, block.startedAt),
    ...instant(STATISTICS_OPTION.end, block.endedAt),
    ...count(STATISTICS_OPTION.received, block.received),
    ...count(STATISTICS_OPTION.interfaceDrops, block.droppedByInterface),
    ...count(STATISTICS_OPTION.accepted, block.accepted),
    ...count(STATISTICS_OPTION.systemDrops, block.droppedBySystem),
    ...count(STATISTICS_OPTION.delivered, block.delivered),
  ]);
  out.writeUInt32LE(block.interface, 8);
  putTime(out, 12, block.time);
  return out;
}

function writeSecrets(block: SecretsBlock): Buffer {
  const { bytes } = block;
  const out = open(SECRETS, 8 + bytes.length + padding(bytes.length), comments(block.comments));
  out.writeUInt32LE(block.format, 8);
  out.writeUInt32LE(bytes.length, 12);
  out.set(bytes, 16);
  return out;
}

/** A block of zeros with its type, both lengths and its options, which stand behind `bodyLength` bytes. */
function open(type: number, bodyLength: number, options: readonly Option[]): Buffer {
  const length = 12 + bodyLength + sizeOfOptions(options);
  const out = Buffer.alloc(length);
  out.writeUInt32LE(type, 0);
  out.writeUInt32LE(length, 4);
  putOptions(out, 8 + bodyLength, options);
  out.writeUInt32LE(length, length - 4);
  return out;
}

/** A time is two words, the high one first, whatever the byte order. */
function putTime(out: Buffer, at: number, time: bigint): void {
  out.writeUInt32LE(Number(time >> 32n), at);
  out.writeUInt32LE(Number(time & 0xffffffffn), at + 4);
}

function comments(list: readonly string[] = []): Option[] {
  return list.map((comment) => textOption(COMMENT, comment));
}

function text(code: number, value: string | undefined): Option[] {
  return value === undefined ? [] : [textOption(code, value)];
}

function count(code: number, value: bigint | undefined): Option[] {
  if (value === undefined) return [];
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return [bytesOption(code, bytes)];
}

function instant(code: number, value: bigint | undefined): Option[] {
  if (value === undefined) return [];
  const bytes = Buffer.alloc(8);
  putTime(bytes, 0, value);
  return [bytesOption(code, bytes)];
}

function words(...values: number[]): Uint8Array {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, 4 * i);
  return bytes;
}
