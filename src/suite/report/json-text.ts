// JSON to write: plain values, and integers of any size. Every text goes through an eraser of secrets before it is
// encoded.

import type { Value } from "../values/value.ts";

export type Json =
  | null
  | boolean
  | number
  | string
  | JsonNumber
  | readonly Json[]
  | ReadonlyMap<string, Json>;

/** A number by its text, for integers of any size and for floats that stay floats. */
interface JsonNumber {
  readonly digits: string;
}

/** An object with the members that are defined, in alphabetical order as Hurl has them. */
export function jsonObject(members: Readonly<Record<string, Json | undefined>>): ReadonlyMap<string, Json> {
  const defined = Object.entries(members).filter(
    (member): member is [string, Json] => member[1] !== undefined,
  );
  return new Map(defined.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The JSON text, on one line. A number that is a secret becomes a string. */
export function jsonText(json: Json, redact: (text: string) => string): string {
  if (json === null || typeof json === "boolean") return String(json);
  if (typeof json === "string") return stringText(redact(json));
  if (typeof json === "number") return numberText(String(json), redact);
  if (isList(json)) return `[${json.map((element) => jsonText(element, redact)).join(",")}]`;
  if ("digits" in json) return numberText(json.digits, redact);
  const members = [...json].map(([name, value]) => `${stringText(redact(name))}:${jsonText(value, redact)}`);
  return `{${members.join(",")}}`;
}

/** A value as a report has it: what JSON does not know is a text or says what it is. */
export function jsonOf(value: Value): Json {
  switch (value.kind) {
    case "null":
      return null;
    case "boolean":
    case "string":
      return value.value;
    case "integer":
      return { digits: String(value.value) };
    case "float":
      return floatOf(value.value);
    case "bytes":
      return Buffer.from(value.value).toString("base64");
    case "list":
      return value.items.map(jsonOf);
    case "object":
      return new Map(value.members.map(([name, member]) => [name, jsonOf(member)]));
    case "nodeset":
      return jsonObject({ type: "nodeset", size: value.count });
    case "date":
      return dateText(value.value);
    case "regex":
      return value.pattern;
    case "response":
      return jsonObject({ url: value.value.url, status: value.value.status });
  }
}

/** Such as "2026-11-21 08:00:00 UTC", with a fraction when there is one. */
export function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return "invalid date";
  return date
    .toISOString()
    .replace("T", " ")
    .replace(/(?:\.000)?Z$/, " UTC");
}

function floatOf(float: number): Json {
  if (!Number.isFinite(float)) return null;
  const digits = Object.is(float, -0) ? "-0" : String(float);
  return { digits: /^-?\d+$/.test(digits) ? `${digits}.0` : digits };
}

function numberText(digits: string, redact: (text: string) => string): string {
  const redacted = redact(digits);
  return redacted === digits ? digits : JSON.stringify(redacted);
}

// JSON.stringify() leaves these as they are, and --json may be read on a terminal.
const COMMANDS = /[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function stringText(text: string): string {
  return JSON.stringify(text).replace(
    COMMANDS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}
