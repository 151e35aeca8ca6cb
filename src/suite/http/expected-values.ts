// What stands after an assert's operator: a text, whose type is that of the value it is compared with.
import type { HurlSyntaxError } from "../hurl/errors.ts";
import type { Scanner } from "../hurl/scanner.ts";
import type { Filter, NullValue, NumberValue, Placeholder, PredicateValue, Template } from "../hurl/tree.ts";
import { onlyPlaceholder, plainText } from "./templates.ts";

const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** Whether a number stands here, or a variable that may be one. */
export function mayBeNumber(expected: Template): boolean {
  return onlyPlaceholder(expected) !== undefined || NUMBER.test(plainText(expected) ?? "");
}

/** Whether what is expected can be the text of a value that is no string. */
export function mayBeOther(expected: Template): boolean {
  const text = plainText(expected);
  return text === undefined || text === "true" || text === "false" || NUMBER.test(text);
}

/** A number, or a variable that `filter` makes one: else `PREDICATE_VALUE`. */
export function expectedNumber(
  expected: Template,
  filter: Filter,
  scanner: Scanner,
): NumberValue | Placeholder {
  const placeholder = onlyPlaceholder(expected);
  if (placeholder !== undefined) return { ...placeholder, filters: [filter] };
  const text = plainText(expected) ?? "";
  if (!NUMBER.test(text)) throw noValue(expected, scanner, "a number");
  return { kind: text.includes(".") ? "float" : "integer", text, source: expected.source };
}

/** A text that is not empty: else `PREDICATE_VALUE`. */
export function expectedText(expected: Template, scanner: Scanner): PredicateValue {
  if (expected.parts.length === 0) throw noValue(expected, scanner, "a value");
  return { kind: "string", value: expected, source: expected.source };
}

/** What a value of its own type only can equal, whatever the two look like as texts: null, 1.50, lists, objects. */
export function typedValue(
  expected: Template,
  ofText: boolean,
): NullValue | NumberValue | Placeholder | undefined {
  const { source } = expected;
  const text = plainText(expected);
  if (text === undefined) return undefined;
  if (!ofText && text === "null") return { kind: "null", source };
  if (!ofText && /^-?\d+\.\d+$/.test(text) && String(Number(text)) !== text)
    return { kind: "float", text, source };
  if (!/^[[{]/.test(text) || !isJson(text)) return undefined;
  const value = { kind: "function", name: "$json", arguments: [text], source } as const;
  return { kind: "placeholder", value, filters: [], source };
}

/** `PREDICATE_VALUE`, where `what` should stand. */
export function noValue(expected: Template, scanner: Scanner, what: string): HurlSyntaxError {
  return scanner.error("PREDICATE_VALUE", `expecting ${what}`, expected.source.start);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
