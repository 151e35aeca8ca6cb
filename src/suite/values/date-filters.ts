// Filters that make dates of texts, texts of dates, and count days.

import { Failure } from "../failure.ts";
import {
  type FilterCall,
  inputDate,
  inputText,
  integerValue,
  type StringFilterCall,
  stringValue,
} from "./filter-call.ts";
import { parseDateFormat } from "./strftime.ts";
import { parseDate } from "./strftime-reading.ts";
import { formatDate } from "./strftime-writing.ts";
import type { Value } from "./value.ts";

const DAY = 86_400_000;

/** Whole days until a date; below 0 once it is over. */
export function daysAfterNow(value: Value, call: FilterCall): Value {
  return days(inputDate(value, call).getTime() - call.evaluation.now().getTime());
}

/** Whole days since a date; below 0 as long as it is to come. */
export function daysBeforeNow(value: Value, call: FilterCall): Value {
  return days(call.evaluation.now().getTime() - inputDate(value, call).getTime());
}

export function readDate(value: Value, format: string, call: StringFilterCall): Value {
  const text = inputText(value, call);
  const date = parseDate(text, format);
  if (date !== undefined) return { kind: "date", value: date };
  const why =
    parseDateFormat(format) === undefined
      ? unsupported(format)
      : `value <${text}> could not be parsed with <${format}> format`;
  throw new Failure("FILTER_DATE", call.source, why);
}

export function writeDate(value: Value, format: string, call: StringFilterCall): Value {
  const text = formatDate(inputDate(value, call), format);
  if (text === undefined) throw new Failure("FILTER_DATE", call.source, unsupported(format));
  return stringValue(text);
}

function unsupported(format: string): string {
  return `date format <${format}> is not supported`;
}

function days(milliseconds: number): Value {
  return integerValue(Math.trunc(milliseconds / DAY));
}
