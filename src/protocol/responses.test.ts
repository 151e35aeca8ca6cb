// What a client makes of the bytes of answers: framing by request and status, interim answers, what is
// cut short, and whether the connection may be used again. The notation is that of test/transcript.ts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { feedings, type Reading, readAnswer } from "../../test/transcript.ts";
import { Fields } from "./fields.ts";
import type { RequestHead } from "./head-writer.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";

interface Case extends Reading {
  readonly name: string;
  readonly request?: Partial<RequestHead>;
  readonly input: string;
  readonly events: readonly string[];
}

/** A head: its lines, each with CRLF, and the empty line. */
function head(...lines: readonly string[]): string {
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function ok(...fields: readonly string[]): string {
  return head("HTTP/1.1 200 OK", ...fields);
}

function chunked(body: string): string {
  return ok("Transfer-Encoding: chunked") + body;
}

function limits(some: Partial<Limits>): Limits {
  return { ...DEFAULT_LIMITS, ...some };
}

function refused(code: string, status = 400): string[] {
  return [`! ${code} ${status}`];
}

const HEAD = { method: "HEAD" };
const CONNECT = { method: "CONNECT", target: "a:443" };
const UPGRADE = { fields: new Fields({ Host: "a", Connection: "upgrade", Upgrade: "x" }) };
const LENGTH = refused("CONTENT_LENGTH_INVALID");
const STATUS_LINE = refused("STATUS_LINE_INVALID");
const VALUE = refused("FIELD_VALUE_INVALID");
const NAME = refused("FIELD_NAME_INVALID");
const CUT_SHORT = refused("BODY_INCOMPLETE");
const CHUNKED = ["200 OK chunked"];
const EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const CLOSED_EARLY = refused("HEAD_INCOMPLETE");

const cases: Case[] = [
  // Bodies
  {
    name: "a length",
    input: `${ok("Content-Length: 5")}hello`,
    events: ["200 OK length=5", '"hello"', "end", "keep"],
  },
  { name: "a length of 0", input: EMPTY, events: ["200 OK", "end", "keep"] },
  {
    name: "until close",
    input: `${ok()}hello`,
    eof: true,
    events: ["200 OK close", '"hello"', "end", "close"],
  },
  { name: "until close, with nothing", input: ok(), eof: true, events: ["200 OK close", "end", "close"] },
  { name: "until close, before the close", input: `${ok()}hel`, events: ["200 OK close", '"hel"', "waits"] },
  {
    name: "chunks with trailers",
    input: chunked("3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nA: b\r\nContent-Length: 9\r\n\r\n"),
    events: [...CHUNKED, '"abcde"', "end {A: b; Content-Length: 9}", "keep"],
  },
  {
    name: "an answer to HEAD with a length",
    request: HEAD,
    input: ok("Content-Length: 5"),
    events: ["200 OK", "end", "keep"],
  },
  {
    name: "an answer to HEAD with chunked",
    request: HEAD,
    input: ok("Transfer-Encoding: chunked"),
    events: ["200 OK", "end", "keep"],
  },
  {
    name: "an answer to HEAD without a length",
    request: HEAD,
    input: ok(),
    events: ["200 OK", "end", "keep"],
  },
  {
    name: "a 404 to HEAD with a length",
    request: HEAD,
    input: head("HTTP/1.1 404 Not Found", "Content-Length: 5"),
    events: ["404 Not Found", "end", "keep"],
  },
  { name: "204", input: head("HTTP/1.1 204 No Content"), events: ["204 No Content", "end", "keep"] },
  {
    name: "204 with a length",
    input: head("HTTP/1.1 204 No Content", "Content-Length: 5"),
    events: ["204 No Content", "end", "keep"],
  },
  {
    name: "204 with chunked",
    input: head("HTTP/1.1 204 No Content", "Transfer-Encoding: chunked"),
    events: ["204 No Content", "end", "keep"],
  },
  { name: "304", input: head("HTTP/1.1 304 Not Modified"), events: ["304 Not Modified", "end", "keep"] },
  {
    name: "304 with the length of the whole",
    input: head("HTTP/1.1 304 Not Modified", "Content-Length: 5", 'ETag: "a"'),
    events: ["304 Not Modified", "end", "keep"],
  },
  {
    name: "205 with a length of 0",
    input: head("HTTP/1.1 205 Reset Content", "Content-Length: 0"),
    events: ["205 Reset Content", "end", "keep"],
  },
  {
    name: "a body that is larger than the limit, by its length",
    limits: limits({ maxBody: 4 }),
    input: `${ok("Content-Length: 5")}hello`,
    events: refused("BODY_TOO_LARGE", 413),
  },
  {
    name: "a body at the limit, until close",
    limits: limits({ maxBody: 5 }),
    input: `${ok()}hello`,
    eof: true,
    events: ["200 OK close", '"hello"', "end", "close"],
  },

  // Interim answers
  {
    name: "100, then the answer",
    input: head("HTTP/1.1 100 Continue") + EMPTY,
    events: ["interim 100 Continue", "200 OK", "end", "keep"],
  },
  {
    name: "any number of interim answers",
    input: `${head("HTTP/1.1 103 Early Hints", "Link: </a>")}${head("HTTP/1.1 100 Continue").repeat(30)}${head("HTTP/1.1 199 ")}${EMPTY}`,
    events: [
      "interim 103 Early Hints",
      ...Array<string>(30).fill("interim 100 Continue"),
      "interim 199",
      "200 OK",
      "end",
      "keep",
    ],
  },
  {
    name: "an interim answer with framing fields, which mean nothing there",
    input: head("HTTP/1.1 102 Processing", "Content-Length: 5", "Transfer-Encoding: chunked") + EMPTY,
    events: ["interim 102 Processing close", "200 OK", "end", "keep"],
  },
  {
    name: "an interim answer, then the close",
    input: head("HTTP/1.1 100 Continue"),
    eof: true,
    events: ["interim 100 Continue", ...refused("ANSWER_MISSING")],
  },
  {
    name: "interim answers before a HEAD's answer",
    request: HEAD,
    input: head("HTTP/1.1 103 Early Hints") + ok("Content-Length: 5"),
    events: ["interim 103 Early Hints", "200 OK", "end", "keep"],
  },

  // Switching
  {
    name: "101 that was asked for, with bytes behind it",
    request: UPGRADE,
    input: `${head("HTTP/1.1 101 Switching Protocols", "Upgrade: x", "Connection: upgrade")}\x00rest`,
    events: ["101 Switching Protocols switch", 'switch "\\u0000rest"'],
  },
  {
    name: "101 that nobody asked for",
    input: head("HTTP/1.1 101 Switching Protocols", "Upgrade: x"),
    events: refused("UPGRADE_UNASKED"),
  },
  {
    name: "an upgrade that the server declines",
    request: UPGRADE,
    input: EMPTY,
    events: ["200 OK", "end", "keep"],
  },
  {
    name: "100 before 101",
    request: UPGRADE,
    input: head("HTTP/1.1 100 Continue") + head("HTTP/1.1 101 Switching Protocols"),
    events: ["interim 100 Continue", "101 Switching Protocols switch", 'switch ""'],
  },
  {
    name: "a tunnel, with bytes behind it",
    request: CONNECT,
    input: `${ok()}HTTP/1.1 tunnelled`,
    events: ["200 OK switch", 'switch "HTTP/1.1 tunnelled"'],
  },
  {
    name: "a tunnel whose framing fields mean nothing",
    request: CONNECT,
    input: `${ok("Content-Length: x")}rest`,
    events: ["200 OK switch", 'switch "rest"'],
  },
  {
    name: "CONNECT that is declined",
    request: CONNECT,
    input: `${head("HTTP/1.1 403 Forbidden", "Content-Length: 2")}no`,
    events: ["403 Forbidden length=2", '"no"', "end", "keep"],
  },

  // Lengths and codings that cannot be
  ...["x", "+5", "-5", "5a", "", "5 5", "0x5", "5,", "5, 6", "5\xa0"].map((value) => ({
    name: `Content-Length ${JSON.stringify(value)}`,
    input: `${ok(`Content-Length: ${value}`)}hello`,
    events: LENGTH,
  })),
  {
    name: "two lengths that differ",
    input: `${ok("Content-Length: 5", "Content-Length: 6")}hello`,
    events: LENGTH,
  },
  ...[
    ["Content-Length: 5, 5"],
    ["Content-Length: 5", "Content-Length: 5"],
    ["Content-Length: 5", "X: y", "content-length:5, 5"],
  ].map((fields) => ({
    name: `the same length repeated, ${fields.join(" + ")}`,
    input: `${ok(...fields)}hello`,
    events: ["200 OK length=5", '"hello"', "end", "keep"],
  })),
  {
    name: "a length past 2^53",
    input: ok("Content-Length: 9007199254740992"),
    events: refused("CONTENT_LENGTH_TOO_LARGE", 413),
  },
  {
    name: "smuggle_te_cl: chunked wins, and the connection is not kept",
    input: `${ok("Content-Length: 3", "Transfer-Encoding: chunked")}5\r\nhello\r\n0\r\n\r\n`,
    events: ["200 OK chunked close", '"hello"', "end", "close"],
  },
  {
    name: "smuggle_te_cl with lengths that differ",
    input: `${ok("Transfer-Encoding: chunked", "Content-Length: 3", "Content-Length: 4")}0\r\n\r\n`,
    events: ["200 OK chunked close", "end", "close"],
  },
  ...["gzip", "chunked, gzip", "xchunked", "chunked, chunked", ""].map((value) => ({
    name: `Transfer-Encoding ${JSON.stringify(value)}`,
    input: ok(`Transfer-Encoding: ${value}`),
    events: refused("TRANSFER_ENCODING_INVALID"),
  })),
  {
    name: "a transfer coding that is not known",
    input: ok("Transfer-Encoding: gzip, chunked"),
    events: refused("TRANSFER_CODING_UNKNOWN", 501),
  },
  {
    name: "chunked in HTTP/1.0",
    input: head("HTTP/1.0 200 OK", "Transfer-Encoding: chunked"),
    events: refused("TRANSFER_ENCODING_IN_1_0"),
  },

  // Cut short
  {
    name: "cut short, by length",
    input: `${ok("Content-Length: 5")}hell`,
    eof: true,
    events: ["200 OK length=5", '"hell"', ...CUT_SHORT],
  },
  {
    name: "cut short, before the first byte",
    input: ok("Content-Length: 5"),
    eof: true,
    events: ["200 OK length=5", ...CUT_SHORT],
  },
  {
    name: "cut short, inside a chunk",
    input: chunked("5\r\nhel"),
    eof: true,
    events: [...CHUNKED, '"hel"', ...CUT_SHORT],
  },
  {
    name: "cut short, between chunks",
    input: chunked("3\r\nabc\r\n"),
    eof: true,
    events: [...CHUNKED, '"abc"', ...CUT_SHORT],
  },
  {
    name: "cut short, inside a chunk's size",
    input: chunked("3\r\nabc\r\n1"),
    eof: true,
    events: [...CHUNKED, '"abc"', ...CUT_SHORT],
  },
  {
    name: "cut short, before the CRLF that ends the trailers",
    input: chunked("3\r\nabc\r\n0\r\n"),
    eof: true,
    events: [...CHUNKED, '"abc"', ...CUT_SHORT],
  },
  { name: "cut short, inside the status line", input: "HTTP/1.1 20", eof: true, events: CLOSED_EARLY },
  { name: "cut short, inside a field", input: "HTTP/1.1 200 OK\r\nConte", eof: true, events: CLOSED_EARLY },
  { name: "cut short, before the empty line", input: "HTTP/1.1 200 OK\r\n", eof: true, events: CLOSED_EARLY },
  { name: "no answer at all", input: "", eof: true, events: refused("ANSWER_MISSING") },
  { name: "a complete answer, then the close", input: EMPTY, eof: true, events: ["200 OK", "end", "keep"] },

  // Fields
  {
    name: "obs-fold becomes a space",
    input: ok("Content-Length: 0", "A: b", " c", "\t  d", "E: f"),
    fields: true,
    events: ["200 OK {Content-Length: 0; A: b c d; E: f}", "end", "keep"],
  },
  {
    name: "white space around an obs-fold goes with it",
    input: ok("Content-Length: 0", "A: b \t", " \t c ", "B:", " x", "C: y", " "),
    fields: true,
    events: ["200 OK {Content-Length: 0; A: b c; B: x; C: y}", "end", "keep"],
  },
  {
    name: "obs-fold leaves obs-text at the ends of a value alone",
    input: ok("Content-Length: 0", "A: \xa0b", " c\xa0"),
    fields: true,
    events: ["200 OK {Content-Length: 0; A: \xa0b c\xa0}", "end", "keep"],
  },
  {
    name: "obs-fold in a trailer",
    input: chunked("0\r\nA: b\r\n c\r\n\r\n"),
    events: [...CHUNKED, "end {A: b c}", "keep"],
  },
  {
    name: "obs-fold inside the length",
    input: `${ok("Content-Length:", " 5")}hello`,
    events: ["200 OK length=5", '"hello"', "end", "keep"],
  },
  {
    name: "obs-fold between two lengths",
    input: `${ok("Content-Length: 5", " 5")}hello`,
    events: LENGTH,
  },
  { name: "white space before the first field", input: ok(" A: b"), events: refused("FIELD_LINE_INVALID") },
  { name: "a space before the colon", input: ok("A : b"), events: NAME },
  { name: "no colon", input: ok("A"), events: NAME },
  { name: "an empty name", input: ok(": a"), events: NAME },
  { name: "NUL in a value", input: ok("A: \x00"), events: VALUE },
  { name: "a bare CR in a value", input: ok("A: b\rc"), events: VALUE },
  { name: "a bare LF behind a value", input: ok("A: b\nC: d"), events: VALUE },
  {
    name: "obs-text in a value",
    input: ok("Content-Length: 0", "A: \xec\x9a\xb0"),
    fields: true,
    events: ["200 OK {Content-Length: 0; A: \xec\x9a\xb0}", "end", "keep"],
  },
  {
    name: "one field more than the limit",
    limits: limits({ maxFields: 2 }),
    input: ok("A: b", "C: d", "E: f"),
    events: refused("FIELDS_TOO_MANY", 431),
  },
  {
    name: "a folded value past the line's limit",
    limits: limits({ maxFieldLine: 16 }),
    input: ok("A: 12345678", " 12345678"),
    events: refused("FIELD_LINE_TOO_LARGE", 431),
  },

  // Status lines
  {
    name: "no reason, no space",
    input: head("HTTP/1.1 200", "Content-Length: 0"),
    events: ["200", "end", "keep"],
  },
  { name: "no reason", input: head("HTTP/1.1 200 ", "Content-Length: 0"), events: ["200", "end", "keep"] },
  {
    name: "a reason of several words, with obs-text",
    input: head("HTTP/1.1 404 \xec\x97\x86 \tNope!", "Content-Length: 0"),
    events: ["404 \xec\x97\x86 \tNope!", "end", "keep"],
  },
  {
    name: "an unknown status",
    input: head("HTTP/1.1 799 What", "Content-Length: 0"),
    events: ["799 What", "end", "keep"],
  },
  ...[
    "200 OK",
    "HTTP/1.1 20 OK",
    "HTTP/1.1 2000 OK",
    "HTTP/1.1 099 X",
    "HTTP/1.1  200 OK",
    "HTTP/1.1 2x0 OK",
    "HTTP/1.1",
    "HTTP/1.1 -20 X",
  ].map((line) => ({
    name: `the status line ${JSON.stringify(line)}`,
    input: head(line),
    events: STATUS_LINE,
  })),
  ...["http/1.1 200 OK", "HTTP/1.10 200 OK", "ICY 200 OK", " 200 OK", "HTTP/1 200 OK"].map((line) => ({
    name: `the status line ${JSON.stringify(line)}`,
    input: head(line),
    events: refused("VERSION_INVALID"),
  })),
  { name: "HTTP/2.0", input: head("HTTP/2.0 200 OK"), events: refused("VERSION_UNSUPPORTED", 505) },
  {
    name: "HTTP/1.2 is treated as 1.1",
    input: head("HTTP/1.2 200 OK", "Content-Length: 0"),
    events: ["200 OK", "end", "keep"],
  },
  { name: "a control in the status line", input: head("HTTP/1.1 200 O\x00K"), events: STATUS_LINE },
  { name: "a status line that ends in a bare LF", input: "HTTP/1.1 200 OK\nA: b\n\n", events: STATUS_LINE },
  { name: "an empty line before the status line", input: `\r\n${EMPTY}`, events: STATUS_LINE },
  {
    name: "a status line past the limit",
    limits: limits({ maxStartLine: 20 }),
    input: head("HTTP/1.1 200 12345678"),
    events: refused("STATUS_LINE_TOO_LONG"),
  },
  {
    name: "a status line at the limit",
    limits: limits({ maxStartLine: 20 }),
    input: head("HTTP/1.1 200 1234567", "Content-Length: 0"),
    events: ["200 1234567", "end", "keep"],
  },

  // Keeping the connection
  {
    name: "HTTP/1.0 closes",
    input: head("HTTP/1.0 200 OK", "Content-Length: 0"),
    events: ["200 OK 1.0 close", "end", "close"],
  },
  {
    name: "HTTP/1.0 with keep-alive",
    input: head("HTTP/1.0 200 OK", "Content-Length: 0", "Connection: Keep-Alive"),
    events: ["200 OK 1.0", "end", "keep"],
  },
  {
    name: "HTTP/1.0 with keep-alive, until close",
    input: `${head("HTTP/1.0 200 OK", "Connection: Keep-Alive")}x`,
    eof: true,
    events: ["200 OK 1.0 close", '"x"', "end", "close"],
  },
  ...["close", "Close", "keep-alive, Close"].map((value) => ({
    name: `Connection: ${value}`,
    input: ok("Content-Length: 0", `Connection: ${value}`),
    events: ["200 OK close", "end", "close"],
  })),
  {
    name: "close on a second line",
    input: ok("Content-Length: 0", "Connection: keep-alive", "Connection: close"),
    events: ["200 OK close", "end", "close"],
  },
  {
    name: "a request that asked for the close",
    request: { fields: new Fields({ Host: "a", Connection: "close" }) },
    input: EMPTY,
    events: ["200 OK", "end", "close"],
  },
  {
    name: "another answer behind the answer",
    input: EMPTY + EMPTY,
    events: ["200 OK", "end", "close"],
  },
  {
    name: "attack_body_behind_204",
    input: `${head("HTTP/1.1 204 No Content", "Content-Length: 5")}hello`,
    events: ["204 No Content", "end", "close"],
  },
  {
    name: "attack_body_behind_head",
    request: HEAD,
    input: `${ok("Content-Length: 5")}hello`,
    events: ["200 OK", "end", "close"],
  },
  {
    name: "more bytes than the length",
    input: `${ok("Content-Length: 5")}hello!`,
    events: ["200 OK length=5", '"hello"', "end", "close"],
  },
  {
    name: "a CRLF behind the answer",
    input: `${EMPTY}\r\n`,
    events: ["200 OK", "end", "close"],
  },
];

const GARBAGE = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n\x00";

/** The events of the same case with bytes behind it: never another answer. Undefined where they belong to the body. */
function withTrailingBytes(one: Case): string[] | undefined {
  if (one.eof === true) return undefined;
  const last = one.events.at(-1) ?? "";
  const before = one.events.slice(0, -1);
  if (last.startsWith("!")) return [...one.events];
  if (last.startsWith("switch ")) {
    return [...before, `switch ${JSON.stringify(JSON.parse(last.slice("switch ".length)) + GARBAGE)}`];
  }
  return last === "waits" ? undefined : [...before, "close"];
}

for (const one of cases) {
  test(`an answer: ${one.name}`, () => {
    for (const { name, pieces } of feedings(one.input)) {
      assert.deepEqual(readAnswer(pieces, one, one.request), one.events, name);
    }
    const events = withTrailingBytes(one);
    if (events === undefined) return;
    for (const { name, pieces } of feedings(one.input + GARBAGE)) {
      assert.deepEqual(readAnswer(pieces, one, one.request), events, `${name}, with trailing bytes`);
    }
  });
}
