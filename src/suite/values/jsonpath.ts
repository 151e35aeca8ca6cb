// JSONPath (RFC 9535) over values. The query runs on plain objects, which lose what JavaScript's numbers and
// objects cannot hold; what it finds is taken from the value tree, by its location.

import { JSONPathEnvironment, type JSONPathQuery, type JSONValue } from "json-p3";
import { Failure } from "../failure.ts";
import type { Span } from "../hurl/tree.ts";
import { compileRegex } from "./regex.ts";
import type { Value } from "./value.ts";

type Step = string | number;
type Entries = readonly (readonly [string, JSONValue])[];

/** Members in the document's order: an object of JavaScript puts names that look like numbers first. */
const ORDERED = new WeakMap<object, Entries>();

class OrderedEnvironment extends JSONPathEnvironment {
  override entries(object: { [name: string]: JSONValue }): [string, JSONValue][] {
    return (ORDERED.get(object) as [string, JSONValue][] | undefined) ?? Object.entries(object);
  }
}

const START = { offset: 0, line: 1, column: 1 };
/** An expression that cannot be read is no failure of the query's. */
const NOWHERE: Span = { start: START, end: START };

// More levels than parseJson() lets through.
const ENVIRONMENT = new OrderedEnvironment({ maxRecursionDepth: 1100 });

// The package's own run on JavaScript's expressions: with `(a|a)*b`, a text of forty letters takes longer than anybody
// waits. These take linear time, and a few more expressions than RFC 9485 has.
for (const name of ["match", "search"] as const) {
  const own = ENVIRONMENT.functionRegister.get(name);
  if (own === undefined) throw new TypeError(`Cannot replace ${name}(): there is none`);
  const { argTypes, returnType } = own;
  const call = (text: unknown, pattern: unknown): boolean => isMatch(text, pattern, name === "match");
  ENVIRONMENT.functionRegister.set(name, { argTypes, returnType, call });
}

/** RFC 9535, 2.4.6 and 2.4.7: what is no text, or no expression, does not match. */
function isMatch(text: unknown, pattern: unknown, whole: boolean): boolean {
  if (typeof text !== "string" || typeof pattern !== "string") return false;
  // A dot is anything but the ends of lines (RFC 9485, 5.3).
  const dots = pattern.replace(/\\.|\[(?:\\.|[^\]\\])*\]|\./gs, (part) =>
    part === "." ? "[^\\n\\r]" : part,
  );
  try {
    return compileRegex(whole ? `^(?:${dots})$` : dots, NOWHERE).matches(text);
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** A document is asked many times. */
const PLAIN = new WeakMap<Value, { readonly value: JSONValue }>();
const MEMBERS = new WeakMap<Value, ReadonlyMap<string, Value>>();

/**
 * What a JSONPath query (RFC 9535) finds in a document: nothing is undefined, one node is its value, several are a
 * list. So it is in Hurl since 8.0, whatever the form of the expression. Throws Failure `INVALID_JSONPATH` when the
 * expression is not valid.
 */
export function queryJson(document: Value, expression: string, source: Span): Value | undefined {
  const found: Value[] = [];
  try {
    const query: JSONPathQuery = ENVIRONMENT.compile(expression);
    // Not query(): it puts all nodes of a step on the stack at once.
    for (const node of query.lazyQuery(plainOf(document))) found.push(valueAt(document, node.location));
  } catch (error) {
    throw invalidJsonPath(expression, source, error);
  }
  return found.length > 1 ? { kind: "list", items: found } : found[0];
}

function invalidJsonPath(expression: string, source: Span, cause: unknown): Failure {
  const text = `JSONPath expression '${expression}' is not valid: ${reason(cause)}`;
  return new Failure("INVALID_JSONPATH", source, text, { cause });
}

function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith("can't backup")) return "it breaks off";
  // Behind the message stand a piece of the expression and a place in it.
  const at = /^(.*) \('.*':(\d+)\)$/s.exec(message);
  return at === null ? message : `${at[1]}, at column ${Number(at[2]) + 1}`;
}

function valueAt(document: Value, location: readonly Step[]): Value {
  return location.reduce<Value>((value, step) => {
    const child = typeof step === "number" ? itemAt(value, step) : membersOf(value).get(step);
    if (child === undefined) throw new RangeError(`there is nothing at ${JSON.stringify(location)}`);
    return child;
  }, document);
}

function itemAt(value: Value, index: number): Value | undefined {
  return value.kind === "list" ? value.items[index] : undefined;
}

function membersOf(value: Value): ReadonlyMap<string, Value> {
  const known = MEMBERS.get(value);
  if (known !== undefined) return known;
  const members = new Map(value.kind === "object" ? value.members : []);
  MEMBERS.set(value, members);
  return members;
}

function plainOf(document: Value): JSONValue {
  const known = PLAIN.get(document);
  if (known !== undefined) return known.value;
  const value = plain(document);
  PLAIN.set(document, { value });
  return value;
}

function plain(value: Value): JSONValue {
  switch (value.kind) {
    case "boolean":
    case "float":
    case "string":
      return value.value;
    case "integer":
      return Number(value.value);
    case "list":
      return value.items.map(plain);
    case "object": {
      const entries = value.members.map(([name, member]) => [name, plain(member)] as const);
      // Makes own properties of all names, "__proto__" included.
      const object = Object.fromEntries(entries);
      ORDERED.set(object, entries);
      return object;
    }
    case "date":
      return value.value.toISOString();
    case "null":
    case "bytes":
    case "nodeset":
    case "regex":
    case "response":
      return null;
  }
}
