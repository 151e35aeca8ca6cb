import assert from "node:assert/strict";
import { test } from "node:test";
import { Fields } from "../protocol/fields.ts";
import { continuation, originOf } from "./download.ts";

const TAG = '"a"';
const part = { size: 100, origin: { url: "http://a/", validator: TAG, length: 300 } };

const answers: {
  name: string;
  status: number;
  fields: { [name: string]: string };
  means: string;
  part?: typeof part;
}[] = [
  {
    name: "the rest",
    status: 206,
    fields: { "Content-Range": "bytes 100-299/300", ETag: TAG },
    means: "goes on",
  },
  {
    name: "the rest, without a tag",
    status: 206,
    fields: { "Content-Range": "bytes 100-299/300" },
    means: "goes on",
  },
  {
    name: "the rest of an unknown whole",
    status: 206,
    fields: { "Content-Range": "bytes 100-299/*" },
    means: "goes on",
  },
  {
    name: "another beginning",
    status: 206,
    fields: { "Content-Range": "bytes 0-299/300" },
    means: "does not fit",
  },
  {
    name: "another end",
    status: 206,
    fields: { "Content-Range": "bytes 100-199/300" },
    means: "does not fit",
  },
  {
    name: "another length",
    status: 206,
    fields: { "Content-Range": "bytes 100-399/400" },
    means: "does not fit",
  },
  {
    name: "another tag",
    status: 206,
    fields: { "Content-Range": "bytes 100-299/300", ETag: '"b"' },
    means: "does not fit",
  },
  {
    name: "a part of a coded form",
    status: 206,
    fields: { "Content-Range": "bytes 100-299/300", "Content-Encoding": "gzip" },
    means: "does not fit",
  },
  {
    name: "several parts",
    status: 206,
    fields: { "Content-Type": "multipart/byteranges; boundary=x" },
    means: "does not fit",
  },
  {
    name: "nothing more",
    status: 416,
    fields: { "Content-Range": "bytes */100" },
    means: "complete",
    part: { ...part, origin: { ...part.origin, length: 100 } },
  },
  {
    name: "less than there is",
    status: 416,
    fields: { "Content-Range": "bytes */50" },
    means: "does not fit",
  },
  { name: "no such range, and no size", status: 416, fields: {}, means: "does not fit" },
  { name: "the whole", status: 200, fields: {}, means: "starts anew" },
  { name: "a redirect", status: 302, fields: {}, means: "refused" },
  { name: "gone", status: 404, fields: {}, means: "refused" },
];
for (const { name, status, fields, means, part: there = part } of answers) {
  test(`continuation(): ${name}, ${status}, ${means}`, () => {
    assert.equal(continuation({ status, fields: new Fields(fields) }, there), means);
  });
}

const DATE = "Sat, 21 Nov 2026 03:00:10 GMT";
const origins: {
  name: string;
  status?: number;
  fields: { [name: string]: string };
  validator: string | undefined;
}[] = [
  { name: "a strong tag", fields: { ETag: TAG, "Last-Modified": DATE }, validator: TAG },
  { name: "no weak tag", fields: { ETag: `W/${TAG}` }, validator: undefined },
  {
    name: "no date beside a weak tag",
    fields: { ETag: `W/${TAG}`, "Last-Modified": DATE, Date: DATE },
    validator: undefined,
  },
  {
    name: "a date that is a second old",
    fields: { "Last-Modified": "Sat, 21 Nov 2026 03:00:09 GMT", Date: DATE },
    validator: "Sat, 21 Nov 2026 03:00:09 GMT",
  },
  {
    name: "no date of this very second",
    fields: { "Last-Modified": DATE, Date: DATE },
    validator: undefined,
  },
  { name: "no date without the answer's own", fields: { "Last-Modified": DATE }, validator: undefined },
  {
    name: "nothing of a coded form",
    fields: { ETag: TAG, "Content-Encoding": "gzip" },
    validator: undefined,
  },
  {
    name: "nothing where there are no ranges",
    fields: { ETag: TAG, "Accept-Ranges": "none" },
    validator: undefined,
  },
  { name: "nothing of a part", status: 206, fields: { ETag: TAG }, validator: undefined },
];
for (const { name, status = 200, fields, validator } of origins) {
  test(`originOf() takes ${name}`, () => {
    const answer = { status, fields: new Fields(fields), body: { length: 300 } };
    assert.equal(originOf("http://a/", answer)?.validator, validator);
  });
}
