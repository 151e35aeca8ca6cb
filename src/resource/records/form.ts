// The form in which a row of any table stands in an exported file. A record is itself; a row that is none, or has
// more to it than a record, says so with members that begin with "$":
//
//   "Pingping": {"type":"snail","age":"1"}
//   "note":     {"$type":"text/plain; charset=utf-8","$text":"a slug is no snail"}
//   "shell":    {"$type":"image/png","$base64":"iVBORw0KGgo="}
//   "token":    {"$type":"application/json","$text":"{\"a\":1}","$expires":1795300000000}

import { parseMediaType } from "../../semantics/media-types.ts";
import type { NewRow, Row } from "../../store/table.ts";
import { type JsonObject, memberOf } from "../json/members.ts";
import { JSON_TYPE, type RecordReader } from "./row.ts";

const TYPE = "$type";
const TEXT = "$text";
const BASE64 = "$base64";
const EXPIRES = "$expires";

/** The row as one line of JSON, from which `newRowOf()` makes it again, byte for byte. */
export function formOf(row: Row, reader: RecordReader): string {
  const { mediaType, expires, value } = row;
  const text = utf8(value);
  if (text !== undefined && mediaType === JSON_TYPE && expires === undefined) {
    const record = reader.parse(row);
    // As a record is written here; one in another layout has to keep it.
    if (record !== undefined && !isRawForm(record) && JSON.stringify(record) === text) return text;
  }
  const content = text === undefined ? { [BASE64]: Buffer.from(value).toString("base64") } : { [TEXT]: text };
  return JSON.stringify({ [TYPE]: mediaType, ...content, [EXPIRES]: expires });
}

/** What a file's record is to be in the table; a text that says what is wrong with it, as the end of a sentence. */
export function newRowOf(record: JsonObject): NewRow | string {
  if (!isRawForm(record)) return { value: Buffer.from(JSON.stringify(record)), mediaType: JSON_TYPE };
  const mediaType = memberOf(record, TYPE) as string;
  if (parseMediaType(mediaType) === undefined) return `its "${TYPE}" is no media type`;
  const expires = memberOf(record, EXPIRES);
  if (expires !== undefined && !Number.isSafeInteger(expires)) {
    return `its "${EXPIRES}" has to be a time in milliseconds since 1970-01-01 UTC`;
  }
  const value = contentOf(record);
  return typeof value === "string" ? value : { value, mediaType, expires: expires as number | undefined };
}

function contentOf(record: JsonObject): Uint8Array | string {
  const text = memberOf(record, TEXT);
  if (typeof text === "string") return Buffer.from(text);
  const base64 = memberOf(record, BASE64) as string;
  const bytes = Buffer.from(base64, "base64");
  return bytes.toString("base64") === base64 ? bytes : `its "${BASE64}" is not in Base64`;
}

/** Whether an object stands for a row that is no plain record: it has a type and a content, and nothing else. */
export function isRawForm(record: JsonObject): boolean {
  if (typeof memberOf(record, TYPE) !== "string") return false;
  const contents = [memberOf(record, TEXT), memberOf(record, BASE64)].filter(
    (one) => typeof one === "string",
  );
  if (contents.length !== 1) return false;
  return Object.keys(record).length === (Object.hasOwn(record, EXPIRES) ? 3 : 2);
}

const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}
