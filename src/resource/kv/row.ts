// How a row of a kv mount looks in the fields of a message, and which fields of a request say how it is to be
// kept: its media type, and for how long it stays.

import { Problem } from "../../message/problem.ts";
import { Fields } from "../../protocol/fields.ts";
import { formatHttpDate } from "../../semantics/dates.ts";
import { parseMediaType } from "../../semantics/media-types.ts";
import type { RowInfo } from "../../store/table.ts";
import { cacheFields } from "../cache-fields.ts";
import { rowTag } from "../rows.ts";

// What a browser would run scripts of. Values are data that anybody may have put there, and share their origin with
// what else is served: as documents they get an origin of their own, and no scripts.
const DOCUMENT = /html|xml|multipart/i;

/** The Content-Security-Policy of values that a browser takes for documents. */
export const SANDBOX = "sandbox";

/** The fields of the whole value. `now` in milliseconds. */
export function rowFields(info: RowInfo, now: number): Fields {
  const { mediaType, expires, changed } = info;
  const fields = new Fields([
    ["Content-Type", mediaType],
    ["ETag", rowTag(info)],
    ["Last-Modified", formatHttpDate(changed)],
    ["Accept-Ranges", "bytes"],
    ["X-Content-Type-Options", "nosniff"],
  ]);
  if (expires === undefined) fields.append("Cache-Control", "no-cache");
  else {
    fields.append("Cache-Control", `max-age=${Math.ceil((expires - changed) / 1000)}`);
    fields.append("Age", String(Math.max(0, Math.floor((now - changed) / 1000))));
  }
  if (DOCUMENT.test(mediaType)) fields.append("Content-Security-Policy", SANDBOX);
  return fields;
}

/** Those of them that a 304 has. Without its age a cache would keep the value for longer than it lives. */
export function unmodifiedFields(fields: Fields): Fields {
  const own = cacheFields(fields);
  const age = fields.get("age");
  return age === undefined ? own : own.append("Age", age);
}

/** The fields of an answer to a write: what the row is now. */
export function writtenFields(info: RowInfo): Fields {
  return new Fields([
    ["ETag", rowTag(info)],
    ["Last-Modified", formatHttpDate(info.changed)],
  ]);
}

const UNKNOWN_TYPE = "application/octet-stream";
const LONGEST_TYPE = 1000;

/** The media type of a request's body, as it was sent. Throws a Problem, 400, for a text that is none. */
export function sentType(fields: Fields): string {
  const sent = fields.get("content-type");
  if (sent === undefined) return UNKNOWN_TYPE;
  if (isMediaType(sent)) return sent;
  throw new Problem(400, {
    detail: `Cannot keep the Content-Type ${JSON.stringify(sent.slice(0, 80))}: it is no media type. One is written like "text/plain; charset=utf-8"`,
  });
}

/** Tells whether a text is a media type that can be kept. */
export function isMediaType(text: string): boolean {
  return text.length <= LONGEST_TYPE && parseMediaType(text) !== undefined;
}

/** The longest time to live, in seconds: ten years. */
export const LONGEST_LIFE = 315_360_000;

// One element of a list with what is quoted in it, to its end if a quote is never closed: what it can meet next is always
// another character, so that no field makes it slow.  RFC 9110, 5.6.1
const ELEMENT = /(?:[^",]|"(?:[^"\\]|\\.?)*(?:"|$))+/g;
const SECONDS = /^(?:(\d{1,15})|"(\d{1,15})")$/;

/**
 * The seconds that a value is to live, by the max-age of a request's Cache-Control; undefined when it names none. Throws a
 * Problem, 400, for any other than 1 to `LONGEST_LIFE`.
 */
export function sentLife(fields: Fields): number | undefined {
  const control = fields.get("cache-control");
  if (control === undefined) return undefined;
  const found = maxAgesOf(control);
  const [text] = found;
  if (text === undefined) return undefined;
  const [, plain, quoted] = (found.length === 1 && SECONDS.exec(text)) || [];
  const seconds = Number(plain ?? quoted);
  if (isLife(seconds)) return seconds;
  throw new Problem(400, {
    detail: `Cannot keep a value with Cache-Control: ${control.slice(0, 80)}. Its max-age is how long the value stays, one whole number from 1 to ${LONGEST_LIFE} seconds; without it, it stays until it is removed`,
  });
}

/** What stands behind each max-age of a Cache-Control field: "" for one that has nothing. */
function maxAgesOf(control: string): string[] {
  const values: string[] = [];
  for (const [element] of control.matchAll(ELEMENT)) {
    const [name = "", ...value] = element.split("=");
    if (name.trim().toLowerCase() === "max-age") values.push(value.join("=").trim());
  }
  return values;
}

/** Tells whether a number is one of seconds that a value can live. */
export function isLife(seconds: number): boolean {
  return Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_LIFE;
}
