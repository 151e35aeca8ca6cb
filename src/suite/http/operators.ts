// The operators of httpyac's asserts, and what they are asked about.
import type { Query, Span } from "../hurl/tree.ts";

export const OPERATORS = [
  "===",
  "==",
  "!==",
  "!=",
  ">=",
  ">",
  "<=",
  "<",
  "equals",
  "startsWith",
  "endsWith",
  "includes",
  "contains",
  "matches",
  "exists",
  "isTrue",
  "isFalse",
  "isNumber",
  "isBoolean",
  "isString",
  "isArray",
  "sha256",
  "sha512",
  "md5",
] as const;

export type Operator = (typeof OPERATORS)[number];

export function isOperator(word: string | undefined): word is Operator {
  return OPERATORS.some((operator) => operator === word);
}

/** What is asked about, and what its value is: a number, text, a node, or whatever the JSON or the variable has. */
export interface Subject {
  readonly of: "number" | "text" | "body" | "xpath" | "json" | "variable";
  readonly query: Query;
}

/** An operator where it stands. */
export interface Named {
  readonly name: Operator;
  readonly source: Span;
}
