// Members of JSON objects, own ones only: "__proto__", "constructor" and "toString" are names like any other, and
// what every object inherits is no member of it.

export interface JsonObject {
  readonly [name: string]: unknown;
}

/** Whether a value of JSON.parse() is an object: neither a list nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The member of that name; undefined when there is none. */
export function memberOf(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Sets a member in place. A plain assignment of "__proto__" would set the prototype. */
export function setMember(object: JsonObject, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    (object as { [name: string]: unknown })[name] = value;
  }
}

/** Removes a member in place. */
export function removeMember(object: JsonObject, name: string): void {
  delete (object as { [name: string]: unknown })[name];
}

/** What kind of value it is, as a person says it: "a list". */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "a text";
    case "number":
      return "a number";
    case "boolean":
      return String(value);
    default:
      return "an object";
  }
}

/** Whether a number in it is too large for a double: JSON.parse() makes infinity of it, and JSON.stringify() null of that. */
export function hasInfinity(value: unknown): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasInfinity);
}

/** How deep objects and lists stand within each other, counted no further than one beyond `limit`. */
export function depthOf(value: unknown, limit: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (limit <= 0) return 1;
  let deepest = 0;
  for (const inner of Object.values(value)) {
    const depth = depthOf(inner, limit - 1);
    if (depth > deepest) deepest = depth;
    if (deepest >= limit) break;
  }
  return deepest + 1;
}
