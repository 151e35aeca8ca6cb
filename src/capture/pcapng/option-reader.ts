// Lists of options as they are read. Unknown ones are skipped by whoever asks for those that it knows.

import { type ByteOrder, u16, u32, u64 } from "../byte-order.ts";
import { COMMENT, END, padding } from "./blocks.ts";

/** The options of a block, by their codes. */
export class Options {
  readonly #values = new Map<number, Uint8Array[]>();
  readonly #order: ByteOrder;

  constructor(order: ByteOrder) {
    this.#order = order;
  }

  add(code: number, value: Uint8Array): void {
    const list = this.#values.get(code);
    if (list === undefined) this.#values.set(code, [value]);
    else list.push(value);
  }

  get comments(): string[] {
    return (this.#values.get(COMMENT) ?? []).map(textOf);
  }

  bytes(code: number): Uint8Array | undefined {
    return this.#values.get(code)?.[0];
  }

  text(code: number): string | undefined {
    const bytes = this.bytes(code);
    return bytes === undefined ? undefined : textOf(bytes);
  }

  /** A word of an option that has so many bytes; undefined when its length is another. */
  word(code: number, length: number = 4, at: number = 0): number | undefined {
    const bytes = this.bytes(code);
    return bytes?.length === length ? u32(bytes, at, this.#order) : undefined;
  }

  count(code: number): bigint | undefined {
    const bytes = this.bytes(code);
    return bytes?.length === 8 ? u64(bytes, 0, this.#order) : undefined;
  }

  /** Times and the like: two words, the high one first. */
  pair(code: number): bigint | undefined {
    const bytes = this.bytes(code);
    if (bytes?.length !== 8) return undefined;
    return (BigInt(u32(bytes, 0, this.#order)) << 32n) | BigInt(u32(bytes, 4, this.#order));
  }
}

/** Reads the list between `start` and `end`; a number is the offset of an option that runs out of it. */
export function readOptions(
  bytes: Uint8Array,
  start: number,
  end: number,
  order: ByteOrder,
): Options | number {
  const options = new Options(order);
  let at = start;
  // The end may be missing; a reader must not count on it.
  while (at + 4 <= end) {
    const code = u16(bytes, at, order);
    const length = u16(bytes, at + 2, order);
    if (code === END) break;
    const value = at + 4;
    if (value + length > end) return at;
    options.add(code, bytes.subarray(value, value + length));
    at = value + length + padding(length);
  }
  return options;
}

const decoder = new TextDecoder();

/** A text ends at a zero byte, if there is one; what is no UTF-8 is replaced. */
export function textOf(bytes: Uint8Array): string {
  const zero = bytes.indexOf(0);
  return decoder.decode(zero < 0 ? bytes : bytes.subarray(0, zero));
}
