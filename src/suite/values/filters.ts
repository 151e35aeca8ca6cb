// Filters: each makes another value of a value, and they are applied one after the other. What the filters do, the
// files beside this one know by their subjects.

import { Failure } from "../failure.ts";
import type { Filter, PlainFilterName, RegexLiteral, StringFilterName, Template } from "../hurl/tree.ts";
import { countValue, firstItem, lastItem, nthItem } from "./collection-filters.ts";
import { daysAfterNow, daysBeforeNow, readDate, writeDate } from "./date-filters.ts";
import { queryJsonText, queryMarkupText } from "./document-filters.ts";
import {
  decodeBase64,
  decodeBase64Url,
  decodeText,
  decodeUtf8,
  encodeBase64,
  encodeBase64Url,
  encodeUtf8,
  toHex,
} from "./encoding-filters.ts";
import {
  type FilterCall,
  inputText,
  type PlainFilter,
  type StringFilter,
  stringValue,
} from "./filter-call.ts";
import { toFloat, toInt, toText } from "./number-filters.ts";
import { compileRegex, type Regex } from "./regex.ts";
import { htmlEscape, htmlUnescape, replaceText, split } from "./text-filters.ts";
import { location, urlDecode, urlEncode, urlQueryParam } from "./url-filters.ts";
import type { Evaluation, Value } from "./value.ts";

const PLAIN: { readonly [name in PlainFilterName]: PlainFilter } = {
  base64Decode: decodeBase64,
  base64Encode: encodeBase64,
  base64UrlSafeDecode: decodeBase64Url,
  base64UrlSafeEncode: encodeBase64Url,
  count: countValue,
  daysAfterNow,
  daysBeforeNow,
  first: firstItem,
  htmlEscape,
  htmlUnescape,
  last: lastItem,
  location,
  toFloat,
  toHex,
  toInt,
  toString: toText,
  urlDecode,
  urlEncode,
  utf8Decode: decodeUtf8,
  utf8Encode: encodeUtf8,
};

const WITH_STRING: { readonly [name in StringFilterName]: StringFilter } = {
  charsetDecode: decodeText,
  dateFormat: writeDate,
  decode: decodeText,
  format: writeDate,
  jsonpath: queryJsonText,
  split,
  toDate: readDate,
  urlQueryParam,
  xpath: queryMarkupText,
};

/**
 * Applies filters in their order; undefined when the last one finds nothing. Throws Failure at the filter in question:
 * FILTER when there is no value for it, FILTER_INPUT when it does not take the value, else what it says itself
 * (FILTER_DATE, FILTER_DECODE, INVALID_JSONPATH, INVALID_REGEX, INVALID_URL, INVALID_XPATH) and what evaluating its
 * arguments throws. Within an assert it is the assert that fails.
 */
export function applyFilters(
  value: Value | undefined,
  filters: readonly Filter[],
  evaluation: Evaluation,
  within: "assert" | "capture" | "template",
): Value | undefined {
  try {
    return filters.reduce((input, filter) => applyFilter(input, filter, evaluation), value);
  } catch (error) {
    if (within === "assert" && error instanceof Failure) throw error.asAssert();
    throw error;
  }
}

function applyFilter(value: Value | undefined, filter: Filter, evaluation: Evaluation): Value | undefined {
  const { source } = filter;
  if (value === undefined) throw new Failure("FILTER", source, "missing value to apply filter");
  const call: FilterCall = { source, evaluation };
  switch (filter.kind) {
    case "nth":
      return nthItem(value, filter.index, call);
    case "regex": {
      const found = compiled(filter.pattern, evaluation).capture(inputText(value, call));
      return found === undefined ? undefined : stringValue(found);
    }
    case "replace":
      return stringValue(
        replaceText(inputText(value, call), evaluation.text(filter.old), evaluation.text(filter.by)),
      );
    case "replaceRegex": {
      const text = inputText(value, call);
      const regex = compiled(filter.pattern, evaluation);
      return stringValue(regex.replaceAll(text, evaluation.text(filter.by)));
    }
    default:
      if (!("argument" in filter)) return PLAIN[filter.kind](value, call);
      return WITH_STRING[filter.kind](value, evaluation.text(filter.argument), {
        ...call,
        argumentSource: filter.argument.source,
      });
  }
}

function compiled(pattern: Template | RegexLiteral, evaluation: Evaluation): Regex {
  const text = "pattern" in pattern ? pattern.pattern : evaluation.text(pattern);
  return compileRegex(text, pattern.source);
}
