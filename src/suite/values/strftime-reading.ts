// Text to dates, by the formats of strftime.ts. What a text says twice has to be said alike.

import { dayAt, dayOfIsoWeek, dayOfWeek } from "./calendar.ts";
import {
  type DateItem,
  MONTHS,
  type NumberField,
  type OffsetForm,
  parseDateFormat,
  WEEKDAYS,
} from "./strftime.ts";
import { dateField } from "./strftime-writing.ts";

/** What was read so far: fields by their names, and the offset in milliseconds. */
type Fields = Map<NumberField | "offset", number>;

/**
 * Reads a text that has the form of `format`, to the millisecond. Without an offset it is UTC, without a time midnight.
 * Undefined when the text has another form, when the format does not exist, and when they name no one day.
 */
export function parseDate(text: string, format: string): Date | undefined {
  const items = parseDateFormat(format);
  if (items === undefined) return undefined;
  const fields: Fields = new Map();
  let rest: string | undefined = text;
  for (const item of items) {
    rest = read(item, rest, fields);
    if (rest === undefined) return undefined;
  }
  return rest === "" ? dateOf(fields) : undefined;
}

/** What is left of the text behind the item; undefined when the item is not there. */
function read(item: DateItem, text: string, fields: Fields): string | undefined {
  switch (item.kind) {
    case "literal":
      return text.startsWith(item.text) ? text.slice(item.text.length) : undefined;
    case "space":
      return text.trimStart();
    case "number":
      return readNumber(item.field, item.width, text, fields);
    case "name":
      return readName(item.field, item.form === "long", text, fields);
    case "fraction":
      return readFraction(item.dot, item.digits, text, fields);
    case "offset":
      return readOffset(item.form, text, fields);
    case "zone":
      return text.replace(/^\S+/, "");
  }
}

const SIGNED: ReadonlySet<NumberField> = new Set<NumberField>(["year", "isoYear", "timestamp"]);

function readNumber(field: NumberField, width: number, text: string, fields: Fields): string | undefined {
  const trimmed = text.trimStart();
  const most = field === "timestamp" ? 15 : width;
  const digits = SIGNED.has(field) ? `[+-]\\d{1,15}|\\d{1,${most}}` : `\\d{1,${most}}`;
  const found = new RegExp(`^(?:${digits})`).exec(trimmed)?.[0];
  if (found === undefined || !put(fields, field, Number(found))) return undefined;
  return trimmed.slice(found.length);
}

function readName(
  field: "month" | "weekday" | "half",
  long: boolean,
  text: string,
  fields: Fields,
): string | undefined {
  const names = field === "half" ? ["AM", "PM"] : field === "month" ? MONTHS : WEEKDAYS;
  const short = field === "half" ? 2 : 3;
  const beginning = text.slice(0, short).toLowerCase();
  const index = names.findIndex((name) => name.slice(0, short).toLowerCase() === beginning);
  const name = names[index];
  if (name === undefined || !put(fields, field, field === "month" ? index + 1 : index)) return undefined;
  const whole = long && text.slice(0, name.length).toLowerCase() === name.toLowerCase();
  return text.slice(whole ? name.length : short);
}

function readFraction(
  dot: boolean,
  digits: number | undefined,
  text: string,
  fields: Fields,
): string | undefined {
  if (dot && !text.startsWith(".")) return text;
  // Behind a dot there may be more digits than the format says, or fewer.
  const pattern = dot ? /^\.(\d+)/ : new RegExp(`^(\\d{${digits}})`);
  const [all, found] = pattern.exec(text) ?? [];
  if (all === undefined || found === undefined) return undefined;
  return put(fields, "nanosecond", Number(found.slice(0, 9).padEnd(9, "0")))
    ? text.slice(all.length)
    : undefined;
}

const COLONED = /^([+-])(\d\d):?(\d\d)/;

const OFFSETS: { readonly [form in OffsetForm]: RegExp } = {
  "+hhmm": COLONED,
  "+hh:mm": COLONED,
  "+hh:mm:ss": /^([+-])(\d\d):?(\d\d):?(\d\d)/,
  "+hh": /^([+-])(\d\d)/,
  rfc3339: /^[Zz]|^([+-])(\d\d):?(\d\d)/,
  loose: /^[Zz]|^([+-])(\d\d)(?::?(\d\d))?/,
};

function readOffset(form: OffsetForm, text: string, fields: Fields): string | undefined {
  const trimmed = text.trimStart();
  const found = OFFSETS[form].exec(trimmed);
  if (found === null) return undefined;
  const [all, sign, hours = "0", minutes = "0", seconds = "0"] = found;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const offset = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return put(fields, "offset", sign === "-" ? -offset : offset) ? trimmed.slice(all.length) : undefined;
}

function put(fields: Fields, field: NumberField | "offset", value: number): boolean {
  const before = fields.get(field);
  fields.set(field, value);
  return before === undefined || before === value;
}

function dateOf(fields: Fields): Date | undefined {
  const offset = fields.get("offset") ?? 0;
  const local = localTime(fields, offset);
  if (local === undefined) return undefined;
  const date = new Date(local);
  const agrees = [...fields].every(([field, value]) => {
    if (field === "offset" || field === "timestamp") return true;
    // A Date knows no more of them than milliseconds.
    if (field === "nanosecond") return dateField(date, field) === Math.floor(value / 1e6) * 1e6;
    // A leap second counts as the one before it.
    return dateField(date, field) === (field === "second" ? Math.min(value, 59) : value);
  });
  const leap = fields.get("second") === 60 ? 1000 : 0;
  const result = new Date(local - offset + leap);
  return agrees && !Number.isNaN(result.getTime()) ? result : undefined;
}

/** Milliseconds as if the clock that was read were in UTC; fields that are impossible make others than were read. */
function localTime(fields: Fields, offset: number): number | undefined {
  const fraction = Math.floor((fields.get("nanosecond") ?? 0) / 1e6);
  const timestamp = fields.get("timestamp");
  if (timestamp !== undefined) return timestamp * 1000 + fraction + offset;
  const day = dayIn(fields);
  const hour = hourIn(fields);
  if (day === undefined || hour === undefined) return undefined;
  const second = Math.min(fields.get("second") ?? 0, 59);
  return day + ((hour * 60 + (fields.get("minute") ?? 0)) * 60 + second) * 1000 + fraction;
}

function hourIn(fields: Fields): number | undefined {
  const hour12 = fields.get("hour12");
  const half = fields.get("half");
  if (hour12 === undefined || fields.has("hour")) return fields.get("hour") ?? 0;
  return half === undefined ? undefined : (hour12 % 12) + half * 12;
}

function dayIn(fields: Fields): number | undefined {
  const year = fields.get("year") ?? yearIn(fields, "yearOfCentury");
  const isoYear = fields.get("isoYear") ?? yearIn(fields, "isoYearOfCentury");
  const month = fields.get("month");
  const day = fields.get("day");
  const weekday = fields.get("weekday") ?? modulo7(fields.get("weekdayFromMonday"));
  const [ofYear, fromSunday, fromMonday, isoWeek] = (
    ["dayOfYear", "weekFromSunday", "weekFromMonday", "isoWeek"] as const
  ).map((field) => fields.get(field));

  if (year !== undefined && month !== undefined && day !== undefined) return dayAt(year, month, day);
  if (year !== undefined && ofYear !== undefined) return dayAt(year, 1, ofYear);
  if (weekday === undefined) return undefined;
  if (year !== undefined && fromSunday !== undefined) return dayOfWeek(year, fromSunday, weekday, 0);
  if (year !== undefined && fromMonday !== undefined) return dayOfWeek(year, fromMonday, weekday, 1);
  if (isoYear !== undefined && isoWeek !== undefined) return dayOfIsoWeek(isoYear, isoWeek, weekday);
  return undefined;
}

/** The year that two digits mean: from 1970 to 2069, when no century is said. */
function yearIn(fields: Fields, field: "yearOfCentury" | "isoYearOfCentury"): number | undefined {
  const short = fields.get(field);
  if (short === undefined) return undefined;
  const century = fields.get("century") ?? (short < 70 ? 20 : 19);
  return century * 100 + short;
}

function modulo7(day: number | undefined): number | undefined {
  return day === undefined ? undefined : day % 7;
}
