// When values are alike, and which is the greater one. An integer and a float are compared as the numbers they are.

import type { Value } from "./value.ts";

/** Whether two values are the same; of objects whatever the order of their members. */
export function sameValue(left: Value, right: Value): boolean {
  if (isNumber(left) && isNumber(right)) return orderOf(left.value, right.value) === 0;
  if (left.kind === "list" && right.kind === "list") return sameItems(left.items, right.items);
  if (left.kind === "object" && right.kind === "object") return sameMembers(left.members, right.members);
  if (left.kind === "bytes" && right.kind === "bytes") return Buffer.compare(left.value, right.value) === 0;
  if (left.kind === "nodeset" && right.kind === "nodeset") return left.count === right.count;
  if (left.kind === "regex" && right.kind === "regex") return left.pattern === right.pattern;
  if (left.kind === "date" && right.kind === "date") return left.value.getTime() === right.value.getTime();
  if (left.kind === "null" || right.kind === "null") return left.kind === right.kind;
  return "value" in left && "value" in right && left.kind === right.kind && left.value === right.value;
}

/**
 * Below 0 when the left value is the smaller one, above when it is the greater one. NaN for a float that is no
 * number, undefined for values that have no order: only numbers have one, strings by their characters, and dates.
 */
export function compareValues(left: Value, right: Value): number | undefined {
  if (isNumber(left) && isNumber(right)) return orderOf(left.value, right.value);
  if (left.kind === "date" && right.kind === "date") return left.value.getTime() - right.value.getTime();
  // As bytes of UTF-8, which are in the order of the characters; those of UTF-16 are not.
  if (left.kind === "string" && right.kind === "string")
    return Buffer.compare(Buffer.from(left.value), Buffer.from(right.value));
  return undefined;
}

function isNumber(value: Value): value is Extract<Value, { readonly kind: "integer" | "float" }> {
  return value.kind === "integer" || value.kind === "float";
}

/** Exact between a bigint and a number, too. */
function orderOf(left: number | bigint, right: number | bigint): number {
  if (left < right) return -1;
  if (left > right) return 1;
  return Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : 0;
}

function sameItems(left: readonly Value[], right: readonly Value[]): boolean {
  return (
    left.length === right.length &&
    left.every((item, index) => {
      const other = right[index];
      return other !== undefined && sameValue(item, other);
    })
  );
}

type Members = readonly (readonly [string, Value])[];

function sameMembers(left: Members, right: Members): boolean {
  const others = new Map(right);
  return (
    left.length === right.length &&
    left.every(([name, member]) => {
      const other = others.get(name);
      return other !== undefined && sameValue(member, other);
    })
  );
}
