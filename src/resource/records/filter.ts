// Which records a filter lets through, and in which order they stand: values of JSON compared with the text of a
// query. Knows no HTTP.

import { compareKeys } from "../../store/keys.ts";
import { isJsonObject, type JsonObject, memberOf, setMember } from "../json/members.ts";
import { indexOf, parsePointer } from "../json/pointer.ts";

/** A record with its name. */
export interface Candidate {
  readonly name: string;
  readonly record: JsonObject;
}

export const OPERATORS = ["eq", "ne", "lt", "lte", "gt", "gte", "in", "contains", "startsWith"] as const;
export type Operator = (typeof OPERATORS)[number];

/** Where in a record a value stands: its name, or names of members and indexes of items on the way. */
export type FieldPath = "name" | readonly string[];

export interface Filter {
  readonly path: FieldPath;
  readonly operator: Operator;
  readonly operand: string;
}

/**
 * Reads a field's name: `name` is the record's own, a dot leads into an object or a list (`owner.name`, `tags.0`),
 * and what begins with a slash is a JSON Pointer, for a member that is called "name" or has a dot. Undefined for a
 * pointer that is none.
 */
export function fieldPath(text: string): FieldPath | undefined {
  if (text === "name") return "name";
  return text.startsWith("/") ? parsePointer(text) : text.split(".");
}

/** The value at a path; undefined when there is none. */
export function valueAt({ name, record }: Candidate, path: FieldPath): unknown {
  if (path === "name") return name;
  let value: unknown = record;
  for (const step of path) {
    if (isJsonObject(value)) value = memberOf(value, step);
    else if (Array.isArray(value)) {
      const index = indexOf(step);
      value = index === undefined ? undefined : value[index];
    } else return undefined;
  }
  return value;
}

/** Whether all filters let it through. */
export function passes(candidate: Candidate, filters: readonly Filter[]): boolean {
  return filters.every(({ path, operator, operand }) => holds(valueAt(candidate, path), operator, operand));
}

const ORDERING: ReadonlySet<Operator> = new Set(["lt", "lte", "gt", "gte"]);

/** Whether it can be more or less than what a query names: null is neither, nor is an object. */
function isOrdered(value: unknown): boolean {
  return typeof value === "number" || typeof value === "string";
}

function holds(value: unknown, operator: Operator, operand: string): boolean {
  if (operator === "ne") return value === undefined || !same(value, operand);
  if (value === undefined || (ORDERING.has(operator) && !isOrdered(value))) return false;
  switch (operator) {
    case "eq":
      return same(value, operand);
    case "in":
      return operand.split(",").some((one) => same(value, one));
    case "contains":
      return Array.isArray(value)
        ? value.some((item) => same(item, operand))
        : textOf(value).includes(operand);
    case "startsWith":
      return textOf(value).startsWith(operand);
    case "lt":
      return compare(value, operand) < 0;
    case "lte":
      return compare(value, operand) <= 0;
    case "gt":
      return compare(value, operand) > 0;
    case "gte":
      return compare(value, operand) >= 0;
  }
}

// The numbers of JSON, as a person writes them. With more digits two of them could be the same to us.
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const MOST_CHARACTERS = 17;

function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value.length > MOST_CHARACTERS || !NUMBER.test(value)) return undefined;
  return Number(value);
}

/** What a person writes for a value: text without quotes, everything else as in JSON. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function same(value: unknown, operand: string): boolean {
  return textOf(value) === operand || compare(value, operand) === 0;
}

/** As numbers when both are some, else as texts, by code points. */
function compare(value: unknown, operand: string): number {
  const [one, other] = [numberOf(value), numberOf(operand)];
  return one !== undefined && other !== undefined ? one - other : compareKeys(textOf(value), operand);
}

export interface SortKey {
  readonly path: FieldPath;
  readonly descending: boolean;
}

/** What the order of a record rests on, one for each sort key: taken once, as every record is compared often. */
export function rankOf(candidate: Candidate, keys: readonly SortKey[]): readonly unknown[] {
  return keys.map(({ path }) => valueAt(candidate, path));
}

/** Compares by rank: numbers before texts, and what has no such value last, ascending or descending. */
export function compareRanks(a: readonly unknown[], b: readonly unknown[], keys: readonly SortKey[]): number {
  for (let index = 0; index < keys.length; index += 1) {
    const [one, other] = [a[index], b[index]];
    if (one === undefined || other === undefined) {
      if (one !== other) return one === undefined ? 1 : -1;
      continue;
    }
    const order = compareValues(one, other);
    if (order !== 0) return keys[index]?.descending === true ? -order : order;
  }
  return 0;
}

function compareValues(a: unknown, b: unknown): number {
  const [one, other] = [numberOf(a), numberOf(b)];
  if (one !== undefined && other !== undefined) return one - other;
  if (one !== undefined) return -1;
  if (other !== undefined) return 1;
  return compareKeys(textOf(a), textOf(b));
}

/** Only these members of a record, in the order in which they are asked for; those that are not there are left out. */
export function project(record: JsonObject, paths: readonly (readonly string[])[]): JsonObject {
  const result: JsonObject = {};
  for (const path of paths) {
    const value = valueAt({ name: "", record }, path);
    if (value !== undefined) place(result, path, value);
  }
  return result;
}

function place(target: JsonObject, path: readonly string[], value: unknown): void {
  let parent = target;
  for (const step of path.slice(0, -1)) {
    let next = memberOf(parent, step);
    if (!isJsonObject(next)) {
      next = {};
      setMember(parent, step, next);
    }
    parent = next as JsonObject;
  }
  setMember(parent, path.at(-1) as string, value);
}
