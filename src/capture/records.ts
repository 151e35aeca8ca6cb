// What reading a capture file gives, whatever its format: blocks with the place where they stand, and a fault as the last.

import type { Block } from "./pcapng/blocks.ts";

/** A block, and where it begins in the file. */
export interface BlockRecord {
  readonly kind: "block";
  readonly offset: number;
  readonly block: Block;
}

/** The file cannot be read from here on; what was given before is good. */
export interface FileFault {
  readonly kind: "damaged";
  readonly code: FileFaultCode;
  readonly offset: number;
  readonly message: string;
}

export type FileFaultCode =
  /** Not a capture file. */
  | "FORMAT_UNKNOWN"
  | "COMPRESSED"
  | "VERSION_UNKNOWN"
  /** The file ends in the middle of something. */
  | "CUT_SHORT"
  | "LENGTH_INVALID"
  | "LENGTH_TOO_LARGE"
  | "INTERFACE_UNKNOWN"
  | "BLOCK_INVALID"
  | "OPTION_INVALID";

export type CaptureRecord = BlockRecord | FileFault;

/** Reads a capture file that comes in any pieces. */
export interface CaptureReader {
  /** Bytes of the file, which must stay as they are: packets are views of them. */
  push(bytes: Uint8Array): void;
  /** Says that the file has ended. */
  end(): void;
  /** The next record, or undefined when it takes more bytes, or when all were given. Nothing follows a fault. */
  next(): CaptureRecord | undefined;
}

/** Bytes that one block or packet may have. Default 16 MiB, as in Wireshark; 0 means no limit. */
export interface ReaderLimits {
  readonly maxBlock?: number;
}

export const DEFAULT_MAX_BLOCK: number = 16 * 1024 * 1024;

export function damaged(code: FileFaultCode, offset: number, message: string): FileFault {
  return { kind: "damaged", code, offset, message };
}
