// The forms of strings that predicates ask for: addresses, dates, UUIDs.

import { isIPv4, isIPv6 } from "node:net";
import { parseDate } from "./strftime-reading.ts";

const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

const HEX = "[\\da-f]";
const HYPHENED = `${HEX}{8}-${HEX}{4}-${HEX}{4}-${HEX}{4}-${HEX}{12}`;
const UUID = new RegExp(`^(?:${HYPHENED}|${HEX}{32}|\\{${HYPHENED}\\}|urn:uuid:${HYPHENED})$`, "i");

/** Four numbers without leading zeros (RFC 3986, 3.2.2). */
export function isIpv4Text(text: string): boolean {
  return isIPv4(text);
}

/** Without a zone, which is not of the address (RFC 4291, 2.2). */
export function isIpv6Text(text: string): boolean {
  return isIPv6(text) && !text.includes("%");
}

/** A date with its time and offset, all of which exist (RFC 3339, 5.6). */
export function isDateTimeText(text: string): boolean {
  if (!DATE_TIME.test(text)) return false;
  return parseDate(`${text.slice(0, 10)}T${text.slice(11)}`, "%+") !== undefined;
}

/** Of any version: with its hyphens, in braces or as URN as well (RFC 9562, 4), or its 32 digits alone. */
export function isUuidText(text: string): boolean {
  return UUID.test(text);
}
