// JSON Pointer (RFC 6901): the names on the way to a value in a JSON document.

// A tilde stands before 0 or 1, nowhere else.  RFC 6901, 3
const POINTER = /^(?:\/(?:[^/~]|~[01])*)*$/;

/** Takes a pointer apart: "/a~1b/0" is ["a/b", "0"], "" is the whole document, []. Undefined for a text that is none. */
export function parsePointer(text: string): readonly string[] | undefined {
  if (!POINTER.test(text)) return undefined;
  return text
    .split("/")
    .slice(1)
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Writes the names as a pointer. */
export function writePointer(names: readonly string[]): string {
  return names.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

const INDEX = /^(?:0|[1-9]\d*)$/;

/** The index in a list that a name stands for; undefined when it is none.  RFC 6901, 4 */
export function indexOf(name: string): number | undefined {
  return INDEX.test(name) ? Number(name) : undefined;
}
