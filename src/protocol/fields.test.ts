import assert from "node:assert/strict";
import { test } from "node:test";
import { Fields } from "./fields.ts";

function lines(fields: Fields): string[] {
  return [...fields].map(([name, value]) => `${name}: ${value}`);
}

function sample(): Fields {
  return new Fields([
    ["Set-Cookie", "a=1"],
    ["Host", "a"],
    ["set-cookie", "b=2"],
    ["X", ""],
    ["SET-COOKIE", "c=3"],
  ]);
}

test("order, case and repetition stay as they were added", () => {
  assert.deepEqual(lines(sample()), [
    "Set-Cookie: a=1",
    "Host: a",
    "set-cookie: b=2",
    "X: ",
    "SET-COOKIE: c=3",
  ]);
  assert.equal(sample().size, 5);
  assert.equal(
    sample().toString(),
    "Set-Cookie: a=1\r\nHost: a\r\nset-cookie: b=2\r\nX: \r\nSET-COOKIE: c=3\r\n",
  );
});

const sources: { readonly name: string; readonly fields: Fields; readonly lines: readonly string[] }[] = [
  { name: "nothing", fields: new Fields(), lines: [] },
  {
    name: "pairs",
    fields: new Fields([
      ["B", "1"],
      ["A", "2"],
    ]),
    lines: ["B: 1", "A: 2"],
  },
  { name: "a Map", fields: new Fields(new Map([["B", "1"]])), lines: ["B: 1"] },
  {
    name: "an object with lists, numbers and what is undefined",
    fields: new Fields({ A: "1", B: ["2", "3"], C: 4, D: undefined, E: [] }),
    lines: ["A: 1", "B: 2", "B: 3", "C: 4"],
  },
  { name: "other Fields", fields: new Fields(new Fields({ A: ["1", "2"] })), lines: ["A: 1", "A: 2"] },
  { name: "what was received", fields: Fields.received(["A", "a"], ["1", "2"]), lines: ["A: 1", "a: 2"] },
];
for (const source of sources) {
  test(`Fields are made of ${source.name}`, () => assert.deepEqual(lines(source.fields), source.lines));
}

test("a copy and what it was made of change apart from each other", () => {
  const first = new Fields({ A: "1" });
  const second = new Fields(first);
  second.append("B", "2");
  first.delete("A");
  assert.deepEqual([lines(first), lines(second)], [[], ["A: 1", "B: 2"]]);
});

const lookups = [
  { name: "host", get: "a", values: ["a"] },
  { name: "HOST", get: "a", values: ["a"] },
  { name: "Set-Cookie", get: "a=1, b=2, c=3", values: ["a=1", "b=2", "c=3"] },
  { name: "x", get: "", values: [""] },
  { name: "hos", get: undefined, values: [] },
  { name: "hosts", get: undefined, values: [] },
  { name: "", get: undefined, values: [] },
  { name: "set_cookie", get: undefined, values: [] },
];
for (const { name, get, values } of lookups) {
  test(`the name ${JSON.stringify(name)} finds ${JSON.stringify(get)}`, () => {
    assert.equal(sample().get(name), get);
    assert.deepEqual(sample().values(name), values);
    assert.equal(sample().has(name), get !== undefined);
  });
}

const different = [
  ["^", "~"],
  ["a^", "a~"],
  ["`", "@"],
  ["0", "\x10"],
  ["-", "\r"],
  ["K", "\u212a"],
  ["a", "b"],
] as const;
for (const [name, other] of different) {
  test(`${JSON.stringify(name)} and ${JSON.stringify(other)} are different names`, () => {
    const fields = new Fields([[name, "1"]]);
    assert.equal(fields.get(name), "1");
    assert.equal(fields.get(other), undefined);
    assert.equal(fields.delete(other), false);
  });
}

test("all letters are compared without regard to case", () => {
  const fields = new Fields({ ABCDEFGHIJKLMNOPQRSTUVWXYZ: "1" });
  assert.equal(fields.get("abcdefghijklmnopqrstuvwxyz"), "1");
});

test("set() puts one line where the first of its name stood", () => {
  const fields = sample().set("SET-cookie", "z");
  assert.deepEqual(lines(fields), ["SET-cookie: z", "Host: a", "X: "]);
});

test("set() adds a line that is not there", () => {
  assert.deepEqual(lines(new Fields({ A: "1" }).set("B", "2")), ["A: 1", "B: 2"]);
});

test("delete() takes every line of a name away, and says whether there was one", () => {
  const fields = sample();
  assert.equal(fields.delete("set-COOKIE"), true);
  assert.equal(fields.delete("set-cookie"), false);
  assert.deepEqual(lines(fields), ["Host: a", "X: "]);
});

test("the wire form follows every change", () => {
  const fields = new Fields({ A: "1" });
  assert.equal(fields.toString(), "A: 1\r\n");
  fields.append("B", "2");
  assert.equal(fields.toString(), "A: 1\r\nB: 2\r\n");
  fields.set("A", "3");
  assert.equal(fields.toString(), "A: 3\r\nB: 2\r\n");
  fields.delete("B");
  assert.equal(fields.toString(), "A: 3\r\n");
});

test("the wire form knows what a writer asks for", () => {
  const { contentLength, connection, hasDate, hasTransferEncoding } = new Fields({
    "content-LENGTH": "5",
    CONNECTION: ["a", "close"],
    date: "x",
    "transfer-encoding": "chunked",
  }).wire();
  assert.deepEqual(
    { contentLength, connection, hasDate, hasTransferEncoding },
    { contentLength: 5, connection: "a, close", hasDate: true, hasTransferEncoding: true },
  );
});

const values: { readonly value: string; readonly kept?: string }[] = [
  { value: "a\r\nEvil: b" },
  { value: "a\rb" },
  { value: "a\nb" },
  { value: "\r\n" },
  { value: "a\r\n" },
  { value: "\na" },
  { value: "a\x00b" },
  { value: "\x01" },
  { value: "\x0b" },
  { value: "\x1f" },
  { value: "\x7f" },
  { value: "\u0100" },
  { value: "\u2028" },
  { value: "\u010a" },
  { value: "\uac00" },
  { value: "\u{1f41f}" },
  { value: "", kept: "" },
  { value: "  a  ", kept: "a" },
  { value: "\t \ta b\t", kept: "a b" },
  { value: " \t ", kept: "" },
  { value: "a\tb", kept: "a\tb" },
  { value: "\x80\xff", kept: "\x80\xff" },
  { value: "\xa0a\xa0", kept: "\xa0a\xa0" },
  { value: "\x85", kept: "\x85" },
  { value: "!~", kept: "!~" },
];
for (const { value, kept } of values) {
  test(`the value ${JSON.stringify(value)} is ${kept === undefined ? "refused" : `kept as ${JSON.stringify(kept)}`}`, () => {
    const ways: (() => Fields)[] = [
      () => new Fields().append("A", value),
      () => new Fields().set("A", value),
      () => new Fields({ A: "b" }).set("A", value),
      () => new Fields([["A", value]]),
      () => new Fields({ A: value }),
      () => new Fields({ A: [value] }),
    ];
    for (const way of ways) {
      if (kept === undefined) assert.throws(way, { name: "ProtocolError", code: "FIELD_VALUE_INVALID" });
      else assert.equal(way().get("A"), kept);
    }
  });
}

const names = [
  "",
  " ",
  "a b",
  "a:",
  ":",
  "a\r\nb",
  "a\n",
  "\x00",
  "a\tb",
  "\xe9",
  "\u212a",
  "(a)",
  "a,b",
  "a/b",
  '"a"',
  "a;",
  "<a>",
  "a=b",
  "a?",
  "a@b",
  "[a]",
  "a\\",
  "{a}",
  "a\x7f",
  " a",
  "a ",
];
for (const name of names) {
  test(`the name ${JSON.stringify(name)} is refused`, () => {
    const refused = { name: "ProtocolError", code: "FIELD_NAME_INVALID" };
    assert.throws(() => new Fields().append(name, "b"), refused);
    assert.throws(() => new Fields().set(name, "b"), refused);
    assert.throws(() => new Fields([[name, "b"]]), refused);
  });
}

test("a refused change leaves the fields as they were", () => {
  const fields = sample();
  const before = fields.toString();
  assert.throws(() => fields.set("Set-Cookie", "a\nb"), { code: "FIELD_VALUE_INVALID" });
  assert.throws(() => fields.append("X", "\x00"), { code: "FIELD_VALUE_INVALID" });
  assert.deepEqual(lines(fields), lines(sample()));
  assert.equal(fields.toString(), before);
});
