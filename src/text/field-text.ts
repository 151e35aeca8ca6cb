// Field values as texts. Fields keep bytes, a character for each.

import { Buffer, isUtf8 } from "node:buffer";

/** A field value as text: UTF-8 if its bytes are, else ISO-8859-1, in which every byte is a character. */
export function fieldText(value: string): string {
  const bytes = Buffer.from(value, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : value;
}

/** The bytes of a text as a field value holds them: UTF-8, a character for each. */
export function fieldBytes(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
