// The body of a form: pairs of a key and a value, "ID: 20182793&Grade: A". Knows its grammar and what is
// answered to a body that does not follow it; nothing of tables.

import { type Key, MAX_KEY_BYTES } from "../../store/table.ts";

export interface Pair {
  readonly key: Key;
  readonly value: string;
}

export type FormBodyCode = "NO_CONTENT" | "NO_COLON" | "BLANK_KEY" | "KEY_TOO_LONG" | "NOT_UTF8";

const TEXTS: { readonly [code in FormBodyCode]: string } = {
  NO_CONTENT: "There is no content. Please check",
  NO_COLON: "Key-value format is not valid.",
  BLANK_KEY: "Key value does not exist or is blank.",
  KEY_TOO_LONG: `The key is too long: it can have ${MAX_KEY_BYTES} bytes of UTF-8.`,
  NOT_UTF8: "The content is not UTF-8 text. Please check",
};

/** A body that holds no pairs; the message is what the client is told. */
export class FormBodyError extends Error {
  override readonly name = "FormBodyError";
  readonly code: FormBodyCode;

  constructor(code: FormBodyCode, options?: ErrorOptions) {
    super(TEXTS[code], options);
    this.code = code;
  }
}

/** Reads a body as UTF-8, every byte of which is in the text. Throws FormBodyError, NOT_UTF8. */
export function decodeFormBody(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new FormBodyError("NOT_UTF8", { cause: error });
  }
}

/**
 * Reads `key: value&key: value`: "&" separates pairs, the first ":" of each its key from its value, and white space
 * around both counts for nothing. A value may be empty, a key may not. Throws FormBodyError for the first pair
 * that is none, and NO_CONTENT for a body that is blank.
 */
export function parsePairs(text: string): Pair[] {
  if (text.trim() === "") throw new FormBodyError("NO_CONTENT");
  return text.split("&").map(parsePair);
}

function parsePair(text: string): Pair {
  const colon = text.indexOf(":");
  if (colon < 0) throw new FormBodyError("NO_COLON");
  const key = text.slice(0, colon).trim();
  if (key === "") throw new FormBodyError("BLANK_KEY");
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new FormBodyError("KEY_TOO_LONG");
  return { key, value: text.slice(colon + 1).trim() };
}
