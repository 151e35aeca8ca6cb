// Variables from outside a test file, written as `name=value`, and files of such lines. Values are typed as those
// of `variable:` in an [Options] section are. Knows neither options nor the environment.

import { isAlphanumeric, isDigit, isNamePart } from "../hurl/literals.ts";
import type { Value } from "../values/value.ts";

export type VariableErrorCode =
  | "VARIABLE_NAME_INVALID"
  | "VARIABLE_NAME_RESERVED"
  | "VARIABLE_REPEATED"
  | "VARIABLE_UNTERMINATED"
  | "VARIABLE_WITHOUT_VALUE";

/** A definition that cannot be read; `line`, from 1, when it stands in a file. */
export class VariableError extends Error {
  override readonly name = "VariableError";
  readonly code: VariableErrorCode;
  readonly line: number | undefined;

  constructor(code: VariableErrorCode, problem: string, line: number | undefined) {
    super(line === undefined ? problem : `${problem} (line ${line})`);
    this.code = code;
    this.line = line;
  }
}

const FUNCTIONS: readonly string[] = ["getEnv", "newDate", "newUuid"];

/**
 * Reads `name=value`. With `inferTypes`, null, true, false, integers and decimal fractions are such values, and
 * quotes make a string of anything; without, as for secrets, the text is the value. Throws VariableError.
 */
export function parseVariable(text: string, inferTypes: boolean = true): readonly [string, Value] {
  return definition(text, inferTypes, undefined);
}

/**
 * Reads lines of `name=value`, as parseVariable() does; blank lines and those that begin with "#" say nothing.
 * Throws VariableError with the line, also for a name that comes twice.
 */
export function parseVariablesFile(content: string, inferTypes: boolean = true): ReadonlyMap<string, Value> {
  const variables = new Map<string, Value>();
  const lines = content.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  for (const [index, line] of lines.entries()) {
    const text = line.trim();
    if (text === "" || text.startsWith("#")) continue;
    const [name, value] = definition(text, inferTypes, index + 1);
    if (variables.has(name)) {
      const problem = `Cannot define the variable ${name} twice: leave one of the lines out`;
      throw new VariableError("VARIABLE_REPEATED", problem, index + 1);
    }
    variables.set(name, value);
  }
  return variables;
}

type Line = number | undefined;

function definition(text: string, inferTypes: boolean, line: Line): readonly [string, Value] {
  const equals = text.indexOf("=");
  if (equals === -1) {
    // The text may be a secret that lacks its name.
    const problem = 'Cannot define a variable without "=": write name=value';
    throw new VariableError("VARIABLE_WITHOUT_VALUE", problem, line);
  }
  const name = text.slice(0, equals);
  const value = text.slice(equals + 1);
  requireName(name, line);
  return [name, inferTypes ? inferred(name, value, line) : { kind: "string", value }];
}

function requireName(name: string, line: Line): void {
  const [first = "", ...rest] = name;
  if (!isAlphanumeric(first) || isDigit(first) || !rest.every(isNamePart)) {
    const rule = 'a name begins with a letter and goes on with letters, digits, "_" and "-"';
    const problem = `Cannot use ${JSON.stringify(name)} as a variable's name: ${rule}`;
    throw new VariableError("VARIABLE_NAME_INVALID", problem, line);
  }
  if (FUNCTIONS.includes(name)) {
    const problem = `Cannot define the variable ${name}: a function has that name. Use a different one`;
    throw new VariableError("VARIABLE_NAME_RESERVED", problem, line);
  }
}

function inferred(name: string, text: string, line: Line): Value {
  if (text === "null") return { kind: "null" };
  if (text === "true" || text === "false") return { kind: "boolean", value: text === "true" };
  if (/^-?[0-9]+$/.test(text)) return { kind: "integer", value: BigInt(text) };
  if (/^-?[0-9]+\.[0-9]+$/.test(text)) return { kind: "float", value: Number(text) };
  if (!text.startsWith('"')) return { kind: "string", value: text };
  if (text.length > 1 && text.endsWith('"')) return { kind: "string", value: text.slice(1, -1) };
  const problem = `Cannot define the variable ${name}: its value begins with a quote, and does not end with one`;
  throw new VariableError("VARIABLE_UNTERMINATED", problem, line);
}
