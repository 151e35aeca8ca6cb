// Filters that make texts of texts.

import { type FilterCall, inputText, type StringFilterCall, stringValue } from "./filter-call.ts";
import { escapeHtml, unescapeHtml } from "./html-references.ts";
import type { Value } from "./value.ts";

export function htmlEscape(value: Value, call: FilterCall): Value {
  return stringValue(escapeHtml(inputText(value, call)));
}

export function htmlUnescape(value: Value, call: FilterCall): Value {
  return stringValue(unescapeHtml(inputText(value, call)));
}

/** The pieces between the delimiters; an empty delimiter stands around every character. */
export function split(value: Value, delimiter: string, call: StringFilterCall): Value {
  const pieces = piecesOf(inputText(value, call), delimiter);
  return { kind: "list", items: pieces.map(stringValue) };
}

/** Puts `by` in the place of every `old`; an empty `old` stands around every character. */
export function replaceText(text: string, old: string, by: string): string {
  return piecesOf(text, old).join(by);
}

function piecesOf(text: string, delimiter: string): string[] {
  // split("") would cut characters beyond U+FFFF in two.
  return delimiter === "" ? ["", ...text, ""] : text.split(delimiter);
}
