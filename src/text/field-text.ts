// What a received field value says. Fields keep bytes; here they become text.

import { isUtf8 } from "node:buffer";

/** A field value as text: UTF-8 if its bytes are, else ISO-8859-1, in which every byte is a character. */
export function fieldText(value: string): string {
  const bytes = Buffer.from(value, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : value;
}
