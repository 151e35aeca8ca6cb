// Which texts are keys of a table, and in which order they stand. Every backend asks here, so that all of
// them refuse and sort alike.

import { StoreError } from "./errors.ts";
import { type Key, MAX_KEY_BYTES } from "./table.ts";

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Throws a StoreError, INVALID_KEY or KEY_TOO_LONG, for a text that is no key. */
export function checkKey(key: Key): void {
  if (key === "")
    throw new StoreError("INVALID_KEY", "Cannot use an empty key: a key has at least one character");
  checkText(key, "key");
  // A UTF-16 unit takes at most three bytes.
  if (key.length * 3 <= MAX_KEY_BYTES) return;
  const bytes = Buffer.byteLength(key);
  if (bytes <= MAX_KEY_BYTES) return;
  throw new StoreError(
    "KEY_TOO_LONG",
    `Cannot use a key of ${bytes} bytes: it can have ${MAX_KEY_BYTES} bytes of UTF-8`,
  );
}

/** Throws a StoreError, INVALID_KEY, for the beginning of a key, or a place between keys, that is no Unicode text. */
export function checkText(text: string, what: string): void {
  if (!LONE_SURROGATE.test(text)) return;
  throw new StoreError(
    "INVALID_KEY",
    `Cannot use the ${what} ${JSON.stringify(text.slice(0, 80))}: half of a surrogate pair is not Unicode text`,
  );
}

/** Compares by code points, which is the order of the bytes in UTF-8: negative when `a` stands before `b`. */
export function compareKeys(a: Key, b: Key): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const one = a.charCodeAt(index);
    const other = b.charCodeAt(index);
    if (one !== other) return rank(one) - rank(other);
  }
  return a.length - b.length;
}

// Halves of surrogate pairs stand for code points above all that a single unit can name.
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
