// A record as it stands in a table, and in the forms that it is sent in. A row is a record when it is a JSON object;
// whatever else another mount on the same table has put there is none, and no part of any answer here.

import { parseMediaType } from "../../semantics/media-types.ts";
import type { Key, Row } from "../../store/table.ts";
import { nestingOf } from "../json/body.ts";
import { isJsonObject, type JsonObject } from "../json/members.ts";

export const JSON_TYPE = "application/json";

/** How many rows are known to be records without another look: their versions take about 5 MB. */
const KNOWN = 50_000;
/** What reads and writes JSON is recursive: anything deeper is nobody's record. */
const DEEPEST = 1000;

const STRICT_UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Tells which rows are records. A row's version never comes back with another value, so each is looked at once. */
export class RecordReader {
  readonly #known: Set<string> = new Set();

  isRecord(row: Row): boolean {
    return this.#known.has(row.version) || this.parse(row) !== undefined;
  }

  /** The record; undefined when the row is none. */
  parse(row: Row): JsonObject | undefined {
    const known = this.#known.has(row.version);
    const record = recordIn(row, known);
    if (record !== undefined && !known) this.#remember(row.version);
    return record;
  }

  #remember(version: string): void {
    if (this.#known.size >= KNOWN) this.#known.clear();
    this.#known.add(version);
  }
}

/** The record that a value is; undefined when it is none. `known` to be one, it need not be looked at for its depth. */
export function recordIn(
  { mediaType, value }: Pick<Row, "mediaType" | "value">,
  known = false,
): JsonObject | undefined {
  if (!isJsonType(mediaType)) return undefined;
  if (!known && nestingOf(value, DEEPEST) > DEEPEST) return undefined;
  const record = parseOrNothing(value);
  return isJsonObject(record) ? record : undefined;
}

function parseOrNothing(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(STRICT_UTF8.decode(bytes));
  } catch {
    return undefined;
  }
}

function isJsonType(mediaType: string): boolean {
  if (mediaType === JSON_TYPE) return true;
  const essence = parseMediaType(mediaType)?.essence;
  return essence === JSON_TYPE || essence?.endsWith("+json") === true;
}

const OPEN = Buffer.from("{");
const CLOSE = Buffer.from("}");

/** A record under its name, `"Pingping":{…}`: made of its bytes, which are JSON already. */
export function namedMember(name: Key, value: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(name)}:`), value]);
}

/** A record as it is sent: `{"Pingping":{…}}`. */
export function wrapped(name: Key, value: Uint8Array): Buffer {
  return Buffer.concat([OPEN, namedMember(name, value), CLOSE]);
}

/** A record as an item of a list: `{"name":"Pingping",…}`. A member "name" of its own gives way. */
export function listItem(name: Key, record: JsonObject): JsonObject {
  // Spread members are defined, not assigned: "__proto__" stays a member.
  const { name: _own, ...rest } = record;
  return { name, ...rest };
}
