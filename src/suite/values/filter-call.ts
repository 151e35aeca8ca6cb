// What filters have in common: what they are called with, what they ask of their input, how they refuse it.

import { Failure } from "../failure.ts";
import type { Span } from "../hurl/tree.ts";
import type { Evaluation, Value } from "./value.ts";
import { describeValue } from "./value-text.ts";

export interface FilterCall {
  /** Of the filter with its arguments. */
  readonly source: Span;
  readonly evaluation: Evaluation;
}

export interface StringFilterCall extends FilterCall {
  readonly argumentSource: Span;
}

/** Undefined when the filter finds nothing. */
export type PlainFilter = (value: Value, call: FilterCall) => Value | undefined;
export type StringFilter = (value: Value, argument: string, call: StringFilterCall) => Value | undefined;

/** The failure `FILTER_INPUT`, with what the filter was given and what it takes. */
export function invalidInput(value: Value, expected: string, call: FilterCall, cause?: unknown): Failure {
  return refusedInput(`\n   actual: ${describeValue(value)}\n   expected: ${expected}`, call, cause);
}

/** The failure `FILTER_INPUT` for a value of the right kind. */
export function unfitInput(why: string, call: FilterCall, cause?: unknown): Failure {
  return refusedInput(` ${why}`, call, cause);
}

function refusedInput(why: string, { source }: FilterCall, cause: unknown): Failure {
  return new Failure("FILTER_INPUT", source, `invalid filter input:${why}`, { cause });
}

export function inputText(value: Value, call: FilterCall): string {
  if (value.kind === "string") return value.value;
  throw invalidInput(value, "string", call);
}

export function inputBytes(value: Value, call: FilterCall): Buffer {
  if (value.kind === "bytes")
    return Buffer.from(value.value.buffer, value.value.byteOffset, value.value.length);
  throw invalidInput(value, "bytes", call);
}

export function inputDate(value: Value, call: FilterCall): Date {
  if (value.kind === "date") return value.value;
  throw invalidInput(value, "date", call);
}

export function inputItems(value: Value, call: FilterCall): readonly Value[] {
  if (value.kind === "list") return value.items;
  throw invalidInput(value, "list", call);
}

export function stringValue(value: string): Value {
  return { kind: "string", value };
}

export function integerValue(value: number | bigint): Value {
  return { kind: "integer", value: BigInt(value) };
}
