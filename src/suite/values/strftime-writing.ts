// Dates to text, in UTC. Knows what each field of a date is; how formats are written, strftime.ts knows.

import { dayOfYear, isoWeek, weekOfYear } from "./calendar.ts";
import {
  type DateItem,
  MONTHS,
  type NumberField,
  type OffsetForm,
  parseDateFormat,
  WEEKDAYS,
} from "./strftime.ts";

const FIELDS: { readonly [field in NumberField]: (date: Date) => number } = {
  year: (date) => date.getUTCFullYear(),
  century: (date) => Math.floor(date.getUTCFullYear() / 100),
  yearOfCentury: (date) => modulo100(date.getUTCFullYear()),
  quarter: (date) => Math.floor(date.getUTCMonth() / 3) + 1,
  month: (date) => date.getUTCMonth() + 1,
  day: (date) => date.getUTCDate(),
  dayOfYear: (date) => dayOfYear(date.getTime()),
  weekday: (date) => date.getUTCDay(),
  weekdayFromMonday: (date) => date.getUTCDay() || 7,
  weekFromSunday: (date) => weekOfYear(date.getTime(), 0),
  weekFromMonday: (date) => weekOfYear(date.getTime(), 1),
  isoYear: (date) => isoWeek(date.getTime()).year,
  isoYearOfCentury: (date) => modulo100(isoWeek(date.getTime()).year),
  isoWeek: (date) => isoWeek(date.getTime()).week,
  hour: (date) => date.getUTCHours(),
  hour12: (date) => date.getUTCHours() % 12 || 12,
  half: (date) => (date.getUTCHours() < 12 ? 0 : 1),
  minute: (date) => date.getUTCMinutes(),
  second: (date) => date.getUTCSeconds(),
  nanosecond: (date) => date.getUTCMilliseconds() * 1e6,
  timestamp: (date) => Math.floor(date.getTime() / 1000),
};

const OFFSETS: { readonly [form in OffsetForm]: string | undefined } = {
  "+hhmm": "+0000",
  "+hh:mm": "+00:00",
  "+hh:mm:ss": "+00:00:00",
  "+hh": "+00",
  rfc3339: "+00:00",
  // For reading only.
  loose: undefined,
};

/** A date in UTC, as strftime writes it; undefined when the format is not one for writing. */
export function formatDate(date: Date, format: string): string | undefined {
  let text = "";
  for (const item of parseDateFormat(format) ?? [undefined]) {
    const part = item === undefined ? undefined : written(date, item);
    if (part === undefined) return undefined;
    text += part;
  }
  return text;
}

/** One field of a date, months and days from 1, weekdays from 0, which is Sunday. */
export function dateField(date: Date, field: NumberField): number {
  return FIELDS[field](date);
}

function written(date: Date, item: DateItem): string | undefined {
  switch (item.kind) {
    case "literal":
    case "space":
      return item.text;
    case "number": {
      const value = dateField(date, item.field);
      const digits = String(Math.abs(value));
      const sign = value < 0 ? "-" : item.field.endsWith("ear") && value > 9999 ? "+" : "";
      return item.padding === "" ? sign + digits : sign + digits.padStart(item.width, item.padding);
    }
    case "name":
      return nameIn(date, item.field, item.form);
    case "fraction":
      return fraction(date, item.digits, item.dot);
    case "offset":
      return OFFSETS[item.form];
    case "zone":
      return "UTC";
  }
}

function nameIn(date: Date, field: "month" | "weekday" | "half", form: string): string {
  if (field === "half") {
    const half = date.getUTCHours() < 12 ? "AM" : "PM";
    return form === "lower" ? half.toLowerCase() : half;
  }
  const name = field === "month" ? MONTHS[date.getUTCMonth()] : WEEKDAYS[date.getUTCDay()];
  return form === "short" ? (name ?? "").slice(0, 3) : (name ?? "");
}

/** Without a number of digits: none, or three, which is all that a Date knows. */
function fraction(date: Date, digits: number | undefined, dot: boolean): string {
  const milliseconds = date.getUTCMilliseconds();
  if (digits === undefined && milliseconds === 0) return "";
  const text = String(milliseconds)
    .padStart(3, "0")
    .padEnd(digits ?? 3, "0");
  return dot ? `.${text}` : text;
}

function modulo100(year: number): number {
  return ((year % 100) + 100) % 100;
}
