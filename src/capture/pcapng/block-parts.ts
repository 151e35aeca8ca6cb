// What the readers of blocks have in common: what a section knows, options, times, faults.

import { type ByteOrder, u32 } from "../byte-order.ts";
import { damaged, type FileFault } from "../records.ts";
import { type Options, readOptions } from "./option-reader.ts";
import type { Clock } from "./time.ts";

/** What the blocks of a section need to know of those before them. */
export interface Section {
  readonly order: ByteOrder;
  readonly interfaces: { readonly snapLength: number; readonly clock: Clock }[];
}

/** The options from `at` to the end of the block. */
export function optionsFrom(bytes: Uint8Array, at: number, order: ByteOrder): Options | FileFault {
  const options = readOptions(bytes, at, bytes.length - 4, order);
  if (typeof options !== "number") return options;
  return damaged(
    "OPTION_INVALID",
    options,
    "Cannot read an option: it is longer than what is left of its block",
  );
}

export function commentsOf(options: Options): { comments?: readonly string[] } {
  const { comments } = options;
  return comments.length === 0 ? {} : { comments };
}

export function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [N in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]?: Value });
}

export function ticksAt(bytes: Uint8Array, at: number, order: ByteOrder): bigint {
  return (BigInt(u32(bytes, at, order)) << 32n) | BigInt(u32(bytes, at + 4, order));
}

export function interfaceUnknown(number: number): FileFault {
  return damaged(
    "INTERFACE_UNKNOWN",
    8,
    `Cannot read a block of interface ${number}: it was not described before`,
  );
}

export function dataTooLong(at: number, length: number): FileFault {
  return damaged("BLOCK_INVALID", at, `Cannot read ${length} bytes of data out of a block that has fewer`);
}
