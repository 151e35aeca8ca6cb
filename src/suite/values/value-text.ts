// How values look: in messages, where their kind is said as well, and as text in templates.

import { jsonText } from "./json.ts";
import type { Value } from "./value.ts";

/** A value as messages show it, such as `integer <2>`; `none` when there is none. */
export function describeValue(value: Value | undefined): string {
  if (value === undefined) return "none";
  switch (value.kind) {
    case "null":
      return "null";
    case "nodeset":
      return `nodeset of size <${value.count}>`;
    default:
      return `${valueKindName(value)} <${shown(value)}>`;
  }
}

/** The name of a value's kind in messages; `none` when there is no value. */
export function valueKindName(value: Value | undefined): string {
  return value?.kind ?? "none";
}

/**
 * The text that a template makes of a value, dates as in RFC 3339. Undefined for what has no text of its own: lists,
 * objects, bytes, nodesets, regular expressions and responses.
 */
export function valueText(value: Value): string | undefined {
  switch (value.kind) {
    case "string":
      return value.value;
    case "null":
      return "null";
    case "boolean":
    case "integer":
      return String(value.value);
    case "float":
      return floatText(value.value);
    case "date":
      return value.value.toISOString();
    default:
      return undefined;
  }
}

function shown(value: Value): string {
  switch (value.kind) {
    case "bytes":
      return Buffer.from(value.value).toString("hex");
    case "date":
      return dateText(value.value);
    case "regex":
      return value.pattern;
    case "response":
      return value.value.url;
    case "list":
    case "object":
      return jsonText(value);
    default:
      return valueText(value) ?? valueKindName(value);
  }
}

function floatText(value: number): string {
  return Number.isFinite(value) ? jsonText({ kind: "float", value }) : String(value);
}

function dateText(date: Date): string {
  return date
    .toISOString()
    .replace("T", " ")
    .replace(/\.000Z$|Z$/, " UTC");
}
