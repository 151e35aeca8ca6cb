import assert from "node:assert/strict";
import { test } from "node:test";
import { Fields, type FieldsInit } from "../protocol/fields.ts";
import { requestFields, USER_AGENT } from "./request-fields.ts";
import { parseUrl } from "./url.ts";

const AGENT = `User-Agent: ${USER_AGENT}`;
const CODINGS = "Accept-Encoding: gzip, deflate, br, zstd";

interface Case {
  readonly name: string;
  readonly given?: FieldsInit;
  readonly decode?: boolean;
  readonly omit?: string[];
  readonly lines: string[];
}

const cases: Case[] = [
  { name: "our own alone", lines: ["Host: h:81", AGENT, "Accept: */*", CODINGS] },
  {
    name: "no Accept-Encoding when nothing is decoded",
    decode: false,
    lines: ["Host: h:81", AGENT, "Accept: */*"],
  },
  {
    name: "the caller's behind ours, in order, case kept",
    given: { "x-B": "1", A: "2" },
    lines: ["Host: h:81", AGENT, "Accept: */*", CODINGS, "x-B: 1", "A: 2"],
  },
  {
    name: "the caller's User-Agent and accept in place of ours",
    given: { "user-agent": "me", accept: "text/html" },
    lines: ["Host: h:81", CODINGS, "user-agent: me", "accept: text/html"],
  },
  {
    name: "the caller's Host first",
    given: new Fields([
      ["A", "1"],
      ["HOST", "other"],
    ]),
    lines: ["Host: other", AGENT, "Accept: */*", CODINGS, "A: 1"],
  },
  {
    name: "no Accept-Encoding with Range",
    given: { Range: "bytes=0-1" },
    lines: ["Host: h:81", AGENT, "Accept: */*", "Range: bytes=0-1"],
  },
  {
    name: "lists as several lines, nothing for undefined",
    given: { A: ["1", "2"], "User-Agent": undefined, N: 5 },
    lines: ["Host: h:81", AGENT, "Accept: */*", CODINGS, "A: 1", "A: 2", "N: 5"],
  },
  {
    name: "nothing that is omitted, but Host",
    omit: ["user-agent", "ACCEPT", "host"],
    lines: ["Host: h:81", CODINGS],
  },
];

for (const { name, given, decode = true, omit, lines } of cases) {
  test(`a request is sent with ${name}, also the second time`, () => {
    const url = parseUrl("http://h:81/");
    for (let i = 0; i < 2; i++) {
      const fields = requestFields(url, given, decode, omit);
      assert.deepEqual(
        [...fields].map(([one, value]) => `${one}: ${value}`),
        lines,
      );
    }
  });
}

test("fields that the caller changes between two requests are sent as they are then", () => {
  const url = parseUrl("http://h/changing");
  const given: { [name: string]: string | string[] } = { A: "1", B: ["x"] };
  assert.equal(requestFields(url, given, true, undefined).get("a"), "1");
  given.A = "2";
  (given.B as string[]).push("y");
  const again = requestFields(url, given, true, undefined);
  assert.equal(again.get("a"), "2");
  assert.equal(again.get("b"), "x, y");
  delete given.A;
  assert.equal(requestFields(url, given, true, undefined).has("a"), false);
});

test("a field that would inject another one is refused, also after the same fields without it", () => {
  const url = parseUrl("http://h/injection");
  requestFields(url, { A: "1" }, true, undefined);
  assert.throws(() => requestFields(url, { A: "1\r\nB: 2" }, true, undefined), {
    code: "FIELD_VALUE_INVALID",
  });
});
