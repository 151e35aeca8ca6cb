// Dynamic variables, `{{$name arguments}}`: which there are, and what each may be told. It makes no values.
import type { HurlSyntaxError } from "../hurl/errors.ts";
import type { DynamicName, DynamicVariable, Span, Variable } from "../hurl/tree.ts";

/** Makes the error for what stands at the variable's place. */
export type Problem = (expected: string) => HurlSyntaxError;

const NUMBER = /^-?\d+(?:\.\d+)?$/;
const OFFSET_UNITS = ["y", "M", "w", "d", "h", "m", "s", "ms"];
const OFFSET = { form: /^-?\d+$/, units: OFFSET_UNITS };

type Rule = (given: readonly string[]) => boolean;

const none: Rule = (given) => given.length === 0;
const range: Rule = (given) =>
  given.length === 0 || (given.length === 2 && given.every((one) => NUMBER.test(one)));
const length: Rule = (given) => given.length <= 1 && given.every((one) => /^\d{1,4}$/.test(one));
const oneName: Rule = (given) => given.length === 1 && !given[0]?.startsWith("%");
const date: Rule = ([format = "", ...offset]) =>
  (format === "rfc1123" || format === "iso8601" || /^(["']).*\1$/.test(format)) && isOffset(offset);

const RULES: ReadonlyMap<string, readonly [rule: Rule, usage: string]> = new Map([
  ["$datetime", [date, `{{$datetime iso8601}}, rfc1123 or "YYYY-MM-DD", and perhaps an offset such as 1 d`]],
  ["$dotenv", [oneName, "{{$dotenv NAME}}"]],
  ["$guid", [none, "{{$guid}}"]],
  ["$isoTimestamp", [none, "{{$isoTimestamp}}"]],
  [
    "$localDatetime",
    [date, `{{$localDatetime iso8601}}, rfc1123 or "YYYY-MM-DD", and perhaps an offset such as 1 d`],
  ],
  ["$processEnv", [oneName, "{{$processEnv NAME}}"]],
  ["$random.alphabetic", [length, "{{$random.alphabetic(10)}}"]],
  ["$random.alphanumeric", [length, "{{$random.alphanumeric(10)}}"]],
  ["$random.email", [none, "{{$random.email}}"]],
  ["$random.float", [range, "{{$random.float(0.5, 2)}}"]],
  ["$random.hexadecimal", [length, "{{$random.hexadecimal(10)}}"]],
  ["$random.integer", [range, "{{$random.integer(1, 7)}}"]],
  ["$random.uuid", [none, "{{$random.uuid}}"]],
  ["$randomInt", [range, "{{$randomInt 1 7}}"]],
  ["$timestamp", [isOffset, "{{$timestamp}}, and perhaps an offset such as -3 h"]],
  ["$uuid", [none, "{{$uuid}}"]],
]);

/** The variable that `text`, which begins with "$", stands for: else `FUNCTION`. */
export function dynamicVariable(text: string, source: Span, problem: Problem): DynamicVariable | Variable {
  const { name, given } = split(text);
  // A variable of all environments; there is one environment here.
  const [shared] = given;
  if (name === "$shared" && shared !== undefined) return { kind: "variable", name: shared, source };
  const known = RULES.get(name);
  if (known === undefined) {
    throw problem(`the variable ${name} is not known here. Give a value with --variable and use its name`);
  }
  const [allows, usage] = known;
  if (!allows(given)) throw problem(`the variable ${name} is written ${usage}`);
  return { kind: "function", name: name as DynamicName, arguments: given, source };
}

/** `$name one two`, `$name(one, two)`, and `$env.NAME` for a variable of the process. */
function split(text: string): { readonly name: string; readonly given: readonly string[] } {
  const ofProcess = /^\$env\.(\S+)$/.exec(text)?.[1];
  if (ofProcess !== undefined) return { name: "$processEnv", given: [ofProcess] };
  const [, name = text, rest = ""] = /^(\$[\w.]*)(.*)$/su.exec(text) ?? [];
  const called = /^\s*\((.*)\)$/s.exec(rest)?.[1];
  const words = called === undefined ? rest : called.replaceAll(",", " ");
  return { name, given: words.match(/"[^"]*"|'[^']*'|\S+/g) ?? [] };
}

function isOffset([amount, unit, ...more]: readonly string[]): boolean {
  if (amount === undefined) return true;
  return OFFSET.form.test(amount) && unit !== undefined && OFFSET.units.includes(unit) && more.length === 0;
}
