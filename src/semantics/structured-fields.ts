// Structured field values: RFC 9651, as far as Upload-Offset and Upload-Complete need them: an Item that is an
// Integer or a Boolean. Parameters must be well formed and are then ignored, as those fields ask.

const KEY = "[a-z*][a-z0-9_.*-]*";
const BARE_ITEM = [
  "-?\\d{1,12}\\.\\d{1,3}", // Decimal
  "-?\\d{1,15}", // Integer
  '"(?:[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\["\\\\])*"', // String
  "[A-Za-z*][!#$%&'*+\\-.^_`|~0-9A-Za-z:/]*", // Token
  ":[A-Za-z0-9+/=]*:", // Byte Sequence
  "\\?[01]", // Boolean
  "@-?\\d{1,15}", // Date
  '%"(?:[\\x20\\x21\\x23\\x24\\x26-\\x7e]|%[0-9a-f]{2})*"', // Display String
].join("|");
const PARAMETERS = `(?:; *${KEY}(?:=(?:${BARE_ITEM}))?)*`;

const INTEGER = new RegExp(`^ *(-?\\d{1,15})${PARAMETERS} *$`);
const BOOLEAN = new RegExp(`^ *\\?([01])${PARAMETERS} *$`);

/**
 * Reads an Integer of at most 15 digits, which is always exact as a number. Gives `undefined` for
 * anything else; a field that does not parse is to be treated as absent.  RFC 9651, 3.3.1 and 4.2
 */
export function parseInteger(value: string): number | undefined {
  const digits = INTEGER.exec(value)?.[1];
  // "-0" is a valid way to write 0.
  return digits === undefined ? undefined : Number(digits) + 0;
}

/** Reads a Boolean, `?1` or `?0`; `undefined` for anything else.  RFC 9651, 3.3.6 and 4.2 */
export function parseBoolean(value: string): boolean | undefined {
  const digit = BOOLEAN.exec(value)?.[1];
  return digit === undefined ? undefined : digit === "1";
}

/** Writes a Boolean.  RFC 9651, 4.1.9 */
export function serializeBoolean(value: boolean): "?1" | "?0" {
  return value ? "?1" : "?0";
}
