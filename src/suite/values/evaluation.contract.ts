// What tests of filters and predicates share: values in few words, asserts from their text, surroundings to
// evaluate them in.

import { parseHurl } from "../hurl/parse.ts";
import type { Assert, Placeholder, Template } from "../hurl/tree.ts";
import { applyFilters } from "./filters.ts";
import { parseJson } from "./json.ts";
import type { Evaluation, Value } from "./value.ts";
import { valueText } from "./value-text.ts";

export const NOW: Date = new Date("2026-03-01T12:00:00Z");

/** A value written as JSON. */
export const json: (text: string) => Value = parseJson;

export function string(value: string): Value {
  return { kind: "string", value };
}

/** Bytes from hexadecimal digits. */
export function bytes(hex: string): Value {
  return { kind: "bytes", value: Uint8Array.from(Buffer.from(hex, "hex")) };
}

export function date(text: string): Value {
  return { kind: "date", value: new Date(text) };
}

export function nodeset(count: number): Value {
  return { kind: "nodeset", count };
}

/** The assert `variable "v" TEXT`, its filters and predicate as they are written. */
export function parsedAssert(text: string): Assert {
  const file = parseHurl(`GET http://a\nHTTP 200\n[Asserts]\nvariable "v" ${text}\n`);
  const section = file.entries[0]?.response?.sections[0];
  const item = section?.kind === "asserts" ? section.items[0] : undefined;
  if (item === undefined) throw new TypeError(`there is no assert in ${text}`);
  return item;
}

/** Surroundings with these variables and files, at NOW. */
export function evaluationWith(
  variables: { readonly [name: string]: Value } = {},
  files: { readonly [name: string]: Uint8Array } = {},
): Evaluation {
  const evaluation: Evaluation = {
    text: ({ parts }: Template) =>
      parts
        .map((part) => (part.kind === "text" ? part.value : (valueText(evaluation.value(part)) ?? "")))
        .join(""),
    value: ({ value: start, filters }: Placeholder) => {
      const value = start.kind === "variable" ? variables[start.name] : undefined;
      const found = applyFilters(value, filters, evaluation, "template");
      if (found === undefined) throw new TypeError("the placeholder has no value");
      return found;
    },
    variable: (name) => variables[name],
    bytes: ({ name }) => files[evaluation.text(name)] ?? new Uint8Array(),
    now: () => NOW,
  };
  return evaluation;
}
