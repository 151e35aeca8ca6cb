// The rules of HTTP/1.1 that show on a server's wire: literal bytes in, answers out, and whether the
// connection stays open. Every row is sent whole and byte by byte. How the core reads each fault is
// tested beside it; here it is what a client gets to see.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Request } from "../src/message/request.ts";
import { Response } from "../src/message/response.ts";
import { Fields } from "../src/protocol/fields.ts";
import { filesHandler } from "../src/resource/files/files.ts";
import { guardHosts, hostTest } from "../src/server/guard.ts";
import { createRouter } from "../src/server/router.ts";
import { createServer, type Server } from "../src/server/server.ts";
import { openFolderTree } from "../src/store/folder/tree.ts";
import { type Answer, RawClient, readAnswers } from "./fixtures/raw-client.ts";

interface Row {
  readonly name: string;
  readonly send: string;
  /**
   * A line for each answer: status, then "chunked" when it is, "until close" when its body has no other
   * end, "close" when it says so, and in quotes the body of an answer that is no problem document.
   */
  readonly answers: readonly string[];
  /** Methods of the requests, where an answer cannot be read without them. */
  readonly methods?: readonly string[];
  /** Fields that answers must have, by the answer's index; undefined for one that must not be there. */
  readonly fields?: readonly { readonly [name: string]: string | undefined }[];
  /** The client closes its side behind the bytes; else a request follows, which is answered if the connection is open. */
  readonly eof?: boolean;
}

const HOST = "Host: a\r\n";
const GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const GET_OK = '200 "GET / a "';
const BAD = "400 close";

/** A POST with these fields, then what stands for its body. */
const post = (fields: string, body: string): string => `POST / HTTP/1.1\r\n${HOST}${fields}\r\n${body}`;
const chunked = (body: string): string => post("Transfer-Encoding: chunked\r\n", body);
const get = (line: string, fields: string = HOST): string => `${line}\r\n${fields}\r\n`;
const row = (name: string, send: string, ...answers: string[]): Row => ({ name, send, answers });

/** Rows that differ in one text only. */
function rows(name: string, make: (text: string) => string, texts: readonly string[], answer: string): Row[] {
  return texts.map((text) => row(`${name} ${JSON.stringify(text)}`, make(text), answer));
}

const ECHO = '200 "POST / a hello"';

const FRAMING: readonly Row[] = [
  row("a body by its length", post("Content-Length: 5\r\n", "hello"), ECHO),
  row("a chunked body", chunked("5\r\nhello\r\n0\r\n\r\n"), ECHO),
  row(
    "a body in two chunks, hexadecimal in both cases",
    chunked(`A\r\n${"x".repeat(10)}\r\na\r\n${"y".repeat(10)}\r\n0\r\n\r\n`),
    `200 "POST / a ${"x".repeat(10)}${"y".repeat(10)}"`,
  ),
  row("no framing means no body", post("", ""), '200 "POST / a "'),
  row("both lengths", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), BAD),
  row(
    "both lengths, the other way round",
    post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"),
    BAD,
  ),
  row("two lengths that differ", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"), BAD),
  row("two lengths that agree", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), ECHO),
  row("a list of lengths that differ", post("Content-Length: 5, 6\r\n", "hello!"), BAD),
  ...rows(
    "Content-Length",
    (text) => post(`Content-Length: ${text}\r\n`, "hello"),
    ["+5", "-5", "0x5", "5 5", "5a", "", "5,", "\xb2", "1e1", "5.0"],
    BAD,
  ),
  ...rows(
    "white space around a length",
    (text) => post(`Content-Length:${text}\r\n`, "hello"),
    ["5", "  5", " 5 ", "\t5\t"],
    ECHO,
  ),
  ...rows(
    "a length past 2^53",
    (text) => post(`Content-Length: ${text}\r\n`, "hello"),
    ["9007199254740992", "18446744073709551621", "99999999999999999999"],
    "413 close",
  ),
  ...rows(
    "Transfer-Encoding",
    (text) => post(`Transfer-Encoding: ${text}\r\n`, "5\r\nhello\r\n0\r\n\r\n"),
    ["chunked", "CHUNKED", "Chunked", ", chunked", "chunked ,", " ,, chunked"],
    ECHO,
  ),
  ...rows(
    "Transfer-Encoding",
    (text) => post(`Transfer-Encoding: ${text}\r\n`, "0\r\n\r\n"),
    ["xchunked", "chunked;a=b", "chunked, chunked", "chunked, gzip", "identity", "", "chunked\x0b"],
    BAD,
  ),
  row(
    "an unknown coding before chunked",
    post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
    "501 close",
  ),
  row(
    "an unknown coding on a line before chunked",
    post("Transfer-Encoding: foo\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
    "501 close",
  ),
  row("a coding in HTTP/1.0", `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, BAD),
  ...rows(
    "a chunk size",
    (text) => chunked(`${text}\r\nhello\r\n0\r\n\r\n`),
    ["0x5", "+5", "-5", " 5", "5_", "", "G", "5 ", "5 5", "5\x00"],
    BAD,
  ),
  ...rows(
    "a chunk size past 2^53",
    (text) => chunked(`${text}\r\nhello\r\n0\r\n\r\n`),
    ["FFFFFFFFFFFFFFFF", "100000000000000005", "00000000000000000000005"],
    "413 close",
  ),
  ...rows(
    "a chunk extension",
    (text) => chunked(`5${text}\r\nhello\r\n0\r\n\r\n`),
    [";a", ";a=b", " ; a = b", ';a="x;y"', '\t;a=";"', ";a=b;c=d"],
    ECHO,
  ),
  ...rows(
    "a chunk extension with a bare line end",
    (text) => chunked(`5;a${text}\r\nhello\r\n0\r\n\r\n`),
    ["\n", "\r", "\nb", "\x00"],
    BAD,
  ),
  row("chunk extensions without end", chunked(`5;${"a".repeat(5000)}\r\nhello\r\n0\r\n\r\n`), BAD),
  row(
    "chunk extensions without end, in many chunks",
    chunked(`${`1;${"a".repeat(100)}\r\nx\r\n`.repeat(50)}0\r\n\r\n`),
    BAD,
  ),
  ...rows(
    "data longer than its chunk, or ended by",
    (text) => chunked(`5\r\nhello${text}0\r\n\r\n`),
    ["!\r\n", "\n", "\r", "", "\n\r"],
    BAD,
  ),
  row(
    "trailers are not fields",
    chunked("5\r\nhello\r\n0\r\nContent-Length: 9\r\nHost: b\r\nTransfer-Encoding: x\r\n\r\n"),
    ECHO,
  ),
  row("a trailer with a space before its colon", chunked("5\r\nhello\r\n0\r\nA : b\r\n\r\n"), BAD),
  row("a trailer without a colon", chunked("5\r\nhello\r\n0\r\nA\r\n\r\n"), BAD),
  row("trailers without end", chunked(`0\r\n${"A: b\r\n".repeat(3000)}\r\n`), "431 close"),
  { ...row("the last chunk waits for its closing CRLF", chunked("5\r\nhello\r\n0\r\n"), BAD), eof: true },
  { ...row("a body cut short by length", post("Content-Length: 10\r\n", "hello"), BAD), eof: true },
  { ...row("a body cut short in its chunk", chunked("A\r\nhello"), BAD), eof: true },
  { ...row("a head cut short", "GET / HTTP/1.1\r\nHost: a\r\n", BAD), eof: true },
  { ...row("nothing at all", ""), eof: true },
  { ...row("an empty line and nothing else", "\r\n"), eof: true },
];

const FIELDS: readonly Row[] = [
  ...rows(
    "a field line",
    (text) => get("GET / HTTP/1.1", `${HOST}${text}\r\n`),
    [
      "A : b",
      "A",
      ": b",
      "A\x00: b",
      "A(: b",
      "Ä: b",
      "A B: c",
      "A: b\x00c",
      "A: b\rc",
      "A: b\x7fc",
      "A: \x01",
    ],
    BAD,
  ),
  ...rows(
    "a field line",
    (text) => get("GET / HTTP/1.1", `${HOST}${text}\r\n`),
    ["A:", "A:b", "A: \t b \t", "A: b\xe9\xff", "A: b\tc", "A: :", "!#$%&'*+-.^_`|~1A: b"],
    GET_OK,
  ),
  row("a folded line", get("GET / HTTP/1.1", `${HOST}A: b\r\n c\r\n`), BAD),
  row(
    "a folded line that names a length",
    get("GET / HTTP/1.1", `${HOST}A: b\r\n\tContent-Length: 5\r\n`),
    BAD,
  ),
  row("a line of white space before the first field", "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n", BAD),
  row("a folded first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", BAD),
  row("a bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", BAD),
  row("a bare LF after a field", "GET / HTTP/1.1\r\nHost: a\nA: b\r\n\r\n", BAD),
  row("a bare LF as the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n", BAD),
];

const REQUEST_LINE: readonly Row[] = [
  row("an empty line before it", `\r\n${GET}`, GET_OK),
  row("several empty lines before it", `\r\n\r\n\r\n${GET}`, GET_OK),
  ...rows(
    "a target",
    (text) => get(`GET ${text} HTTP/1.1`),
    [
      "/a b",
      "/a#b",
      "/\xe9",
      "/\x7f",
      "/a\tb",
      "a",
      "",
      "?a",
      "*",
      "//a b",
      "http:",
      "http:/a",
      "ftp://a/",
      "#",
    ],
    BAD,
  ),
  ...rows("a target", (text) => get(`GET ${text} HTTP/1.1`), ["/%"], '200 "GET /% a "'),
  row("a target of two slashes is a path", get("GET //b/c HTTP/1.1"), '200 "GET //b/c a "'),
  row("a query is left as it is", get("GET /a?b=%20?/ HTTP/1.1"), '200 "GET /a?b=%20?/ a "'),
  ...rows(
    "a version",
    (text) => get(`GET / ${text}`),
    [
      "http/1.1",
      "HTTP/1.10",
      "HTTP/01.1",
      "HTTP/1",
      "HTTP/1.",
      "HTTP/ 1.1",
      "HTTPS/1.1",
      "HTTP/1.1 ",
      "HTTP/+1.1",
      "HTTP/1,1",
    ],
    BAD,
  ),
  ...rows("a version", (text) => get(`GET / ${text}`), ["HTTP/2.0", "HTTP/3.0", "HTTP/0.9"], "505 close"),
  ...rows("a version", (text) => get(`GET / ${text}`), ["HTTP/1.1", "HTTP/1.2", "HTTP/1.9"], GET_OK),
  row("HTTP/0.9", "GET /\r\n", BAD),
  row("no target", get("GET HTTP/1.1"), BAD),
  row("two spaces", get("GET  / HTTP/1.1"), BAD),
  row("a tab between", get("GET\t/\tHTTP/1.1"), BAD),
  row("a space in front", get(" GET / HTTP/1.1"), BAD),
  row("a method that is no token", get("G(T / HTTP/1.1"), BAD),
  row("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 close"),
  row("a TLS handshake", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", BAD),
];

const METHODS: readonly Row[] = [
  row("an unknown method", get("BREW / HTTP/1.1"), "501"),
  row("methods are case-sensitive", get("get / HTTP/1.1"), "501"),
  {
    ...row("a method that is known and not allowed", get("LINK /files/x HTTP/1.1"), "405"),
    fields: [{ allow: "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS" }],
  },
  row("TRACE", get("TRACE /files/x HTTP/1.1"), "405"),
  row("CONNECT", get("CONNECT b:80 HTTP/1.1"), "501"),
  row("CONNECT to something else", get("CONNECT / HTTP/1.1"), BAD),
  {
    ...row("OPTIONS *", get("OPTIONS * HTTP/1.1"), '200 ""'),
    fields: [{ allow: "GET, POST", "content-length": "0" }],
  },
  row("OPTIONS of a whole server in the absolute form", get("OPTIONS http://a HTTP/1.1"), '200 ""'),
  row("GET *", get("GET * HTTP/1.1"), BAD),
];

const LIMITS: readonly Row[] = [
  row(
    "a target of 8,000 octets",
    get(`GET /${"a".repeat(7999)} HTTP/1.1`),
    `200 "GET /${"a".repeat(7999)} a "`,
  ),
  row("a target that is too long", get(`GET /${"a".repeat(20_000)} HTTP/1.1`), "414 close"),
  row("a target that never ends", `GET /${"a".repeat(20_000)}`, "414 close"),
  row("a field of 8,000 octets", get("GET / HTTP/1.1", `${HOST}A: ${"b".repeat(8000)}\r\n`), GET_OK),
  row("a field that is too long", get("GET / HTTP/1.1", `${HOST}A: ${"b".repeat(20_000)}\r\n`), "431 close"),
  row(
    "a field name that is too long",
    get("GET / HTTP/1.1", `${HOST}${"b".repeat(20_000)}: \r\n`),
    "431 close",
  ),
  row("a hundred fields", get("GET / HTTP/1.1", `${HOST}${"A: b\r\n".repeat(100)}`), GET_OK),
  row("too many fields", get("GET / HTTP/1.1", `${HOST}${"A: b\r\n".repeat(300)}`), "431 close"),
  row(
    "too many bytes of fields",
    get("GET / HTTP/1.1", `${HOST}${`A: ${"b".repeat(1000)}\r\n`.repeat(70)}`),
    "431 close",
  ),
  row("a body larger than the limit", post("Content-Length: 20001\r\n", "hello"), "413 close"),
  row("a chunked body larger than the limit", chunked("5000\r\nhello"), "413 close"),
];

const authority = (text: string): string => get("GET / HTTP/1.1", `Host: ${text}\r\n`);
const HOSTS: readonly Row[] = [
  row("no Host", get("GET / HTTP/1.1", ""), BAD),
  row("two Hosts", get("GET / HTTP/1.1", "Host: a\r\nHost: b\r\n"), BAD),
  row("two Hosts that are the same", get("GET / HTTP/1.1", "Host: a\r\nHost: a\r\n"), BAD),
  row("two empty Hosts", get("GET / HTTP/1.1", "Host:\r\nHost:\r\n"), BAD),
  ...rows(
    "Host",
    authority,
    [
      "a b",
      "a/b",
      "u@a",
      "a:x",
      "a, b",
      "[::1",
      "a?b",
      "a#b",
      "a:80:80",
      "%zz",
      "\xe9",
      "a:65536",
      "[::1]a",
      "[1]",
      "::1",
      ":80",
    ],
    BAD,
  ),
  ...["[::1]:80", "a:", "1.2.3.4:65535", "A.example", "a_b", "xn--bcher-kva.example"].map((text) =>
    row(`Host ${text}`, authority(text), `200 "GET / ${text} "`),
  ),
  row("no Host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", '200 close "GET /  "'),
  row("an absolute target overrides Host", get("GET http://b:81/c?d HTTP/1.1"), '200 "GET /c?d b:81 "'),
  row("an absolute target without a path", get("GET http://b HTTP/1.1"), '200 "GET / b "'),
  row("an absolute target's scheme in capitals", get("GET HTTP://b/ HTTP/1.1"), '200 "GET / b "'),
  row("an absolute target does not replace Host", get("GET http://b/ HTTP/1.1", ""), BAD),
  ...rows(
    "an absolute target",
    (text) => get(`GET ${text} HTTP/1.1`),
    [
      "http://u@b/",
      "http://b:x/",
      "http://b:65536/",
      "http:///c",
      "http://",
      "http://:80/",
      "http://b:80:80/",
      "http://[::1/",
    ],
    BAD,
  ),
  row("an authority that is not served", authority("evil.example"), "421"),
  row("an absolute target that is not served", get("GET http://evil.example/ HTTP/1.1"), "421"),
];

const EXPECTATIONS: readonly Row[] = [
  row(
    "100 before the body is read",
    post("Expect: 100-continue\r\nContent-Length: 5\r\n", "hello"),
    "100",
    ECHO,
  ),
  row("in any case", post("expect: 100-Continue\r\nContent-Length: 5\r\n", "hello"), "100", ECHO),
  row("without a body there is nothing to continue", post("Expect: 100-continue\r\n", ""), '200 "POST / a "'),
  row(
    "the final answer at once",
    "POST /unread HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
    '200 close "unread"',
  ),
  row("any other expectation", post("Expect: 200-ok\r\nContent-Length: 5\r\n", "hello"), "417 close"),
  row(
    "another expectation beside it",
    post("Expect: 100-continue, a\r\nContent-Length: 5\r\n", "hello"),
    "417 close",
  ),
  row(
    "none in HTTP/1.0",
    `POST / HTTP/1.0\r\n${HOST}Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello`,
    '200 close "POST / a hello"',
  ),
  row(
    "an unknown one in HTTP/1.0 is ignored",
    `POST / HTTP/1.0\r\n${HOST}Expect: a\r\n\r\n`,
    '200 close "POST / a "',
  ),
  row("an interim answer of the handler's", get("GET /hints HTTP/1.1"), "103", '200 "hints"'),
  row("no interim answer for HTTP/1.0", "GET /hints HTTP/1.0\r\n\r\n", '200 close "hints"'),
];

const PERSISTENCE: readonly Row[] = [
  row("HTTP/1.1 stays open", GET, GET_OK),
  row(
    "close is answered with close",
    get("GET / HTTP/1.1", `${HOST}Connection: close\r\n`),
    '200 close "GET / a "',
  ),
  row(
    "close beside keep-alive",
    get("GET / HTTP/1.1", `${HOST}Connection: keep-alive, Close\r\n`),
    '200 close "GET / a "',
  ),
  row(
    "close on a second line",
    get("GET / HTTP/1.1", `${HOST}Connection: a\r\nConnection: close\r\n`),
    '200 close "GET / a "',
  ),
  row("HTTP/1.0 closes", "GET / HTTP/1.0\r\n\r\n", '200 close "GET /  "'),
  {
    ...row(
      "HTTP/1.0 stays open when asked to",
      "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
      '200 "GET /  "',
    ),
    fields: [{ connection: "keep-alive" }],
  },
  row(
    "HTTP/1.0 with both closes",
    "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
    '200 close "GET /  "',
  ),
  row("a stream is chunked", get("GET /stream HTTP/1.1"), '200 chunked "stream"'),
  row(
    "a stream is never chunked in HTTP/1.0",
    "GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    '200 until close close "stream"',
  ),
  row("a stream of known length", get("GET /sized HTTP/1.1"), '200 "sized"'),
  row(
    "a stream of known length leaves HTTP/1.0 open",
    "GET /sized HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    '200 "sized"',
  ),
  row("a handler that closes", get("GET /close HTTP/1.1"), '200 close "close"'),
  row(
    "pipelined requests are answered in order",
    get("GET /slow HTTP/1.1") + GET + get("GET /stream HTTP/1.1") + post("Content-Length: 5\r\n", "hello"),
    '200 "slow"',
    GET_OK,
    '200 chunked "stream"',
    ECHO,
  ),
  row(
    "pipelined after an unread body",
    `POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello${GET}`,
    '200 "unread"',
    GET_OK,
  ),
  row(
    "requests behind close are ignored",
    get("GET / HTTP/1.1", `${HOST}Connection: close\r\n`) + GET + GET,
    '200 close "GET / a "',
  ),
  row("a request, then garbage", `${GET}garbage\r\n\r\n`, GET_OK, BAD),
  row("a slow answer, then garbage", `${get("GET /slow HTTP/1.1")}\x00`, '200 "slow"', BAD),
  row(
    "a request with a body, then garbage",
    `${post("Content-Length: 5\r\n", "hello")} / HTTP/1.1\r\n\r\n`,
    ECHO,
    BAD,
  ),
  row("garbage, then a request", `\x00${GET}`, BAD),
  {
    ...row(
      "a client that closes its side is answered",
      get("GET /slow HTTP/1.1") + GET,
      '200 "slow"',
      GET_OK,
    ),
    eof: true,
  },
];

const NO_CONTENT: readonly Row[] = [
  {
    ...row("HEAD has GET's length and no body", get("HEAD / HTTP/1.1"), '200 ""'),
    methods: ["HEAD"],
    fields: [{ "content-length": "9" }],
  },
  {
    ...row("HEAD of a stream", get("HEAD /stream HTTP/1.1"), '200 chunked ""'),
    methods: ["HEAD"],
    fields: [{ "content-length": undefined }],
  },
  {
    ...row("HEAD of a stream with trailers", get("HEAD /trailers HTTP/1.1"), '200 chunked ""'),
    methods: ["HEAD"],
  },
  { ...row("HEAD of a missing resource", get("HEAD /missing HTTP/1.1"), "404"), methods: ["HEAD"] },
  {
    ...row("204", get("GET /204 HTTP/1.1"), '204 ""'),
    fields: [{ "content-length": undefined, "transfer-encoding": undefined }],
  },
  {
    ...row("304", get("GET /304 HTTP/1.1"), '304 ""'),
    fields: [{ "transfer-encoding": undefined, etag: '"x"' }],
  },
  row("a stream in a 204 is not sent", get("GET /204-stream HTTP/1.1"), '204 ""'),
  row("trailers", get("GET /trailers HTTP/1.1"), '200 chunked "trailers"'),
  row("no trailers in HTTP/1.0", "GET /trailers HTTP/1.0\r\n\r\n", '200 until close close "trailers"'),
  {
    ...row("a Date of the handler's stays", get("GET /date HTTP/1.1"), '200 ""'),
    fields: [{ date: "Thu, 01 Jan 1970 00:00:00 GMT" }],
  },
];

const GROUPS: { readonly [name: string]: readonly Row[] } = {
  framing: FRAMING,
  fields: FIELDS,
  "the request line": REQUEST_LINE,
  methods: METHODS,
  limits: LIMITS,
  "Host and target": HOSTS,
  expectations: EXPECTATIONS,
  persistence: PERSISTENCE,
  "answers without a body": NO_CONTENT,
};

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text.slice(0, 2));
  yield Buffer.from(text.slice(2));
}

async function respond(request: Request): Promise<Response> {
  const { path } = request.target;
  switch (path) {
    case "/slow":
      await new Promise((resolve) => setImmediate(resolve));
      return new Response(200, { body: "slow" });
    case "/unread":
      return new Response(200, { body: "unread" });
    case "/stream":
      return new Response(200, { body: pieces("stream") });
    case "/sized":
      return new Response(200, { body: pieces("sized"), length: 5 });
    case "/trailers":
      return new Response(200, { body: pieces("trailers"), trailers: () => new Fields({ "X-Sum": "1" }) });
    case "/close":
      return new Response(200, { body: "close", fields: { Connection: "close" } });
    case "/hints":
      request.interim(103, new Fields({ Link: "</a>" }));
      return new Response(200, { body: "hints" });
    case "/204":
      return new Response(204);
    case "/204-stream":
      return new Response(204, { body: pieces("none") });
    case "/304":
      return new Response(304, { fields: { ETag: '"x"' } });
    case "/missing":
      return new Response(404, { body: "missing" });
    case "/date":
      return new Response(200, { fields: { Date: "Thu, 01 Jan 1970 00:00:00 GMT" } });
    case "/probe":
      return new Response(200, { body: PROBE });
    default: {
      const { pathname, authority } = { pathname: request.target.path, authority: request.authority };
      const query = request.target.query === undefined ? "" : `?${request.target.query}`;
      const body = await request.body.text();
      return new Response(200, { body: `${request.method} ${pathname}${query} ${authority} ${body}` });
    }
  }
}

const PROBE = "the connection is open";
const PROBE_REQUEST = "GET /probe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
const IMF_FIXDATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/;

let server: Server;
let port: number;
let folder: string;
const errors: unknown[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sockeye-conformance-"));
  const files = filesHandler(await openFolderTree(folder), { base: "/files" });
  const router = createRouter([
    { path: "/", handler: respond, methods: ["GET", "POST"] },
    { path: "/files", handler: files, methods: [] },
  ]);
  server = createServer({
    handler: guardHosts(
      router,
      hostTest(["a", "b", "::1", "1.2.3.4", "a.example", "a_b", "xn--bcher-kva.example"]),
    ),
    onError: (error) => errors.push(error),
    maxBody: 20_000,
  });
  ({ port } = await server.listen());
});

after(async () => {
  await server.stop(0);
  await rm(folder, { recursive: true, force: true });
});

/** Everything that comes back until the server closes. */
async function converse({ send, eof }: Row, apart: boolean): Promise<string> {
  const client = await RawClient.open(port);
  const bytes = eof === true ? send : send + PROBE_REQUEST;
  if (apart) await client.sendApart(bytes);
  else client.send(bytes);
  if (eof === true) client.end();
  const received = await client.rest();
  client.end();
  return received;
}

function describeAnswer({ status, fields, body }: Answer): string {
  const words = [String(status)];
  if (fields.get("transfer-encoding") === "chunked") words.push("chunked");
  else if (!fields.has("content-length") && body !== "") words.push("until close");
  if (fields.get("connection") === "close") words.push("close");
  if (status < 400 && status >= 200) words.push(JSON.stringify(body));
  return words.join(" ");
}

function check(expected: Row, received: string): void {
  const answers = readAnswers(received, expected.methods);
  const last = answers.at(-1);
  const open = last?.body === PROBE;
  if (open) answers.pop();
  assert.deepEqual(answers.map(describeAnswer), expected.answers);
  if (expected.eof !== true) {
    const saysClose = expected.answers.at(-1)?.split('"')[0]?.includes("close") ?? false;
    assert.equal(open, !saysClose, open ? "the connection stayed open" : "the connection was closed");
  }
  for (const { status, fields, body } of answers) {
    if (status >= 200) assert.match(fields.get("date") ?? "", IMF_FIXDATE);
    if (status >= 400 && body !== "" && fields.get("content-type") === "application/problem+json")
      assert.equal((JSON.parse(body) as { status: number }).status, status);
  }
  for (const [index, wanted] of (expected.fields ?? []).entries()) {
    for (const [name, value] of Object.entries(wanted))
      assert.equal(answers[index]?.fields.get(name), value, name);
  }
}

for (const [group, cases] of Object.entries(GROUPS)) {
  describe(`On the wire, ${group}:`, () => {
    for (const expected of cases) {
      test(`${expected.name} gives ${expected.answers.join(", ").slice(0, 60) || "nothing"}`, async () => {
        check(expected, await converse(expected, false));
        check(expected, await converse(expected, true));
        assert.deepEqual(errors, []);
      });
    }
  });
}

test("A head that does not come to its end in time is answered with 408", async () => {
  const slow = createServer({ handler: respond, headTimeout: 50 });
  const where = await slow.listen();
  try {
    const client = await RawClient.open(where.port);
    client.send("GET / HTTP/1.1\r\nHost: a\r\n");
    const { status, fields } = await client.answer();
    assert.equal(status, 408);
    assert.equal(fields.get("connection"), "close");
    assert.match(fields.get("date") ?? "", IMF_FIXDATE);
    assert.equal(await client.rest(), "");
    client.end();
  } finally {
    await slow.stop(0);
  }
});
