// Paths such as `items[0].id` as JSONPath (RFC 9535). Knows no documents.

const STEP = /\.?([^.[\]]+)|\[\s*(?:(-?\d+)|"([^"]*)"|'([^']*)')\s*\]/gy;
// The names that may stand after a dot (RFC 9535, 2.5.1.1).
const SHORT_NAME = /^[A-Za-z_\u{80}-\u{10ffff}][A-Za-z0-9_\u{80}-\u{10ffff}]*$/u;

/** The JSONPath for a path of names and indexes; what begins with "$" is one, and what is no path stays itself. */
export function jsonPathOf(path: string): string {
  if (path.startsWith("$")) return path;
  let steps = "$";
  STEP.lastIndex = 0;
  for (let at = 0; at < path.length; at = STEP.lastIndex) {
    const step = STEP.exec(path);
    if (step === null) return path.startsWith("[") ? `$${path}` : `$.${path}`;
    const [, name, index, quoted, quotedOnce] = step;
    steps += index === undefined ? nameStep(name ?? quoted ?? quotedOnce ?? "") : `[${index}]`;
  }
  return steps;
}

function nameStep(name: string): string {
  if (SHORT_NAME.test(name)) return `.${name}`;
  return `['${name.replace(/[\\']/g, "\\$&")}']`;
}

/**
 * A JSONPath that finds something when, and only when, what `path` finds is there and is neither false, null, 0 nor
 * "": what JavaScript takes for true. It asks the root's children a question about the root.
 */
export function truthOf(path: string): string {
  const unlike = ["false", "null", "0", "''"].map((value) => `${path} != ${value}`);
  return `$[?${[path, ...unlike].join(" && ")}]`;
}
