// The formats of dates: which specifiers there are, and what a format is made of. They are those of the crate
// chrono, which are strftime's and some more.  https://docs.rs/chrono/latest/chrono/format/strftime/
// It knows neither dates nor texts: see strftime-writing.ts and strftime-reading.ts.

export type NumberField =
  | "year"
  | "century"
  | "yearOfCentury"
  | "quarter"
  | "month"
  | "day"
  | "dayOfYear"
  | "weekday"
  | "weekdayFromMonday"
  | "weekFromSunday"
  | "weekFromMonday"
  | "isoYear"
  | "isoYearOfCentury"
  | "isoWeek"
  | "hour"
  | "hour12"
  | "half"
  | "minute"
  | "second"
  | "nanosecond"
  | "timestamp";

export type Padding = "0" | " " | "";

export type DateItem =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "space"; readonly text: string }
  | {
      readonly kind: "number";
      readonly field: NumberField;
      readonly width: number;
      readonly padding: Padding;
    }
  | {
      readonly kind: "name";
      readonly field: "month" | "weekday" | "half";
      readonly form: "short" | "long" | "lower";
    }
  /** Of a second. `digits` undefined: as many as there are. */
  | { readonly kind: "fraction"; readonly dot: boolean; readonly digits: 3 | 6 | 9 | undefined }
  | { readonly kind: "offset"; readonly form: OffsetForm }
  | { readonly kind: "zone" };

/** Hours, minutes and seconds of an offset; "rfc3339" and "loose" may be "Z", "loose" is without minutes, too. */
export type OffsetForm = "+hhmm" | "+hh:mm" | "+hh:mm:ss" | "+hh" | "rfc3339" | "loose";

const number = (field: NumberField, width: number, padding: Padding = "0"): DateItem => ({
  kind: "number",
  field,
  width,
  padding,
});

const fraction = (dot: boolean, digits?: 3 | 6 | 9): DateItem => ({ kind: "fraction", dot, digits });

const ITEMS: ReadonlyMap<string, DateItem> = new Map<string, DateItem>([
  ["Y", number("year", 4)],
  ["C", number("century", 2)],
  ["y", number("yearOfCentury", 2)],
  ["q", number("quarter", 1)],
  ["m", number("month", 2)],
  ["d", number("day", 2)],
  ["e", number("day", 2, " ")],
  ["j", number("dayOfYear", 3)],
  ["w", number("weekday", 1)],
  ["u", number("weekdayFromMonday", 1)],
  ["U", number("weekFromSunday", 2)],
  ["W", number("weekFromMonday", 2)],
  ["G", number("isoYear", 4)],
  ["g", number("isoYearOfCentury", 2)],
  ["V", number("isoWeek", 2)],
  ["H", number("hour", 2)],
  ["k", number("hour", 2, " ")],
  ["I", number("hour12", 2)],
  ["l", number("hour12", 2, " ")],
  ["M", number("minute", 2)],
  ["S", number("second", 2)],
  ["f", number("nanosecond", 9)],
  ["s", number("timestamp", 1)],
  ["b", { kind: "name", field: "month", form: "short" }],
  ["h", { kind: "name", field: "month", form: "short" }],
  ["B", { kind: "name", field: "month", form: "long" }],
  ["a", { kind: "name", field: "weekday", form: "short" }],
  ["A", { kind: "name", field: "weekday", form: "long" }],
  ["p", { kind: "name", field: "half", form: "short" }],
  ["P", { kind: "name", field: "half", form: "lower" }],
  [".f", fraction(true)],
  [".3f", fraction(true, 3)],
  [".6f", fraction(true, 6)],
  [".9f", fraction(true, 9)],
  ["3f", fraction(false, 3)],
  ["6f", fraction(false, 6)],
  ["9f", fraction(false, 9)],
  ["z", { kind: "offset", form: "+hhmm" }],
  [":z", { kind: "offset", form: "+hh:mm" }],
  ["::z", { kind: "offset", form: "+hh:mm:ss" }],
  [":::z", { kind: "offset", form: "+hh" }],
  ["#z", { kind: "offset", form: "loose" }],
  ["Z", { kind: "zone" }],
  ["t", { kind: "space", text: "\t" }],
  ["n", { kind: "space", text: "\n" }],
  ["%", { kind: "literal", text: "%" }],
]);

const FLAGS: { readonly [flag: string]: Padding } = { "-": "", _: " ", "0": "0" };

const SHORTHANDS: ReadonlyMap<string, string> = new Map([
  ["D", "%m/%d/%y"],
  ["x", "%m/%d/%y"],
  ["F", "%Y-%m-%d"],
  ["v", "%e-%b-%Y"],
  ["R", "%H:%M"],
  ["T", "%H:%M:%S"],
  ["X", "%H:%M:%S"],
  ["r", "%I:%M:%S %p"],
  ["c", "%a %b %e %H:%M:%S %Y"],
]);

const RFC3339: readonly DateItem[] = [
  ...(parseDateFormat("%Y-%m-%dT%H:%M:%S%.f") ?? []),
  { kind: "offset", form: "rfc3339" },
];

/** The items of a format; undefined when it has a specifier that does not exist. */
export function parseDateFormat(format: string): readonly DateItem[] | undefined {
  const items: DateItem[] = [];
  for (const [part, space, flag, name] of format.matchAll(
    /(\s+)|%([-_0]?)((?:\.?[369]|\.)?f|(?:#|:{0,3})z|.|$)|[^\s%]+/gsu,
  )) {
    if (space !== undefined) items.push({ kind: "space", text: space });
    else if (name === undefined) items.push({ kind: "literal", text: part });
    else {
      const named = specified(name, flag ?? "");
      if (named === undefined) return undefined;
      items.push(...named);
    }
  }
  return items;
}

function specified(name: string, flag: string): readonly DateItem[] | undefined {
  const item = ITEMS.get(name);
  if (flag !== "") {
    const padding = FLAGS[flag];
    return item?.kind === "number" && padding !== undefined ? [{ ...item, padding }] : undefined;
  }
  if (item !== undefined) return [item];
  if (name === "+") return RFC3339;
  const shorthand = SHORTHANDS.get(name);
  return shorthand === undefined ? undefined : parseDateFormat(shorthand);
}

export const MONTHS: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

export const WEEKDAYS: readonly string[] = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
];
