import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseDate } from "./strftime-reading.ts";
import { formatDate } from "./strftime-writing.ts";

const SUNDAY = "2001-07-08T00:34:59.026Z";

// The date of the table in the documentation of chrono, in UTC and to the millisecond.
const written: readonly [format: string, text: string | undefined][] = [
  ["%Y", "2001"],
  ["%C", "20"],
  ["%y", "01"],
  ["%q", "3"],
  ["%m", "07"],
  ["%b", "Jul"],
  ["%B", "July"],
  ["%h", "Jul"],
  ["%d", "08"],
  ["%e", " 8"],
  ["%a", "Sun"],
  ["%A", "Sunday"],
  ["%w", "0"],
  ["%u", "7"],
  ["%U", "27"],
  ["%W", "27"],
  ["%G", "2001"],
  ["%g", "01"],
  ["%V", "27"],
  ["%j", "189"],
  ["%D", "07/08/01"],
  ["%x", "07/08/01"],
  ["%F", "2001-07-08"],
  ["%v", " 8-Jul-2001"],
  ["%H", "00"],
  ["%k", " 0"],
  ["%I", "12"],
  ["%l", "12"],
  ["%P", "am"],
  ["%p", "AM"],
  ["%M", "34"],
  ["%S", "59"],
  ["%f", "026000000"],
  ["%.f", ".026"],
  ["%.3f", ".026"],
  ["%.6f", ".026000"],
  ["%.9f", ".026000000"],
  ["%3f", "026"],
  ["%6f", "026000"],
  ["%9f", "026000000"],
  ["%R", "00:34"],
  ["%T", "00:34:59"],
  ["%X", "00:34:59"],
  ["%r", "12:34:59 AM"],
  ["%Z", "UTC"],
  ["%z", "+0000"],
  ["%:z", "+00:00"],
  ["%::z", "+00:00:00"],
  ["%:::z", "+00"],
  ["%c", "Sun Jul  8 00:34:59 2001"],
  ["%+", "2001-07-08T00:34:59.026+00:00"],
  ["%s", "994552499"],
  ["%t%n%%", "\t\n%"],
  ["%-d.%-m. %-H", "8.7. 0"],
  ["%_d|%0e|%_H|%-j", " 8|08| 0|189"],
  ["%Y년 %-m월 %-d일 👻", "2001년 7월 8일 👻"],
  ["", ""],
  ["%👻", undefined],
  ["%Q", undefined],
  ["%", undefined],
  ["%-", undefined],
  ["%-B", undefined],
  ["%-F", undefined],
  ["%#z", undefined],
];

for (const [format, text] of written) {
  test(`formatDate() writes ${JSON.stringify(format)} as ${JSON.stringify(text)}`, () => {
    assert.equal(formatDate(new Date(SUNDAY), format), text);
  });
}

const weeks: readonly [day: string, text: string][] = [
  ["2024-12-30", "2025-W01-1 52 53"],
  ["2021-01-03", "2020-W53-7 01 00"],
  ["2023-01-01", "2022-W52-7 01 00"],
  ["2024-02-29", "2024-W09-4 08 09"],
  ["2020-12-31", "2020-W53-4 52 52"],
];

for (const [day, text] of weeks) {
  test(`formatDate() and parseDate() know the weeks of ${day}`, () => {
    assert.equal(formatDate(new Date(day), "%G-W%V-%u %U %W"), text);
    assert.deepEqual(parseDate(text, "%G-W%V-%u %U %W"), new Date(day));
  });
}

test("formatDate() leaves out a fraction that is zero, and signs years of five digits", () => {
  assert.equal(formatDate(new Date("2023-01-01T00:00:00Z"), "%+"), "2023-01-01T00:00:00+00:00");
  assert.equal(formatDate(new Date("+012345-01-01T00:00:00Z"), "%F"), "+12345-01-01");
  assert.equal(formatDate(new Date("-000044-03-15T00:00:00Z"), "%Y %C %y"), "-0044 -01 56");
});

const reads: readonly [text: string, format: string, date: string | undefined][] = [
  ["Wed, 13 Jan 2021 22:23:01 GMT", "%a, %d %b %Y %H:%M:%S GMT", "2021-01-13T22:23:01Z"],
  ["2023-01-23T18:25:43.511Z", "%Y-%m-%dT%H:%M:%S%.fZ", "2023-01-23T18:25:43.511Z"],
  ["2023-01-23T18:25:43Z", "%Y-%m-%dT%H:%M:%S%.fZ", "2023-01-23T18:25:43Z"],
  ["2023-01-23T18:25:43.511Z", "%+", "2023-01-23T18:25:43.511Z"],
  ["2023-01-23T18:25:43.511123456+09:00", "%+", "2023-01-23T09:25:43.511Z"],
  ["2023-01-23 18:25 -0330", "%F %R %z", "2023-01-23T21:55:00Z"],
  ["2023-01-23 18:25 +09", "%F %R %#z", "2023-01-23T09:25:00Z"],
  ["2023-01-23 18:25 Z", "%F %R %#z", "2023-01-23T18:25:00Z"],
  ["2023-01-23 18:25 +09:00:30", "%F %R %::z", "2023-01-23T09:24:30Z"],
  ["2023-01-23 18:25 KST", "%F %R %Z", "2023-01-23T18:25:00Z"],
  ["2026년 3월 1일 오후", "%Y년 %m월 %d일 오후", "2026-03-01T00:00:00Z"],
  ["2023-01-23", "%Y-%m-%d", "2023-01-23T00:00:00Z"],
  ["1674498343", "%s", "2023-01-23T18:25:43Z"],
  ["-1", "%s", "1969-12-31T23:59:59Z"],
  ["1674498343.25", "%s%.f", "2023-01-23T18:25:43.250Z"],
  ["01/23/69", "%D", "2069-01-23T00:00:00Z"],
  ["01/23/70", "%D", "1970-01-23T00:00:00Z"],
  ["19 23 023", "%C %y %j", "1923-01-23T00:00:00Z"],
  ["12:05:00 am 2023-1-3", "%r %F", "2023-01-03T00:05:00Z"],
  ["12:05:00 PM 2023-1-3", "%r %F", "2023-01-03T12:05:00Z"],
  ["monday 23 JANUARY 2023", "%A %d %B %Y", "2023-01-23T00:00:00Z"],
  ["mon 23 jan 2023", "%A %d %B %Y", "2023-01-23T00:00:00Z"],
  ["2023-W04-1", "%G-W%V-%u", "2023-01-23T00:00:00Z"],
  ["2023 04 Mon", "%Y %U %a", "2023-01-23T00:00:00Z"],
  ["2023 04 Mon", "%Y %W %a", "2023-01-23T00:00:00Z"],
  ["2023-01-23 5 07", "%F%e%m", undefined],
  ["2016-12-31 23:59:60", "%F %T", "2017-01-01T00:00:00Z"],
  ["0044-03-15", "%F", "0044-03-15T00:00:00Z"],
  ["20230123182543250", "%Y%m%d%H%M%S%3f", "2023-01-23T18:25:43.250Z"],
  ["100%", "%j%%", undefined],
  ["Tue 2023-01-23", "%a %F", undefined],
  ["2023-02-30", "%F", undefined],
  ["2023-13-01", "%F", undefined],
  ["2023-01-23 24:00", "%F %R", undefined],
  ["2023-01-23 13:00 PM", "%F %I:%M %p", undefined],
  ["2023-01-23 01:00", "%F %I:%M", undefined],
  ["2023-01", "%Y-%m", undefined],
  ["2023-01-23 x", "%F", undefined],
  ["2023-01-23", "%F %R", undefined],
  ["2023-01-23 +24:00", "%F %:z", undefined],
  ["2023-01-23 2024", "%F %Y", undefined],
  ["2023-01-23T18:25:43", "%+", undefined],
  ["2023-01-23T18:25:43.Z", "%+", undefined],
  ["999999999999999", "%s", undefined],
  ["123x", "%a, %d %b %Y", undefined],
  ["", "%F", undefined],
  ["x", "%👻", undefined],
];

for (const [text, format, date] of reads) {
  test(`parseDate() reads ${JSON.stringify(text)} by ${JSON.stringify(format)} as ${date ?? "nothing"}`, () => {
    assert.deepEqual(parseDate(text, format), date === undefined ? undefined : new Date(date));
  });
}

test("what formatDate() writes, parseDate() reads, to the millisecond", () => {
  const formats = [
    "%+",
    "%F %T%.f",
    "%s%.3f",
    "%c %3f",
    "%A, %d %B %Y %I:%M:%S %p %f",
    "%G-W%V-%u %H%M%S %9f",
    "%Y %j %R:%S%.6f",
    "%Y %U %w %T%.f %:z",
    "%Y %W %a %X%.f %z",
    "%Y년 %-m월 %-d일 %k시 %M분 %S초%.f",
  ];
  const times = fc.date({
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(times, fc.constantFrom(...formats), (date, format) => {
      const text = formatDate(date, format);
      assert.ok(text !== undefined);
      assert.deepEqual(parseDate(text, format), date, `${format}: ${text}`);
    }),
    { numRuns: 2000 },
  );
});

test("parseDate() takes any text and format without throwing", () => {
  const piece = fc.constantFrom(
    "%",
    "Y",
    "-",
    "d",
    ".",
    "3",
    "f",
    ":",
    "z",
    "+",
    " ",
    "가",
    "😀",
    "12",
    "Jan",
  );
  const texts = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(texts, texts, (text, format) => {
      const date = parseDate(text, format);
      assert.ok(date === undefined || !Number.isNaN(date.getTime()));
      formatDate(new Date(0), format);
    }),
    { numRuns: 2000 },
  );
});
