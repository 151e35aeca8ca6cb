// JSON texts and values (RFC 8259), without loss: integers of any size, floats that stay floats, members in their
// order. It knows no queries and no HTTP.

import { JsonReader } from "./json-reader.ts";
import type { Value } from "./value.ts";

/**
 * Reads a JSON text (RFC 8259). A number with a fraction or an exponent is a float, every other one an integer; of
 * members of one name the last one's value counts, at the first one's place. Throws SyntaxError with line and column
 * when the text is not JSON, or its lists and objects are nested more than 1,000 deep.
 */
export function parseJson(text: string): Value {
  const reader = new JsonReader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

/**
 * Writes a value as JSON, on one line or with so many spaces for each level; parseJson() reads it back as the same
 * value. What JSON has no form for becomes a text (bytes in base64, dates as in RFC 3339), nodesets and responses
 * small objects.
 */
export function jsonText(value: Value, indent: number = 0): string {
  return write(value, indent === 0 ? undefined : " ".repeat(indent), "\n");
}

function write(value: Value, step: string | undefined, newline: string): string {
  switch (value.kind) {
    case "null":
      return "null";
    case "boolean":
    case "integer":
      return String(value.value);
    case "float":
      return floatText(value.value);
    case "string":
      return JSON.stringify(value.value);
    case "list": {
      const inner = step === undefined ? "" : newline + step;
      return bracketed(
        value.items.map((item) => write(item, step, inner)),
        ["[", "]"],
        step === undefined ? ["", ""] : [inner, newline],
      );
    }
    case "object": {
      const inner = step === undefined ? "" : newline + step;
      const colon = step === undefined ? ":" : ": ";
      return bracketed(
        value.members.map(([name, member]) => JSON.stringify(name) + colon + write(member, step, inner)),
        ["{", "}"],
        step === undefined ? ["", ""] : [inner, newline],
      );
    }
    case "bytes":
      return JSON.stringify(Buffer.from(value.value).toString("base64"));
    case "date":
      return JSON.stringify(value.value.toISOString());
    case "regex":
      return JSON.stringify(value.pattern);
    case "nodeset":
      return JSON.stringify({ type: "nodeset", size: value.count });
    case "response":
      return JSON.stringify({ url: value.value.url, status: value.value.status });
  }
}

function bracketed(
  parts: readonly string[],
  [open, close]: readonly [string, string],
  [inner, outer]: readonly [string, string],
): string {
  return parts.length === 0 ? open + close : open + inner + parts.join(`,${inner}`) + outer + close;
}

/** A float keeps a mark of being one. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
