// Reads a Name Resolution Block: records of an address and its names.

import { type ByteOrder, u16 } from "../byte-order.ts";
import { addressText } from "../packets/address.ts";
import { damaged, type FileFault } from "../records.ts";
import { commentsOf, optionsFrom } from "./block-parts.ts";
import { type NameEntry, type NamesBlock, padding } from "./blocks.ts";
import { Options } from "./option-reader.ts";

const RECORDS_END = 0;
/** Bytes of the address, for the types of record that are known; others are skipped. */
const ADDRESS_LENGTH: Readonly<Record<number, number>> = { 1: 4, 2: 16 };

export function readNames(bytes: Uint8Array, order: ByteOrder): NamesBlock | FileFault {
  const end = bytes.length - 4;
  const entries: NameEntry[] = [];
  let at = 8;
  while (at + 4 <= end) {
    const type = u16(bytes, at, order);
    const length = u16(bytes, at + 2, order);
    const value = at + 4;
    if (value + length > end) {
      return damaged(
        "BLOCK_INVALID",
        at,
        "Cannot read a name record: it is longer than what is left of its block",
      );
    }
    at = value + length + padding(length);
    if (type === RECORDS_END) break;
    const addressLength = ADDRESS_LENGTH[type];
    if (addressLength === undefined || length <= addressLength) continue;
    const address = addressText(bytes.subarray(value, value + addressLength));
    entries.push({ address, names: namesIn(bytes.subarray(value + addressLength, value + length)) });
  }
  const options = optionsFrom(bytes, Math.min(at, end), order);
  if (!(options instanceof Options)) return options;
  return { type: "names", entries, ...commentsOf(options) };
}

const decoder = new TextDecoder();

/** Each name ends with a zero byte. */
function namesIn(bytes: Uint8Array): string[] {
  return decoder
    .decode(bytes)
    .split("\0")
    .filter((name) => name !== "");
}
