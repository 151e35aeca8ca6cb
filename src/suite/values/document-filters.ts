// Filters that look into a text as into a document.

import { Failure } from "../failure.ts";
import { inputText, type StringFilterCall, unfitInput } from "./filter-call.ts";
import { parseJson } from "./json.ts";
import { queryJson } from "./jsonpath.ts";
import type { Value } from "./value.ts";
import { type MarkupDocument, parseMarkup, queryMarkup } from "./xpath.ts";

export function queryJsonText(value: Value, expression: string, call: StringFilterCall): Value | undefined {
  return queryJson(jsonIn(value, call), expression, call.argumentSource);
}

/** A text that begins with an XML declaration is XML, every other one HTML. */
export function queryMarkupText(value: Value, expression: string, call: StringFilterCall): Value | undefined {
  return queryMarkup(markupIn(value, call), expression, call.argumentSource);
}

function jsonIn(value: Value, call: StringFilterCall): Value {
  try {
    return parseJson(inputText(value, call));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unfitInput("value is not a valid JSON", call, error);
  }
}

function markupIn(value: Value, call: StringFilterCall): MarkupDocument {
  const text = inputText(value, call);
  try {
    return parseMarkup(text, /^\uFEFF?\s*<\?xml\s/.test(text) ? "xml" : "html", call.source);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "INVALID_XML") throw error;
    throw unfitInput("value is not a valid XML", call, error);
  }
}
