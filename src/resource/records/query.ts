// The query of a collection: what it asks to see, in which order and form. Every name that is no word of its own is a
// field to filter by.

import { Problem } from "../../message/problem.ts";
import { type FieldPath, type Filter, fieldPath, OPERATORS, type Operator, type SortKey } from "./filter.ts";

/** What a GET of the collection asks for. */
export interface CollectionQuery {
  /** One object with a member for each record, or a list of objects with their names in them. */
  readonly form: "object" | "list";
  readonly filters: readonly Filter[];
  readonly sort: readonly SortKey[];
  /** Records to be sent at most; undefined: all. */
  readonly limit: number | undefined;
  /** Records to be left out before the first. */
  readonly offset: number;
  /** The only members to be sent; undefined: all. */
  readonly fields: readonly (readonly string[])[] | undefined;
}

export type Pair = readonly [name: string, value: string];

/** Takes a query apart, decoded. Throws a Problem, 400, for an escape that is broken or no UTF-8. */
export function pairsOf(query: string | undefined): readonly Pair[] {
  if (query === undefined) return [];
  return query
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      return equals < 0
        ? [decoded(part), ""]
        : [decoded(part.slice(0, equals)), decoded(part.slice(equals + 1))];
    });
}

/** Writes pairs as a query, which `pairsOf()` reads. */
export function queryOf(pairs: readonly Pair[]): string {
  return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
}

// A form writes a space as "+".
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (error) {
    throw new Problem(400, {
      detail: `Cannot read the query at ${quote(text)}: an escape is "%" and two hexadecimal digits, and escapes spell UTF-8`,
      cause: error,
    });
  }
}

const WORDS: ReadonlySet<string> = new Set(["as", "sort", "limit", "offset", "fields"]);

/** Reads what a query asks for. Throws a Problem, 400, for a value that one of its own words does not take. */
export function readCollectionQuery(pairs: readonly Pair[]): CollectionQuery {
  const words = new Map<string, string>();
  const filters: Filter[] = [];
  for (const [name, value] of pairs) {
    if (!WORDS.has(name)) filters.push(readFilter(name, value));
    else if (words.has(name)) throw refused(`Cannot take ${name} twice`);
    else words.set(name, value);
  }
  return {
    form: readForm(words.get("as")),
    filters,
    sort: readSort(words.get("sort")),
    limit: readNumber("limit", words.get("limit")),
    offset: readNumber("offset", words.get("offset")) ?? 0,
    fields: readFields(words.get("fields")),
  };
}

// The operators as what a field's name ends with, the longer ones first: "age_gte" does not end with "_e".
const SUFFIX = new RegExp(`^(.+)_(${OPERATORS.toSorted((a, b) => b.length - a.length).join("|")})$`, "s");

/** `age_gte=1`; a name that ends otherwise is a field as a whole, `leg_count=4`. */
function readFilter(name: string, operand: string): Filter {
  const [, field = name, operator = "eq"] = SUFFIX.exec(name) ?? [];
  return { path: readPath(field), operator: operator as Operator, operand };
}

function readPath(text: string): FieldPath {
  const path = text === "" ? undefined : fieldPath(text);
  if (path !== undefined) return path;
  throw refused(
    `Cannot use the field ${quote(text)}: it is a name, names with dots between them, or a JSON Pointer such as /owner/name`,
  );
}

function readForm(text: string | undefined): "object" | "list" {
  if (text === undefined || text === "object" || text === "list") return text ?? "object";
  throw refused(`Cannot use as=${quote(text)}: it is "object" or "list"`);
}

function readSort(text: string | undefined): readonly SortKey[] {
  return (text?.split(",") ?? []).map((part) => {
    const descending = part.startsWith("-");
    return { path: readPath(descending ? part.slice(1) : part), descending };
  });
}

/** Reads `fields`: the name is there in any case, so asking for it changes nothing. Throws a Problem, 400. */
export function readFields(text: string | undefined): readonly (readonly string[])[] | undefined {
  return text
    ?.split(",")
    .map(readPath)
    .filter((path) => path !== "name");
}

function readNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw refused(`Cannot use ${name}=${quote(text)}: it is a whole number from 0`);
}

function refused(detail: string): Problem {
  return new Problem(400, { detail });
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
