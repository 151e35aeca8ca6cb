// From an entry of an imported file to a row with its name: what is wrong with it, in words.

import { checkKey } from "../../store/keys.ts";
import { depthLimit } from "../json/body.ts";
import { depthOf, hasInfinity, isJsonObject, type JsonObject, kindOf, memberOf } from "../json/members.ts";
import { quoted } from "../rows.ts";
import type { NamedRow } from "./batch.ts";
import { isRawForm, newRowOf } from "./form.ts";
import type { FileEntry } from "./parser.ts";
import { recordIn } from "./row.ts";
import type { RecordSchema } from "./schema.ts";

/** An entry that cannot be a record; the message is the end of a sentence. */
export class EntryFault extends Error {}

/** Reads an entry. Throws an EntryFault. */
export function readEntry(entry: FileEntry, schema: RecordSchema | undefined): NamedRow {
  const { name, record } =
    entry.name === undefined ? itemOf(entry.value) : memberEntry(entry.name, entry.value);
  requireName(name);
  const limit = depthLimit(0);
  if (depthOf(record, limit) > limit)
    throw new EntryFault(`${quoted(name)} is nested deeper than ${limit} levels`);
  if (hasInfinity(record)) throw new EntryFault(`of ${quoted(name)}, a number is larger than 1.8e308`);
  const row = newRowOf(record);
  if (typeof row === "string") throw new EntryFault(`of ${quoted(name)}, ${row}`);
  // A row in its raw form may be a record, too: one in another layout, or with an end to its life.
  const kept = isRawForm(record) ? recordIn(row) : record;
  if (kept !== undefined) requireMatch(name, kept, row.value.length, schema);
  return { name, row, line: entry.line };
}

interface Named {
  readonly name: string;
  readonly record: JsonObject;
}

function memberEntry(name: string, value: unknown): Named {
  if (isJsonObject(value)) return { name, record: value };
  throw new EntryFault(`${quoted(name)} is ${kindOf(value)}, and a record is an object`);
}

/** An item of a list is called by its member "name", which is no part of the record then, or by its "id". */
function itemOf(value: unknown): Named {
  if (!isJsonObject(value)) {
    throw new EntryFault(`an item of the list is ${kindOf(value)}, and a record is an object`);
  }
  const { name, ...rest } = value;
  if (typeof name === "string") return { name, record: rest };
  const id = memberOf(value, "id");
  if (typeof id === "string" || typeof id === "number") return { name: String(id), record: value };
  throw new EntryFault('an item of the list has neither a "name" nor an "id" to be called by');
}

function requireName(name: string): void {
  try {
    checkKey(name);
  } catch (error) {
    throw new EntryFault(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function requireMatch(
  name: string,
  record: JsonObject,
  bytes: number,
  schema: RecordSchema | undefined,
): void {
  const [first] = schema?.check(record, bytes) ?? [];
  if (first === undefined) return;
  const where = first.pointer === "" ? "" : ` ${first.pointer}`;
  throw new EntryFault(`${quoted(name)} does not match the schema:${where} ${first.detail}`);
}
