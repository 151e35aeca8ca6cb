// Lists of options as they are written: code, length, value, zeros up to 32 bits, and an end.

import { END, padding } from "./blocks.ts";

export interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

export function bytesOption(code: number, value: Uint8Array): Option {
  return { code, value };
}

const MOST = 0xffff;

/** A text in UTF-8. What is longer than an option may be is cut between characters. */
export function textOption(code: number, text: string): Option {
  const bytes = Buffer.from(text);
  if (bytes.length <= MOST) return { code, value: bytes };
  let end = MOST;
  // Bytes 10xxxxxx go on with a character that has begun.
  while (((bytes[end] as number) & 0xc0) === 0x80) end--;
  return { code, value: bytes.subarray(0, end) };
}

/** Bytes that a list takes; 0 for an empty one, which needs no end. */
export function sizeOfOptions(options: readonly Option[]): number {
  if (options.length === 0) return 0;
  let size = 4;
  for (const { value } of options) size += 4 + value.length + padding(value.length);
  return size;
}

/** Writes a list into a buffer of zeros. */
export function putOptions(out: Buffer, at: number, options: readonly Option[]): void {
  let next = at;
  for (const { code, value } of options) {
    if (value.length > MOST) {
      throw new RangeError(`Cannot write an option of ${value.length} bytes: ${MOST} are the most`);
    }
    out.writeUInt16LE(code, next);
    out.writeUInt16LE(value.length, next + 2);
    out.set(value, next + 4);
    next += 4 + value.length + padding(value.length);
  }
  if (options.length > 0) out.writeUInt16LE(END, next);
}
