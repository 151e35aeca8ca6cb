// JSON Patch (RFC 6902): a list of operations on a JSON document, applied in order, all or none. Conflicts with
// what is there are told apart from faults of the patch itself, as RFC 5789, 2.2 has it.

import { Problem } from "../../message/problem.ts";
import {
  depthOf,
  isJsonObject,
  type JsonObject,
  kindOf,
  memberOf,
  removeMember,
  setMember,
} from "./members.ts";
import { indexOf, parsePointer, writePointer } from "./pointer.ts";

type Path = readonly string[];

type Operation =
  | { readonly op: "add" | "replace" | "test"; readonly path: Path; readonly value: unknown }
  | { readonly op: "remove"; readonly path: Path }
  | { readonly op: "move" | "copy"; readonly path: Path; readonly from: Path };

/** A patch that has been read and found well-formed. */
export type JsonPatch = readonly Operation[];

export interface PatchLimits {
  /** Values, each member and item counted, that all copies of a patch may make: "copy" could double a document again and again. */
  readonly maxCopied: number;
  /** Objects and lists within each other in what is copied. */
  readonly maxDepth: number;
}

/** Operations of one patch. Removing the first of a long list moves all others, so that many of them take long. */
const MAX_OPERATIONS = 10_000;

/** Reads a patch out of its JSON. Throws a Problem: 400 for one that is malformed, 422 for one of more than 10,000 operations. */
export function readJsonPatch(document: unknown): JsonPatch {
  if (!Array.isArray(document)) {
    throw new Problem(400, {
      detail: `Cannot read the patch: a JSON Patch is a list of operations, and this is ${kindOf(document)}`,
    });
  }
  if (document.length > MAX_OPERATIONS) {
    throw new Problem(422, {
      detail: `Cannot apply ${document.length} operations at once: a patch has ${MAX_OPERATIONS} at most`,
    });
  }
  return document.map(readOperation);
}

function readOperation(value: unknown, index: number): Operation {
  const malformed = (why: string): Problem =>
    new Problem(400, {
      detail: `Cannot read operation ${index} of the patch: ${why}`,
      members: { operation: index },
    });
  if (!isJsonObject(value)) throw malformed(`it is ${kindOf(value)}, and has to be an object`);
  const pointer = (member: "path" | "from"): Path => {
    const text = memberOf(value, member);
    const path = typeof text === "string" ? parsePointer(text) : undefined;
    if (path !== undefined) return path;
    throw malformed(
      text === undefined
        ? `it has no "${member}"`
        : `its "${member}" is no JSON Pointer: that is "", or begins with a slash, and "~" is written "~0"`,
    );
  };
  const op = memberOf(value, "op");
  switch (op) {
    case "add":
    case "replace":
    case "test":
      if (!Object.hasOwn(value, "value")) throw malformed('it has no "value"');
      return { op, path: pointer("path"), value: memberOf(value, "value") };
    case "remove":
      return { op, path: pointer("path") };
    case "copy":
      return { op, path: pointer("path"), from: pointer("from") };
    case "move": {
      const path = pointer("path");
      const from = pointer("from");
      if (from.length < path.length && from.every((name, at) => name === path[at])) {
        throw malformed("it moves a value into itself");
      }
      return { op, path, from };
    }
    default:
      throw malformed('its "op" has to be "add", "remove", "replace", "move", "copy" or "test"');
  }
}

/**
 * Applies a patch to a document, which is changed in place, also when it fails half-way; gives the result. The patch
 * stays as it is. Throws a Problem: 409 for a path that is not there and for a test that fails, with the
 * members `operation` (from 0) and `path`; 422 for copies beyond the limits.
 */
export function applyJsonPatch(document: unknown, patch: JsonPatch, limits: PatchLimits): unknown {
  const work = new Work(document, limits);
  patch.forEach((operation, index) => {
    try {
      work.apply(operation);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Problem(error.status, {
        detail: `Cannot apply operation ${index} of the patch, ${operation.op}: ${error.message}`,
        members: { operation: index, path: writePointer(operation.path) },
        cause: error,
      });
    }
  });
  return work.root;
}

class Refusal extends Error {
  readonly status: number;

  constructor(message: string, status = 409) {
    super(message);
    this.status = status;
  }
}

class Work {
  root: unknown;
  readonly #maxDepth: number;
  #copiesLeft: number;

  constructor(root: unknown, limits: PatchLimits) {
    this.root = root;
    this.#maxDepth = limits.maxDepth;
    this.#copiesLeft = limits.maxCopied;
  }

  apply(operation: Operation): void {
    switch (operation.op) {
      case "add":
        this.#add(operation.path, clone(operation.value));
        break;
      case "replace":
        this.#require(operation.path);
        this.#replace(operation.path, clone(operation.value));
        break;
      case "test":
        if (equal(this.#require(operation.path), operation.value)) break;
        throw new Refusal(`the value at ${shown(operation.path)} is another one`);
      case "remove":
        this.#require(operation.path);
        this.#remove(operation.path);
        break;
      case "copy":
        this.#add(operation.path, this.#copyOf(this.#require(operation.from)));
        break;
      case "move": {
        const value = this.#require(operation.from);
        this.#remove(operation.from);
        this.#add(operation.path, value);
      }
    }
  }

  /** The value at a path. */
  #require(path: Path): unknown {
    let value = this.root;
    for (const name of path) {
      value = childOf(value, name);
      if (value === undefined) throw new Refusal(`there is nothing at ${shown(path)}`);
    }
    return value;
  }

  #add(path: Path, value: unknown): void {
    const name = path.at(-1);
    if (name === undefined) {
      this.root = value;
      return;
    }
    const parent = this.#require(path.slice(0, -1));
    if (isJsonObject(parent)) setMember(parent, name, value);
    else if (Array.isArray(parent)) parent.splice(placeIn(parent, name), 0, value);
    else throw new Refusal(`${shown(path.slice(0, -1))} is ${kindOf(parent)}, which nothing can be added to`);
  }

  /** `path` is there. */
  #replace(path: Path, value: unknown): void {
    const name = path.at(-1);
    if (name === undefined) {
      this.root = value;
      return;
    }
    const parent = this.#require(path.slice(0, -1));
    if (Array.isArray(parent)) parent[Number(name)] = value;
    else setMember(parent as JsonObject, name, value);
  }

  /** `path` is there. */
  #remove(path: Path): void {
    const name = path.at(-1);
    if (name === undefined) {
      this.root = null;
      return;
    }
    const parent = this.#require(path.slice(0, -1));
    if (Array.isArray(parent)) parent.splice(Number(name), 1);
    else removeMember(parent as JsonObject, name);
  }

  #copyOf(value: unknown): unknown {
    if (depthOf(value, this.#maxDepth) > this.#maxDepth) {
      throw new Refusal(`what it copies is nested deeper than ${this.#maxDepth} levels`, 422);
    }
    return clone(value, () => {
      this.#copiesLeft -= 1;
      if (this.#copiesLeft < 0) throw new Refusal("the patch copies too much", 422);
    });
  }
}

function childOf(parent: unknown, name: string): unknown {
  if (isJsonObject(parent)) return memberOf(parent, name);
  if (!Array.isArray(parent)) return undefined;
  const index = indexOf(name);
  return index === undefined ? undefined : parent[index];
}

/** Where in a list an item is to be put. */
function placeIn(list: readonly unknown[], name: string): number {
  const index = name === "-" ? list.length : indexOf(name);
  if (index !== undefined && index <= list.length) return index;
  throw new Refusal(`${JSON.stringify(name)} is no place in a list of ${list.length}`);
}

// What is changed later must change in one place only.
function clone(value: unknown, count?: () => void): unknown {
  count?.();
  if (Array.isArray(value)) return value.map((item) => clone(item, count));
  if (!isJsonObject(value)) return value;
  const copy: JsonObject = {};
  for (const [name, member] of Object.entries(value)) setMember(copy, name, clone(member, count));
  return copy;
}

/** RFC 6902, 4.6: the order of members does not matter, that of items does. */
function equal(one: unknown, other: unknown): boolean {
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, index) => equal(item, other[index]))
    );
  }
  if (!isJsonObject(one) || !isJsonObject(other)) return one === other;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && equal(one[name], other[name]))
  );
}

function shown(path: Path): string {
  return path.length === 0 ? "the top" : JSON.stringify(writePointer(path));
}
