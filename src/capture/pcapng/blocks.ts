// The blocks of a pcapng file (draft-ietf-opsawg-pcapng) as plain values, which the writer takes and the reader gives,
// and the numbers by which the file knows them.

import type { Instant, ProcessOfPacket } from "../model.ts";

/** Begins a section: a file is one or more of them. */
export interface SectionBlock {
  readonly type: "section";
  readonly hardware?: string;
  readonly os?: string;
  readonly application?: string;
  readonly comments?: readonly string[];
}

/** An interface; its number, by which packets name it, is its place among those of its section, from 0. */
export interface InterfaceBlock {
  readonly type: "interface";
  readonly linkType: number;
  /** Bytes kept of each packet; 0 for all. */
  readonly snapLength: number;
  readonly name?: string;
  readonly description?: string;
  /** The filter that packets had to pass, as written for libpcap. */
  readonly filter?: string;
  readonly os?: string;
  readonly hardware?: string;
  readonly comments?: readonly string[];
}

export interface PacketBlock {
  readonly type: "packet";
  readonly interface: number;
  /** Undefined only in what was read, from blocks that have no time. */
  readonly time: Instant | undefined;
  readonly bytes: Uint8Array;
  /** The length on the wire; the length of `bytes` unless the packet was cut. */
  readonly length?: number;
  readonly direction?: "inbound" | "outbound";
  /** The checksums were left to the network card, so that those in the packet may be wrong. */
  readonly checksumsNotReady?: boolean;
  /** Packets lost between the one before on this interface and this one. */
  readonly dropped?: bigint;
  /** The same number on several interfaces is the same packet. */
  readonly packetId?: bigint;
  readonly process?: ProcessOfPacket;
  readonly comments?: readonly string[];
}

export interface NamesBlock {
  readonly type: "names";
  readonly entries: readonly NameEntry[];
  readonly comments?: readonly string[];
}

export interface NameEntry {
  /** An IPv4 or IPv6 address in text. */
  readonly address: string;
  /** One at least; none may be empty. */
  readonly names: readonly string[];
}

/** What an interface's capture counted. Undefined is unknown, which is not 0. */
export interface StatisticsBlock {
  readonly type: "statistics";
  readonly interface: number;
  readonly time: Instant;
  readonly startedAt?: Instant;
  readonly endedAt?: Instant;
  readonly received?: bigint;
  /** Dropped by the interface for lack of resources. */
  readonly droppedByInterface?: bigint;
  readonly accepted?: bigint;
  /** Dropped by the operating system. */
  readonly droppedBySystem?: bigint;
  readonly delivered?: bigint;
  readonly comments?: readonly string[];
}

/** What it takes to decrypt packets that come after it. */
export interface SecretsBlock {
  readonly type: "secrets";
  /** The format of the secrets: `TLS_KEY_LOG` is the text that NSS and others write. */
  readonly format: number;
  readonly bytes: Uint8Array;
  readonly comments?: readonly string[];
}

export type Block = SectionBlock | InterfaceBlock | PacketBlock | NamesBlock | StatisticsBlock | SecretsBlock;

export const TLS_KEY_LOG: number = 0x544c534b;

export const SECTION: number = 0x0a0d0d0a;
export const INTERFACE: number = 1;
/** Obsolete; read all the same. */
export const OLD_PACKET: number = 2;
export const SIMPLE_PACKET: number = 3;
export const NAMES: number = 4;
export const STATISTICS: number = 5;
export const PACKET: number = 6;
export const SECRETS: number = 10;

export const BYTE_ORDER_MAGIC: number = 0x1a2b3c4d;

/** Options of all blocks. */
export const END: number = 0;
export const COMMENT: number = 1;

export const SECTION_OPTION = {
  hardware: 2,
  os: 3,
  application: 4,
} as const;

export const INTERFACE_OPTION = {
  name: 2,
  description: 3,
  resolution: 9,
  filter: 11,
  os: 12,
  offset: 14,
  hardware: 15,
} as const;

export const PACKET_OPTION = {
  flags: 2,
  dropped: 4,
  id: 5,
  process: 8,
} as const;

export const STATISTICS_OPTION = {
  start: 2,
  end: 3,
  received: 4,
  interfaceDrops: 5,
  accepted: 6,
  systemDrops: 7,
  delivered: 8,
} as const;

/** Bits 0 and 1 of a packet's flags, and bit 9. */
export const INBOUND: number = 1;
export const OUTBOUND: number = 2;
export const CHECKSUMS_NOT_READY: number = 1 << 9;

/** Bytes that fill up to 32 bits. */
export function padding(length: number): number {
  return -length & 3;
}
