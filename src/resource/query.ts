// The parameters of a query. A name that nobody knows is refused: a typo in "prefix" must not silently give
// everything, and a "?" that belongs to a key must not silently end it.

import { Problem } from "../message/problem.ts";

export type Parameters = ReadonlyMap<string, string>;

const NONE: Parameters = new Map();

/**
 * Reads a query into its parameters, each at most once. Throws a Problem, 400, for an unknown name, a repeated one and
 * an escape that is broken or no UTF-8.
 */
export function parametersOf(query: string | undefined, known: readonly string[]): Parameters {
  if (query === undefined || query === "") return NONE;
  const parameters = new Map<string, string>();
  for (const part of query.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = decoded(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? "" : decoded(part.slice(equals + 1));
    if (!known.includes(name)) throw refused(`Cannot use the parameter ${JSON.stringify(name)}`, known);
    if (parameters.has(name)) throw refused(`Cannot take ${name} twice`, known);
    parameters.set(name, value);
  }
  return parameters;
}

/** Tells whether a query has a parameter, before it is known which others may stand beside it. */
export function asksFor(name: string, query: string | undefined): boolean {
  if (query === undefined) return false;
  return query.split("&").some((part) => part === name || part.startsWith(`${name}=`));
}

/** Reads a whole number. Throws a Problem, 400, for one that is out of bounds, and for any other text. */
export function numberIn(
  parameters: Parameters,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const text = parameters.get(name);
  if (text === undefined) return undefined;
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new Problem(400, {
    detail: `Cannot use ${name}=${shortened(text)}: it is a whole number from ${least} to ${most}`,
  });
}

// A form writes a space as "+".
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (error) {
    throw new Problem(400, {
      detail: `Cannot read the query at ${JSON.stringify(shortened(text))}: an escape is "%" and two hexadecimal digits, and escapes spell UTF-8`,
      cause: error,
    });
  }
}

function refused(what: string, known: readonly string[]): Problem {
  const there =
    known.length === 0 ? 'no parameters here. A "?" in a key is written %3F' : `${known.join(", ")} here`;
  return new Problem(400, { detail: `${what}: there ${known.length === 1 ? "is" : "are"} ${there}` });
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
