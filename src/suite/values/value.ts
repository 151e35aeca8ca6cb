// What queries give, filters change and predicates judge. Knows neither where a value comes from nor how it is shown.

import type { Fields } from "../../protocol/fields.ts";
import type { FileBytes, Placeholder, Template } from "../hurl/tree.ts";

/** An answer on the way to the last one: what the query `redirects` gives. */
export interface RedirectResponse {
  readonly url: string;
  readonly status: number;
  readonly fields: Fields;
}

/** Integers of any size; an object's members in their order, a name at most once. */
export type Value =
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "integer"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "bytes"; readonly value: Uint8Array }
  | { readonly kind: "list"; readonly items: readonly Value[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, Value])[] }
  | { readonly kind: "nodeset"; readonly count: number }
  | { readonly kind: "date"; readonly value: Date }
  | { readonly kind: "regex"; readonly pattern: string }
  | { readonly kind: "response"; readonly value: RedirectResponse };

export type ValueKind = Value["kind"];

/** What evaluating needs of its surroundings: variables, files, the time. */
export interface Evaluation {
  /** The text of a template with the variables of now. Throws Failure. */
  text(template: Template): string;
  /** What a placeholder stands for. Throws Failure. */
  value(placeholder: Placeholder): Value;
  /** The variable's value; undefined when there is none. */
  variable(name: string): Value | undefined;
  /** The bytes of a file that the test file names. Throws Failure. */
  bytes(file: FileBytes): Uint8Array;
  now(): Date;
}
