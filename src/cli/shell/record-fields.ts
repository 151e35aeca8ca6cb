// The fields of a JSON Schema, as the shell asks for them: their names, and a typed line as a record that matches.

import { isJsonObject, type JsonObject, memberOf } from "../../resource/json/members.ts";
import { type RecordSchema, readSchema } from "../../resource/records/schema.ts";
import { printableLine } from "../../text/printable.ts";
import { splitWords } from "./words.ts";

export interface RecordFields {
  /** In the schema's order. */
  readonly names: readonly string[];
  /** Property schemas by name, references followed. */
  readonly schemas: ReadonlyMap<string, unknown>;
  readonly whole: RecordSchema;
}

/** A record's text, or what is wrong with what was typed. */
export type TypedRecord =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: readonly string[] };

/** Throws SchemaError. */
export function readFields(schema: unknown): RecordFields {
  const whole = readSchema(schema);
  const properties = memberOf(schema as JsonObject, "properties");
  const schemas = new Map<string, unknown>();
  if (isJsonObject(properties)) {
    for (const [name, property] of Object.entries(properties))
      schemas.set(name, referred(schema as JsonObject, property));
  }
  return { names: [...schemas.keys()], schemas, whole };
}

/** "Enter information: [type] [age] [leg]" */
export function fieldsQuestion({ names }: RecordFields): string {
  return printableLine(`Enter information: ${names.map((name) => `[${name}]`).join(" ")}`);
}

/**
 * Reads a value for each field, in order, split at white space; quotes hold one together. `-` leaves a field out, and so
 * does what is missing at the end. A value becomes what its schema asks for: number, boolean, null, list, object.
 */
export function readRecord(line: string, fields: RecordFields): TypedRecord {
  const { names, schemas, whole } = fields;
  const words = typedValues(line);
  if (words.length > names.length) {
    const counted = `${words.length} values for ${names.length} ${names.length === 1 ? "field" : "fields"}`;
    return {
      ok: false,
      why: [`There are ${counted}. Quotes hold a value with spaces together: "two words"`],
    };
  }
  const members: [string, unknown][] = [];
  for (const [index, { text, bare }] of words.entries()) {
    const name = names[index] as string;
    if (!(bare && text === "-")) members.push([name, convert(text, schemas.get(name))]);
  }
  // Not by assignment: a field may be called "__proto__".
  const record = Object.fromEntries(members) as JsonObject;
  const text = JSON.stringify(record);
  const faults = whole.check(record, Buffer.byteLength(text));
  if (faults.length === 0) return { ok: true, text };
  return {
    ok: false,
    why: faults.map(({ pointer, detail }) => printableLine(`${pointer.slice(1) || "The record"} ${detail}`)),
  };
}

function typedValues(line: string): { readonly text: string; readonly bare: boolean }[] {
  return splitWords(line).map(({ text, end }) => ({ text, bare: !/["']/.test(line[end - 1] ?? "") }));
}

/** What a value becomes; one that does not fit stays text, and the schema says why it does not fit. */
function convert(text: string, schema: unknown): unknown {
  const types = typesOf(schema);
  const listed = isJsonObject(schema) ? memberOf(schema, "enum") : undefined;
  if (Array.isArray(listed)) {
    const found = listed.find(
      (value) => (typeof value === "string" ? value : JSON.stringify(value)) === text,
    );
    if (found !== undefined) return found;
  }
  if (
    (types.has("number") || types.has("integer")) &&
    /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)
  )
    return Number(text);
  if (types.has("boolean") && (text === "true" || text === "false")) return text === "true";
  if (types.has("null") && text === "null") return null;
  if (types.has("object") || types.has("array")) return jsonOr(text);
  return text;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function typesOf(schema: unknown): ReadonlySet<unknown> {
  if (!isJsonObject(schema)) return new Set();
  const type = memberOf(schema, "type");
  return new Set(Array.isArray(type) ? type : [type]);
}

const MOST_REFERENCES = 16;

/** Follows "$ref": "#/$defs/name". Others stay as they are: the whole record is checked all the same. */
function referred(root: JsonObject, schema: unknown): unknown {
  let found = schema;
  for (let steps = 0; steps < MOST_REFERENCES && isJsonObject(found); steps += 1) {
    const reference = memberOf(found, "$ref");
    if (typeof reference !== "string" || !reference.startsWith("#/")) return found;
    let next: unknown = root;
    for (const part of reference.slice(2).split("/")) {
      const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
      next = isJsonObject(next) ? memberOf(next, name) : undefined;
    }
    found = next;
  }
  return found;
}
