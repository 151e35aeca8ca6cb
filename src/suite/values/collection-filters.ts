// Filters over lists and everything else that can be counted.

import { Failure } from "../failure.ts";
import type { IntegerValue, Placeholder } from "../hurl/tree.ts";
import { type FilterCall, inputItems, integerValue, invalidInput, unfitInput } from "./filter-call.ts";
import type { Value } from "./value.ts";
import { describeValue } from "./value-text.ts";

/** How many items, members, nodes or bytes a collection has; undefined for what is none. */
export function sizeOf(value: Value): number | undefined {
  switch (value.kind) {
    case "list":
      return value.items.length;
    case "object":
      return value.members.length;
    case "nodeset":
      return value.count;
    case "bytes":
      return value.value.length;
    default:
      return undefined;
  }
}

export function countValue(value: Value, call: FilterCall): Value {
  const size = sizeOf(value);
  if (size === undefined) throw invalidInput(value, "collection", call);
  return integerValue(size);
}

export function firstItem(value: Value, call: FilterCall): Value {
  return itemAt(value, 0, call);
}

export function lastItem(value: Value, call: FilterCall): Value {
  return itemAt(value, -1, call);
}

/** The item at an index from 0, or from -1 backwards, which is the last one. */
export function nthItem(value: Value, index: IntegerValue | Placeholder, call: FilterCall): Value {
  const items = inputItems(value, call);
  const at = indexIn(index, call);
  const item = items.at(Number(at));
  // at() takes NaN for 0, which no bigint becomes; one beyond all numbers becomes Infinity, where nothing is.
  if (item !== undefined) return item;
  throw unfitInput(`out of bound - size is ${items.length}`, call);
}

function itemAt(value: Value, index: 0 | -1, call: FilterCall): Value {
  const item = inputItems(value, call).at(index);
  if (item === undefined) throw unfitInput("list is empty", call);
  return item;
}

function indexIn(index: IntegerValue | Placeholder, { evaluation }: FilterCall): bigint {
  if (index.kind === "integer") return BigInt(index.text);
  const value = evaluation.value(index);
  if (value.kind === "integer") return value.value;
  throw new Failure(
    "EXPRESSION_TYPE",
    index.value.source,
    `expecting integer, actual value is ${describeValue(value)}`,
  );
}
