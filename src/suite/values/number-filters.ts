// Filters that make numbers of texts and texts of numbers.

import { type FilterCall, integerValue, invalidInput, stringValue, unfitInput } from "./filter-call.ts";
import type { Value } from "./value.ts";
import { describeValue, valueText } from "./value-text.ts";

const INTEGER = /^[+-]?\d+$/;
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

// Beyond them Hurl, too, leaves an integer as it is.
const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/** Of a float what stands before the point. */
export function toInt(value: Value, call: FilterCall): Value {
  if (value.kind === "integer") return value;
  if (value.kind === "float" && Number.isFinite(value.value)) return integerValue(Math.trunc(value.value));
  if (value.kind === "string" && INTEGER.test(value.value)) {
    // BigInt() reads "-1" and not "+1".
    return integerValue(BigInt(value.value.replace(/^\+/, "")));
  }
  throw invalidInput(value, value.kind === "string" ? "integer string" : "number or integer string", call);
}

export function toFloat(value: Value, call: FilterCall): Value {
  switch (value.kind) {
    case "float":
      return value;
    case "integer":
      if (value.value >= LEAST && value.value <= MOST) return { kind: "float", value: Number(value.value) };
      throw unfitInput(`${describeValue(value)} is too big to be cast as a float`, call);
    case "string":
      if (FLOAT.test(value.value) && Number.isFinite(Number(value.value)))
        return { kind: "float", value: Number(value.value) };
      throw invalidInput(value, "float string", call);
    default:
      throw invalidInput(value, "number or float string", call);
  }
}

/** The text that a template would make of the value. */
export function toText(value: Value, call: FilterCall): Value {
  const text = valueText(value);
  if (text !== undefined) return stringValue(text);
  throw unfitInput(`${describeValue(value)} can not be converted to a string`, call);
}
