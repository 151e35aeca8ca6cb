// Which bytes are text, and which characters of a text nobody would see. Knows no tool and no quoting.

/**
 * Characters that have to be written as escapes: controls, what turns the direction of writing around (and makes
 * a text read as another one, CVE-2021-42574), and what shows as nothing. Tab and line feed are none of them.
 */
export const HIDDEN: RegExp =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]/;

/** The text that bytes are in UTF-8, a byte order mark included; undefined when they are none. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** As utf8Text(), of a field value, which has a character for each byte. */
export function fieldText(value: string): string | undefined {
  return /[\x80-\xff]/.test(value) ? utf8Text(Buffer.from(value, "latin1")) : value;
}

/** A text for a comment of one line: what nobody would see is marked. */
export function seen(text: string): string {
  return text.replace(new RegExp(`\\n|${HIDDEN.source}`, "g"), "\ufffd");
}
