// The grammar of WWW-Authenticate and Proxy-Authenticate: RFC 9110, 11.6.1. Knows no scheme.

/** What a server asks for, in one of the ways it knows. */
export interface Challenge {
  /** Lower case. */
  readonly scheme: string;
  /** What stands in the place of parameters, as Negotiate has it. */
  readonly token68: string | undefined;
  /** By name in lower case; values without their quotes. The first of two equal names counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const QUOTED = '"((?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t\\x20-\\x7e\\x80-\\xff])*)"';
const END = "[ \\t]*(?=,|$)";
// A comma separates parameters as well as challenges, and may stand alone.  RFC 9110, 5.6.1.2
const SEPARATORS = /[ \t,]*/y;
const PARAMETER = new RegExp(`(${TOKEN})[ \\t]*=[ \\t]*(?:(${TOKEN})|${QUOTED})${END}`, "y");
const SCHEME = new RegExp(`(${TOKEN})(?: +|[ \\t]*(?=,|$))`, "y");
const TOKEN68 = new RegExp(`([A-Za-z0-9\\-._~+/]+=*)${END}`, "y");

/**
 * Reads the challenges of a field value, several lines joined by a comma included, in the server's order. Undefined
 * when it is none.  RFC 9110, 11.3 and 11.6.1
 */
export function parseChallenges(value: string): Challenge[] | undefined {
  const challenges: Challenge[] = [];
  let parameters: Map<string, string> | undefined;
  let at = skip(value, 0);
  while (at < value.length) {
    // What can be a parameter is one: a scheme is followed by a space, never by "=".
    const parameter = match(PARAMETER, value, at);
    if (parameter !== null) {
      if (parameters === undefined) return undefined;
      const name = (parameter[1] as string).toLowerCase();
      const text = parameter[2] ?? parameter[3]?.replace(/\\(.)/g, "$1") ?? "";
      if (!parameters.has(name)) parameters.set(name, text);
      at = skip(value, PARAMETER.lastIndex);
      continue;
    }
    const scheme = match(SCHEME, value, at)?.[1];
    if (scheme === undefined) return undefined;
    at = SCHEME.lastIndex;
    let token68: string | undefined;
    if (match(PARAMETER, value, at) === null) {
      token68 = match(TOKEN68, value, at)?.[1];
      if (token68 !== undefined) at = TOKEN68.lastIndex;
      // Neither parameters nor anything else that may follow a scheme.
      else if (at < value.length && value[at] !== ",") return undefined;
    }
    parameters = new Map();
    challenges.push({ scheme: scheme.toLowerCase(), token68, parameters });
    at = skip(value, at);
  }
  return challenges.length === 0 ? undefined : challenges;
}

function match(pattern: RegExp, value: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(value);
}

function skip(value: string, at: number): number {
  match(SEPARATORS, value, at);
  return SEPARATORS.lastIndex;
}
