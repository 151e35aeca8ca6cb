import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatHttpDate, parseHttpDate } from "./dates.ts";

const NOW = Date.UTC(2026, 5, 15, 12, 0, 0);
const EXAMPLE = Date.UTC(1994, 10, 6, 8, 49, 37);

const readable: readonly { text: string; means: string; now?: string }[] = [
  { text: "Sun, 06 Nov 1994 08:49:37 GMT", means: "1994-11-06T08:49:37Z" },
  { text: "Sunday, 06-Nov-94 08:49:37 GMT", means: "1994-11-06T08:49:37Z" },
  { text: "Sun Nov  6 08:49:37 1994", means: "1994-11-06T08:49:37Z" },
  { text: "Sun Nov 06 08:49:37 1994", means: "1994-11-06T08:49:37Z" },
  { text: "Wed Nov 16 08:49:37 1994", means: "1994-11-16T08:49:37Z" },
  // The day of the week is wrong.
  { text: "Mon, 06 Nov 1994 08:49:37 GMT", means: "1994-11-06T08:49:37Z" },
  { text: "Thu, 29 Feb 2024 00:00:00 GMT", means: "2024-02-29T00:00:00Z" },
  { text: "Tue, 29 Feb 2000 00:00:00 GMT", means: "2000-02-29T00:00:00Z" },
  { text: "Sat, 31 Dec 2016 23:59:60 GMT", means: "2016-12-31T23:59:59Z" },
  { text: "Sat, 01 Jan 0000 00:00:00 GMT", means: "0000-01-01T00:00:00Z" },
  { text: "Fri, 01 Jan 0099 00:00:00 GMT", means: "0099-01-01T00:00:00Z" },
  { text: "Fri, 31 Dec 9999 23:59:59 GMT", means: "9999-12-31T23:59:59Z" },
  // Two digits of a year, on 15 June 2026 unless said otherwise.
  { text: "Sunday, 15-Jun-76 12:00:00 GMT", means: "2076-06-15T12:00:00Z" },
  { text: "Tuesday, 15-Jun-76 12:00:01 GMT", means: "1976-06-15T12:00:01Z" },
  { text: "Saturday, 01-Jan-77 00:00:00 GMT", means: "1977-01-01T00:00:00Z" },
  { text: "Thursday, 01-Jan-26 00:00:00 GMT", means: "2026-01-01T00:00:00Z" },
  { text: "Friday, 31-Dec-99 23:59:59 GMT", means: "1999-12-31T23:59:59Z" },
  { text: "Friday, 01-Jan-10 00:00:00 GMT", means: "2110-01-01T00:00:00Z", now: "2090-01-01T00:00:00Z" },
  { text: "Tuesday, 29-Feb-00 00:00:00 GMT", means: "2000-02-29T00:00:00Z" },
];

for (const { text, means, now } of readable) {
  test(`parseHttpDate() reads "${text}"${now ? ` in ${now.slice(0, 4)}` : ""} as ${means}`, () => {
    assert.equal(parseHttpDate(text, now ? Date.parse(now) : NOW), Date.parse(means));
  });
}

const unreadable: readonly string[] = [
  "",
  "0",
  "784111777",
  "1994-11-06T08:49:37Z",
  "Sun, 6 Nov 1994 08:49:37 GMT",
  "Sun, 06 Nov 94 08:49:37 GMT",
  "Sun, 06 Nov 1994 08:49:37",
  "Sun, 06 Nov 1994 08:49:37 UTC",
  "Sun, 06 Nov 1994 08:49:37 KST",
  "Sun, 06 Nov 1994 08:49:37 +0000",
  "Sun, 06 Nov 1994 08:49:37 gmt",
  "sun, 06 Nov 1994 08:49:37 GMT",
  "SUN, 06 Nov 1994 08:49:37 GMT",
  "Sun, 06 nov 1994 08:49:37 GMT",
  "Sun, 06 Nov 1994  08:49:37 GMT",
  " Sun, 06 Nov 1994 08:49:37 GMT",
  "Sun, 06 Nov 1994 08:49:37 GMT ",
  "Sun, 06 Nov 1994 08:49:37 GMT\n",
  "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
  "Sun, 06 Nov 1994 8:49:37 GMT",
  "Sun, 06 Nov 1994 24:00:00 GMT",
  "Sun, 06 Nov 1994 08:60:00 GMT",
  "Sun, 06 Nov 1994 23:59:61 GMT",
  "Sun, 06 Nov 1994 08:49:60 GMT",
  "Sun, 00 Nov 1994 08:49:37 GMT",
  "Thu, 31 Nov 1994 08:49:37 GMT",
  "Sun, 29 Feb 2026 08:49:37 GMT",
  "Thu, 29 Feb 1900 08:49:37 GMT",
  "Sun, 06-Nov-94 08:49:37 GMT",
  "Sunday, 06 Nov 1994 08:49:37 GMT",
  "Sunday, 06-Nov-1994 08:49:37 GMT",
  "Sunday, 30-Feb-94 08:49:37 GMT",
  "Thursday, 29-Feb-23 08:49:37 GMT",
  "Sun Nov 6 08:49:37 1994",
  "Sun Nov  6 08:49:37 94",
  "Sun Nov  6 08:49:37 1994 GMT",
  "Sun Nov  0 08:49:37 1994",
];

for (const text of unreadable) {
  test(`parseHttpDate() does not take ${JSON.stringify(text)} for a date`, () => {
    assert.equal(parseHttpDate(text, NOW), undefined);
  });
}

test("parseHttpDate() refuses 29-Feb-00 where the year it means has no such day", () => {
  assert.equal(parseHttpDate("Sunday, 29-Feb-00 00:00:00 GMT", Date.UTC(2060, 0, 1)), undefined);
});

const written: readonly { ms: number; text: string }[] = [
  { ms: EXAMPLE, text: "Sun, 06 Nov 1994 08:49:37 GMT" },
  { ms: EXAMPLE + 999, text: "Sun, 06 Nov 1994 08:49:37 GMT" },
  { ms: EXAMPLE + 999.75, text: "Sun, 06 Nov 1994 08:49:37 GMT" },
  { ms: 0, text: "Thu, 01 Jan 1970 00:00:00 GMT" },
  { ms: -0.5, text: "Wed, 31 Dec 1969 23:59:59 GMT" },
  { ms: Date.UTC(10_000, 0, 1), text: "Fri, 31 Dec 9999 23:59:59 GMT" },
  { ms: Number.POSITIVE_INFINITY, text: "Fri, 31 Dec 9999 23:59:59 GMT" },
  { ms: Date.UTC(-1, 0, 1), text: "Sat, 01 Jan 0000 00:00:00 GMT" },
];

for (const { ms, text } of written) {
  test(`formatHttpDate() writes ${ms} as "${text}"`, () => {
    assert.equal(formatHttpDate(ms), text);
  });
}

const wholeSeconds = fc
  .integer({ min: -62_167_219_200, max: 253_402_300_799 })
  .map((seconds) => seconds * 1000);

test("a date that was written is read back as the same second", () => {
  fc.assert(
    fc.property(wholeSeconds, (ms) => {
      assert.equal(parseHttpDate(formatHttpDate(ms)), ms);
    }),
  );
});

test("formatHttpDate() writes what Date.prototype.toUTCString() writes", () => {
  fc.assert(
    fc.property(wholeSeconds, (ms) => {
      assert.equal(formatHttpDate(ms), new Date(ms).toUTCString());
    }),
  );
});
