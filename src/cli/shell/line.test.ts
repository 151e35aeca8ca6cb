import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readLine, type ShellLine, type TypedBody } from "./line.ts";

const text = (typed: string): TypedBody => ({ kind: "text", text: typed });
const none: TypedBody = { kind: "none" };
function request(method: string, target: string | undefined, body: TypedBody = none): ShellLine {
  return { kind: "request", method, target, body, destination: undefined };
}

const cases: { line: string; is: ShellLine }[] = [
  { line: "", is: { kind: "nothing" } },
  { line: "  # a note", is: { kind: "nothing" } },
  { line: "get test.html", is: request("GET", "test.html") },
  { line: "GET", is: request("GET", undefined) },
  { line: "Head /나비", is: request("HEAD", "/나비") },
  { line: "get 'a b.txt'", is: request("GET", "a b.txt") },
  { line: "PRRT /", is: request("PRRT", "/") },
  { line: "PUT test.html This is test", is: request("PUT", "test.html", text("This is test")) },
  {
    line: "POST index.html <h1> This is  HTML </h1> ",
    is: request("POST", "index.html", text("<h1> This is  HTML </h1>")),
  },
  {
    line: "post create ID: 20182793&Subject: Computer_Network&Grade: A",
    is: request("POST", "create", text("ID: 20182793&Subject: Computer_Network&Grade: A")),
  },
  { line: 'put x {"a": 1}', is: request("PUT", "x", text('{"a": 1}')) },
  // Without white space it is one word, which would read as a header.
  { line: 'put x {"a":1}', is: request("PUT", "x", text('{"a":1}')) },
  { line: 'put x [{"a":"b=c"}]', is: request("PUT", "x", text('[{"a":"b=c"}]')) },
  { line: "put x <a:b>c</a:b>", is: request("PUT", "x", text("<a:b>c</a:b>")) },
  {
    line: 'put x {"a":1} > f',
    is: { ...request("PUT", "x", text('{"a":1}')), destination: { kind: "file", path: "f" } } as ShellLine,
  },
  { line: 'put x "quoted text"', is: request("PUT", "x", text('"quoted text"')) },
  { line: "put x -- a=b > c", is: request("PUT", "x", text("a=b > c")) },
  { line: "put x --", is: request("PUT", "x", { kind: "empty" }) },
  { line: "put x http://example.com/", is: request("PUT", "x", text("http://example.com/")) },
  {
    line: "post Rex type='big dog' X-A:b",
    is: request("POST", "Rex", {
      kind: "items",
      items: [
        { kind: "text", name: "type", value: "big dog", fromFile: false },
        { kind: "header", name: "X-A", value: "b", fromFile: false },
      ],
    }),
  },
  {
    line: "put x @body.bin",
    is: request("PUT", "x", { kind: "items", items: [{ kind: "body", path: "body.bin" }] }),
  },
  {
    line: "get all > all.json",
    is: {
      kind: "request",
      method: "GET",
      target: "all",
      body: none,
      destination: { kind: "file", path: "all.json" },
    },
  },
  { line: "cd", is: { kind: "cd", where: undefined } },
  { line: "CD ..", is: { kind: "cd", where: ".." } },
  { line: "headers", is: { kind: "headers" } },
  { line: "header X-A:  a:b ", is: { kind: "header", name: "X-A", value: "a:b" } },
  { line: "header Accept:", is: { kind: "header", name: "Accept", value: "" } },
  { line: "unset X-A", is: { kind: "unset", name: "X-A" } },
  { line: "auth", is: { kind: "auth", credentials: undefined } },
  { line: "auth 김:a:b", is: { kind: "auth", credentials: { kind: "basic", pair: "김:a:b" } } },
  { line: "auth Bearer t0ken", is: { kind: "auth", credentials: { kind: "bearer", token: "t0ken" } } },
  { line: "source 'my lines.txt'", is: { kind: "source", path: "my lines.txt" } },
  { line: "last -v", is: { kind: "last", verbose: true } },
  { line: "last", is: { kind: "last", verbose: false } },
  { line: "as curl", is: { kind: "as", form: "curl" } },
  { line: "as Hurl", is: { kind: "as", form: "hurl" } },
  { line: "help cd", is: { kind: "help", about: "cd" } },
  { line: "q", is: { kind: "quit" } },
  { line: "QUIT", is: { kind: "quit" } },
  { line: "exit", is: { kind: "quit" } },
];
for (const { line, is } of cases) {
  test(`readLine() understands ${JSON.stringify(line)}`, () => {
    assert.deepEqual(readLine(line), is);
  });
}

const wrong: { line: string; hint: RegExp }[] = [
  { line: "eat Pingping", hint: /^A request is METHOD TARGET/ },
  { line: "gte x", hint: /^Did you mean GET\?/ },
  { line: "hepl", hint: /^Did you mean help\?/ },
  { line: "나비", hint: /^A request is/ },
  { line: "PRRT", hint: /^A request is/ },
  { line: "q now", hint: /^It is: q, quit, exit/ },
  { line: "header", hint: /^It is: header NAME: VALUE/ },
  { line: "auth nobody", hint: /^It is: auth \[USER:PASSWORD \| bearer TOKEN\]/ },
  { line: "as wget", hint: /^It is: as curl\|hurl\|http\|httpie$/ },
  { line: "source", hint: /^It is: source FILE/ },
  { line: "last one", hint: /^It is: last \[-v\]/ },
];
for (const { line, hint } of wrong) {
  test(`readLine() says what would be right instead of ${JSON.stringify(line)}`, () => {
    const read = readLine(line);
    assert.equal(read.kind, "wrong");
    assert.match(read.kind === "wrong" ? read.hint : "", hint);
  });
}

test("readLine() makes something of any line, and sends no text but what was typed", () => {
  const part = fc.constantFrom(
    "put ",
    "x ",
    "-- ",
    "a=b ",
    "'",
    '"',
    " > ",
    " | ",
    "\\",
    "나",
    "<p>",
    "@",
    ":",
    "=",
  );
  const line = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(part).map((parts) => `put x ${parts.join("")}`),
  );
  fc.assert(
    fc.property(line, (typed) => {
      const read = readLine(typed);
      if (read.kind === "request" && read.body.kind === "text") assert.ok(typed.includes(read.body.text));
    }),
  );
});
