import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Conditions,
  evaluatePreconditions,
  ifRangeHolds,
  type Outcome,
  type Validators,
} from "./preconditions.ts";

const MODIFIED = Date.UTC(2024, 4, 5, 12, 0, 0);
const THEN = "Sun, 05 May 2024 12:00:00 GMT";
const BEFORE = "Sun, 05 May 2024 11:59:59 GMT";
const AFTER = "Sun, 05 May 2024 12:00:01 GMT";

// Changed in the middle of a second, as files are.
const file: Validators = {
  etag: '"v1"',
  lastModified: MODIFIED + 750,
  alsoKnownAs: (tag) => tag === '"v1-gzip"' || tag === 'W/"v1-gzip"',
};
const weak: Validators = { etag: 'W/"v1"', lastModified: MODIFIED };
const dateless: Validators = { etag: '"v1"' };
const tagless: Validators = { lastModified: MODIFIED };
const bare: Validators = {};
const missing = undefined;

const cases: readonly [
  name: string,
  method: string,
  when: Conditions,
  current: Validators | undefined,
  outcome: Outcome,
][] = [
  ["no condition on a read", "GET", {}, file, "proceed"],
  ["no condition on a new resource", "PUT", {}, missing, "proceed"],

  // If-Match
  ["the tag", "PUT", { ifMatch: '"v1"' }, file, "proceed"],
  ["another tag", "PUT", { ifMatch: '"v0"' }, file, "failed"],
  ["a list with the tag", "PATCH", { ifMatch: '"v0", , "v1"' }, file, "proceed"],
  ["a list without it", "DELETE", { ifMatch: '"v0", "v2"' }, file, "failed"],
  ["an empty list", "PUT", { ifMatch: "" }, file, "failed"],
  ["the tag, made weak", "PUT", { ifMatch: 'W/"v1"' }, file, "failed"],
  ["a weak tag on both sides", "PUT", { ifMatch: 'W/"v1"' }, weak, "failed"],
  ["a strong tag against a weak one", "PUT", { ifMatch: '"v1"' }, weak, "failed"],
  ["a resource without a tag", "PUT", { ifMatch: '"v1"' }, tagless, "failed"],
  ["a tag on a missing resource", "PUT", { ifMatch: '"v1"' }, missing, "failed"],
  ["any on a resource that is there", "PUT", { ifMatch: "*" }, bare, "proceed"],
  ["any on a missing resource", "PUT", { ifMatch: "*" }, missing, "failed"],
  ["a list that cannot be read", "PUT", { ifMatch: "v1" }, file, "failed"],
  ["any inside a list", "PUT", { ifMatch: '*, "v1"' }, file, "failed"],
  ["another tag on a read", "GET", { ifMatch: '"v0"' }, file, "failed"],
  ["the compressed tag on a write", "PUT", { ifMatch: '"v1-gzip"' }, file, "proceed"],
  ["the compressed tag of another version", "PUT", { ifMatch: '"v0-gzip"' }, file, "failed"],
  ["the compressed tag, made weak", "PUT", { ifMatch: 'W/"v1-gzip"' }, file, "failed"],
  ["the compressed tag on a read", "GET", { ifMatch: '"v1-gzip"' }, file, "failed"],
  [
    "a tag that matches, whatever the date",
    "PUT",
    { ifMatch: '"v1"', ifUnmodifiedSince: BEFORE },
    file,
    "proceed",
  ],
  [
    "a tag that differs, whatever the date",
    "PUT",
    { ifMatch: '"v0"', ifUnmodifiedSince: AFTER },
    file,
    "failed",
  ],

  // If-Unmodified-Since
  ["the date of the last change", "PUT", { ifUnmodifiedSince: THEN }, file, "proceed"],
  ["a later date", "PUT", { ifUnmodifiedSince: AFTER }, file, "proceed"],
  ["an earlier date", "PUT", { ifUnmodifiedSince: BEFORE }, file, "failed"],
  ["an earlier date on a read", "GET", { ifUnmodifiedSince: BEFORE }, file, "failed"],
  ["the date in asctime's form", "PUT", { ifUnmodifiedSince: "Sun May  5 11:59:59 2024" }, file, "failed"],
  ["no date at all", "PUT", { ifUnmodifiedSince: "yesterday" }, file, "proceed"],
  ["two dates", "PUT", { ifUnmodifiedSince: `${BEFORE}, ${BEFORE}` }, file, "proceed"],
  ["a resource without a date", "PUT", { ifUnmodifiedSince: AFTER }, dateless, "proceed"],
  ["no date against no date", "PUT", { ifUnmodifiedSince: "yesterday" }, dateless, "proceed"],
  ["a date on a missing resource", "PUT", { ifUnmodifiedSince: BEFORE }, missing, "proceed"],

  // If-None-Match
  ["the tag on GET", "GET", { ifNoneMatch: '"v1"' }, file, "not-modified"],
  ["the tag on HEAD", "HEAD", { ifNoneMatch: '"v1"' }, file, "not-modified"],
  ["the tag on POST", "POST", { ifNoneMatch: '"v1"' }, file, "failed"],
  ["the tag, made weak", "GET", { ifNoneMatch: 'W/"v1"' }, file, "not-modified"],
  ["the tag in a list", "GET", { ifNoneMatch: '"v0", W/"v1"' }, file, "not-modified"],
  ["a strong tag against a weak one", "GET", { ifNoneMatch: '"v1"' }, weak, "not-modified"],
  ["another tag", "GET", { ifNoneMatch: '"v0"' }, file, "proceed"],
  ["another tag on a write", "PUT", { ifNoneMatch: '"v0"' }, file, "proceed"],
  ["an empty list", "GET", { ifNoneMatch: "" }, file, "proceed"],
  ["a resource without a tag", "GET", { ifNoneMatch: '"v1"' }, tagless, "proceed"],
  ["any on GET", "GET", { ifNoneMatch: "*" }, bare, "not-modified"],
  ["any on PUT", "PUT", { ifNoneMatch: "*" }, bare, "failed"],
  ["any on a missing resource", "PUT", { ifNoneMatch: "*" }, missing, "proceed"],
  ["the compressed tag on GET", "GET", { ifNoneMatch: '"v1-gzip"' }, file, "proceed"],
  ["a list that cannot be read, on a read", "GET", { ifNoneMatch: "v1" }, file, "proceed"],
  ["a list that cannot be read, on a write", "PUT", { ifNoneMatch: "v1" }, file, "failed"],
  ["a list that cannot be read, on a new resource", "PUT", { ifNoneMatch: "v1" }, missing, "proceed"],
  ["any, twice, on a write", "PUT", { ifNoneMatch: "*, *" }, file, "failed"],

  // If-Modified-Since
  ["the date of the last change", "GET", { ifModifiedSince: THEN }, file, "not-modified"],
  ["a later date", "HEAD", { ifModifiedSince: AFTER }, file, "not-modified"],
  ["an earlier date", "GET", { ifModifiedSince: BEFORE }, file, "proceed"],
  ["a date on a write", "PUT", { ifModifiedSince: AFTER }, file, "proceed"],
  ["no date at all", "GET", { ifModifiedSince: "0" }, file, "proceed"],
  ["two dates", "GET", { ifModifiedSince: `${AFTER}, ${AFTER}` }, file, "proceed"],
  ["a resource without a date", "GET", { ifModifiedSince: AFTER }, dateless, "proceed"],
  [
    "a tag that differs, whatever the date",
    "GET",
    { ifNoneMatch: '"v0"', ifModifiedSince: AFTER },
    file,
    "proceed",
  ],
  [
    "a tag that cannot be read, whatever the date",
    "GET",
    { ifNoneMatch: "v0", ifModifiedSince: AFTER },
    file,
    "proceed",
  ],
  [
    "a tag that matches, whatever the date",
    "GET",
    { ifNoneMatch: '"v1"', ifModifiedSince: BEFORE },
    file,
    "not-modified",
  ],

  // Both groups
  ["the write's condition fails first", "GET", { ifMatch: '"v0"', ifNoneMatch: '"v1"' }, file, "failed"],
  ["the tag in both", "GET", { ifMatch: '"v1"', ifNoneMatch: '"v1"' }, file, "not-modified"],
  [
    "unchanged, and so not modified",
    "GET",
    { ifUnmodifiedSince: THEN, ifModifiedSince: THEN },
    file,
    "not-modified",
  ],
  ["there and not there", "PUT", { ifMatch: "*", ifNoneMatch: "*" }, missing, "failed"],

  // Methods that select nothing
  ["a condition on OPTIONS", "OPTIONS", { ifMatch: '"v0"' }, file, "proceed"],
  ["a condition on TRACE", "TRACE", { ifNoneMatch: "*" }, file, "proceed"],
  ["a condition on CONNECT", "CONNECT", { ifMatch: "*" }, missing, "proceed"],
];

for (const [name, method, when, current, outcome] of cases) {
  test(`${method} with ${JSON.stringify(when)} (${name}): ${outcome}`, () => {
    assert.equal(evaluatePreconditions(when, method, current), outcome);
  });
}

const NOW = MODIFIED + 10_000;

const ifRange: readonly {
  name: string;
  value: string | undefined;
  current: Validators;
  now?: number;
  holds: boolean;
}[] = [
  { name: "no field", value: undefined, current: bare, holds: true },
  { name: "the tag", value: '"v1"', current: file, holds: true },
  { name: "another tag", value: '"v0"', current: file, holds: false },
  { name: "a weak tag", value: 'W/"v1"', current: weak, holds: false },
  { name: "a strong tag against a weak one", value: '"v1"', current: weak, holds: false },
  { name: "the compressed tag", value: '"v1-gzip"', current: file, holds: false },
  { name: "a list of tags", value: '"v1", "v2"', current: file, holds: false },
  { name: "a tag, and none to compare", value: '"v1"', current: tagless, holds: false },
  { name: "any", value: "*", current: file, holds: false },
  { name: "the exact date", value: THEN, current: file, holds: true },
  {
    name: "the exact date in RFC 850's form",
    value: "Sunday, 05-May-24 12:00:00 GMT",
    current: file,
    holds: true,
  },
  { name: "an earlier date", value: BEFORE, current: file, holds: false },
  { name: "a later date", value: AFTER, current: file, holds: false },
  { name: "a date, and none to compare", value: THEN, current: dateless, holds: false },
  { name: "a date of this very second", value: THEN, current: file, now: MODIFIED + 999, holds: false },
  { name: "a date of one second ago", value: THEN, current: file, now: MODIFIED + 1000, holds: true },
  { name: "a date ahead of the clock", value: THEN, current: file, now: MODIFIED - 5000, holds: false },
  { name: "neither tag nor date", value: "v1", current: file, holds: false },
  { name: "an empty field", value: "", current: file, holds: false },
];

for (const { name, value, current, now, holds } of ifRange) {
  test(`If-Range ${holds ? "holds" : "does not hold"} for ${name}`, () => {
    assert.equal(ifRangeHolds(value, current, now ?? NOW), holds);
  });
}
