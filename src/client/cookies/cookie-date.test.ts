import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatHttpDate } from "../../semantics/dates.ts";
import { parseCookieDate } from "./cookie-date.ts";

const dates: readonly (readonly [text: string, iso: string | undefined])[] = [
  // The three forms of HTTP-date.
  ["Wed, 09 Jun 2021 10:18:14 GMT", "2021-06-09T10:18:14.000Z"],
  ["Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37.000Z"],
  ["Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37.000Z"],
  // What servers write.
  ["Wed, 13-Jan-2021 22:23:01 GMT", "2021-01-13T22:23:01.000Z"],
  ["13 jan 2021 22:23:01", "2021-01-13T22:23:01.000Z"],
  ["22:23:01 13 January 2021", "2021-01-13T22:23:01.000Z"],
  ["2nd March 2021 1:2:3", "2021-03-02T01:02:03.000Z"],
  ["10:00:00Z 1/Feb/2030", "2030-02-01T10:00:00.000Z"],
  ["Thu, 01 Jan 1970 00:00:00 +0900", "1970-01-01T00:00:00.000Z"],
  ["Mon, 29 Feb 2016 23:59:59 GMT", "2016-02-29T23:59:59.000Z"],
  // Two digits are of the years 1970 to 2069.
  ["1 Jan 69 00:00:00", "2069-01-01T00:00:00.000Z"],
  ["1 Jan 70 00:00:00", "1970-01-01T00:00:00.000Z"],
  ["1 Jan 99 00:00:00", "1999-01-01T00:00:00.000Z"],
  ["1 Jan 1601 00:00:00", "1601-01-01T00:00:00.000Z"],
  // The first of each kind counts.
  ["1 Jan 2020 00:00:00 2 Feb 2021 11:11:11", "2020-01-01T00:00:00.000Z"],
  ["", undefined],
  ["soon", undefined],
  ["2021-01-13T22:23:01Z", undefined],
  ["13 Jan 2021", undefined],
  ["13 Jan 22:23:01", undefined],
  ["Jan 2021 22:23:01", undefined],
  ["13 2021 22:23:01", undefined],
  ["0 Jan 2021 00:00:00", undefined],
  ["32 Jan 2021 00:00:00", undefined],
  ["99 Dec 2021 00:00:00", undefined],
  ["31 Feb 2021 00:00:00", undefined],
  ["29 Feb 2021 00:00:00", undefined],
  ["1 Jan 1600 00:00:00", undefined],
  ["1 Jan 2021 24:00:00", undefined],
  ["1 Jan 2021 00:60:00", undefined],
  ["1 Jan 2021 00:00:60", undefined],
  ["1 Jan 2021 000:00:00", undefined],
  ["1 Jan 20210 00:00:00", undefined],
];

for (const [text, iso] of dates) {
  test(`parseCookieDate() reads ${JSON.stringify(text)} as ${iso ?? "no date"}`, () => {
    assert.equal(parseCookieDate(text)?.toISOString(), iso);
  });
}

test("every HTTP-date from 1601 to 9999 is the same time as a cookie's date", () => {
  const seconds = fc.integer({ min: Date.UTC(1601, 0) / 1000, max: Date.UTC(9999, 11, 31) / 1000 });
  fc.assert(
    fc.property(seconds, (second) => {
      assert.equal(parseCookieDate(formatHttpDate(second * 1000))?.getTime(), second * 1000);
    }),
  );
});
