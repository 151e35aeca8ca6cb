// What stands behind a predicate in the file, as a value.

import type { PredicateValue } from "../hurl/tree.ts";
import type { Evaluation, Value } from "./value.ts";

/** The value that a predicate compares with, as of now. Throws what the evaluation throws. */
export function predicateValue(value: PredicateValue, evaluation: Evaluation): Value {
  switch (value.kind) {
    case "null":
      return { kind: "null" };
    case "boolean":
      return { kind: "boolean", value: value.value };
    case "integer":
      return { kind: "integer", value: BigInt(value.text) };
    case "float":
      return { kind: "float", value: Number(value.text) };
    case "string":
    case "oneline":
    case "multiline":
      return { kind: "string", value: evaluation.text(value.value) };
    case "base64":
    case "hex":
      return { kind: "bytes", value: value.bytes };
    case "file":
      return { kind: "bytes", value: evaluation.bytes(value) };
    case "regex":
      return { kind: "regex", pattern: value.pattern };
    case "placeholder":
      return evaluation.value(value);
  }
}
