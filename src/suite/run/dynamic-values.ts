// The values of the dynamic variables of `.http` files: chance, the time, the environment. Which there are and how
// they are written is the grammar's matter.

import { randomInt, randomUUID } from "node:crypto";
import { Failure } from "../failure.ts";
import type { DynamicVariable, Span } from "../hurl/tree.ts";
import { parseJson } from "../values/json.ts";
import type { Value } from "../values/value.ts";
import { formatDate, localTime, movedDate } from "./dynamic-dates.ts";

export interface Surroundings {
  readonly now: Date;
  /** Variables of the process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The text of the file `.env`. Throws Failure. */
  readonly dotenv: () => string;
}

const SMALL_LETTERS = "abcdefghijklmnopqrstuvwxyz";
const LETTERS = SMALL_LETTERS + SMALL_LETTERS.toUpperCase();
const DIGITS = "0123456789";
const DEFAULT_LENGTH = 10;

/** What a dynamic variable stands for now. Failures: TEMPLATE_VARIABLE for a name that is not defined, INVALID_VALUE. */
export function dynamicValue(call: DynamicVariable, surroundings: Surroundings): Value {
  const { arguments: given } = call;
  const { now, environment } = surroundings;
  const [first = ""] = given;
  switch (call.name) {
    case "$guid":
    case "$uuid":
    case "$random.uuid":
      return string(randomUUID());
    case "$isoTimestamp":
      return string(now.toISOString());
    case "$timestamp": {
      const seconds = Math.floor(movedDate(now, given).getTime() / 1000);
      return { kind: "integer", value: BigInt(seconds) };
    }
    case "$datetime":
      return string(formatDate(first, { date: movedDate(now, given.slice(1)), offset: 0 }));
    case "$localDatetime":
      return string(formatDate(first, localTime(movedDate(now, given.slice(1)))));
    case "$randomInt":
    case "$random.integer":
      return { kind: "integer", value: BigInt(Math.floor(randomNumber(call))) };
    case "$random.float":
      return { kind: "float", value: randomNumber(call) };
    case "$random.alphabetic":
      return string(randomText(LETTERS, first));
    case "$random.alphanumeric":
      return string(randomText(`${LETTERS}${DIGITS}_`, first));
    case "$random.hexadecimal":
      return string(randomText(`${DIGITS}abcdef`, first));
    case "$random.email":
      // A domain that nobody has.  RFC 2606, 3
      return string(`${randomText(SMALL_LETTERS, "")}@example.com`);
    case "$processEnv":
      return defined(environment[first], call, `you must set the environment variable ${first}`);
    case "$dotenv":
      return defined(readDotenv(surroundings.dotenv()).get(first), call, `you must set ${first} in .env`);
    case "$json":
      return jsonValue(call, first);
  }
}

/** The names and values in a file of `NAME=value` lines; quotes around a value, and comments, are not part of it. */
export function readDotenv(text: string): ReadonlyMap<string, string> {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const pairs = lines.flatMap((line) => {
    const [, name, written = ""] = /^\s*(?:export\s+)?([^\s=#]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, unquoted(written)] as const];
  });
  return new Map(pairs);
}

function jsonValue({ source }: DynamicVariable, text: string): Value {
  try {
    return parseJson(text);
  } catch (cause) {
    throw noJson(source, text, cause);
  }
}

function noJson(source: Span, text: string, cause: unknown): Failure {
  return new Failure("INVALID_JSON", source, `actual value is <${text}>`, { cause });
}

function unquoted(written: string): string {
  const [, , content] = /^(["'])(.*)\1\s*(?:#.*)?$/.exec(written) ?? [];
  return content ?? written.replace(/(?:^|\s+)#.*$/, "");
}

function defined(value: string | undefined, call: DynamicVariable, problem: string): Value {
  if (value === undefined) throw new Failure("TEMPLATE_VARIABLE", call.source, problem);
  return string(value);
}

/** A number from the first to below the second, which are 0 and 1,000 where none are given. */
function randomNumber({ arguments: given, source }: DynamicVariable): number {
  const [from, to] = [Number(given[0] ?? 0), Number(given[1] ?? 1000)];
  if (!(from < to)) throw new Failure("INVALID_VALUE", source, `no number is from ${from} to below ${to}`);
  return from + Math.random() * (to - from);
}

function randomText(characters: string, length: string): string {
  const count = length === "" ? DEFAULT_LENGTH : Number(length);
  return Array.from({ length: count }, () => characters.charAt(randomInt(characters.length))).join("");
}

function string(value: string): Value {
  return { kind: "string", value };
}
