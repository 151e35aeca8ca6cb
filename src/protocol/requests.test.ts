// What a server makes of the bytes of requests: PROTOCOL.md's rules of framing, request line, limits, Host,
// target and connection, a row for each. The notation of the events is that of test/transcript.ts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { feedings, type Reading, readRequests } from "../../test/transcript.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";

interface Case extends Reading {
  readonly name: string;
  readonly input: string;
  readonly events: readonly string[];
}

/** A head: its lines, each with CRLF, and the empty line. */
function head(...lines: readonly string[]): string {
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function get(...fields: readonly string[]): string {
  return head("GET / HTTP/1.1", "Host: a", ...fields);
}

function post(...fields: readonly string[]): string {
  return head("POST / HTTP/1.1", "Host: a", ...fields);
}

function chunked(body: string): string {
  return post("Transfer-Encoding: chunked") + body;
}

function target(text: string, method = "GET"): string {
  return head(`${method} ${text} HTTP/1.1`, "Host: a");
}

function host(value: string): string {
  return head("GET / HTTP/1.1", `Host: ${value}`);
}

function limits(some: Partial<Limits>): Limits {
  return { ...DEFAULT_LIMITS, ...some };
}

const GOT = ["GET /", "end"];
const POSTED = ["POST / chunked"];

function refused(code: string, status = 400): string[] {
  return [`! ${code} ${status}`];
}

const LENGTH = refused("CONTENT_LENGTH_INVALID");
const CODING = refused("TRANSFER_ENCODING_INVALID");
const CODING_UNKNOWN = refused("TRANSFER_CODING_UNKNOWN", 501);
const NAME = refused("FIELD_NAME_INVALID");
const VALUE = refused("FIELD_VALUE_INVALID");
const SIZE = [...POSTED, ...refused("CHUNK_SIZE_INVALID")];
const EXTENSION = [...POSTED, ...refused("CHUNK_EXTENSION_INVALID")];
const CHUNK_END = [...POSTED, '"abc"', ...refused("CHUNK_END_INVALID")];
const LINE = refused("REQUEST_LINE_INVALID");
const TARGET = refused("TARGET_INVALID");
const VERSION = refused("VERSION_INVALID");
const HOST = refused("HOST_INVALID");

const framing: Case[] = [
  { name: "no framing field means no body", input: post(), events: ["POST /", "end"] },
  {
    name: "a length",
    input: `${post("Content-Length: 5")}hello`,
    events: ["POST / length=5", '"hello"', "end"],
  },
  { name: "a length of 0", input: post("Content-Length: 0"), events: ["POST /", "end"] },
  {
    name: "a body that looks like a request",
    input: `${post("Content-Length: 18")}GET / HTTP/1.1\r\n\r\n`,
    events: ["POST / length=18", '"GET / HTTP/1.1\\r\\n\\r\\n"', "end"],
  },

  // Rule 1
  {
    name: "smuggle_cl_te",
    input: `${post("Content-Length: 6", "Transfer-Encoding: chunked")}0\r\n\r\nG`,
    events: refused("FRAMING_AMBIGUOUS"),
  },
  {
    name: "smuggle_te_cl",
    input: `${post("Transfer-Encoding: chunked", "Content-Length: 6")}0\r\n\r\nG`,
    events: refused("FRAMING_AMBIGUOUS"),
  },
  {
    name: "smuggle_cl_te_upper_case",
    input: `${post("CONTENT-LENGTH: 6", "TRANSFER-ENCODING: CHUNKED")}0\r\n\r\nG`,
    events: refused("FRAMING_AMBIGUOUS"),
  },
  {
    name: "smuggle_cl_te_identity",
    input: post("Content-Length: 0", "Transfer-Encoding: identity"),
    events: refused("FRAMING_AMBIGUOUS"),
  },
  {
    name: "smuggle_cl_te_empty",
    input: post("Content-Length: 0", "Transfer-Encoding:"),
    events: refused("FRAMING_AMBIGUOUS"),
  },

  // Rule 2
  { name: "smuggle_two_contentlen", input: post("Content-Length: 5", "Content-Length: 6"), events: LENGTH },
  {
    name: "smuggle_two_contentlen_zero_first",
    input: post("Content-Length: 0", "Content-Length: 44"),
    events: LENGTH,
  },
  { name: "smuggle_contentlen_list", input: post("Content-Length: 5, 6"), events: LENGTH },
  {
    name: "the same length twice in a list is that length",
    input: `${post("Content-Length: 5, 5")}hello`,
    events: ["POST / length=5", '"hello"', "end"],
  },
  {
    name: "the same length on two lines is that length",
    input: `${post("Content-Length: 5", "content-length: 5")}hello`,
    events: ["POST / length=5", '"hello"', "end"],
  },
  { name: "the same number written differently", input: post("Content-Length: 5, 05"), events: LENGTH },

  // Rule 3
  ...[
    "+5",
    "-5",
    "0x5",
    "5 5",
    "5a",
    "",
    "5,",
    ",5",
    "5;",
    "5.0",
    "1e1",
    '"5"',
    "\u00b2",
    "5\u00a0",
    "5, \u00a05",
    "5,,5",
  ].map((value) => ({
    name: `Content-Length ${JSON.stringify(value)}`,
    input: `${post(`Content-Length: ${value}`)}hello`,
    events: LENGTH,
  })),
  ...["   5", "5   ", "\t5\t", " \t 5 \t "].map((value) => ({
    name: `Content-Length with white space around it, ${JSON.stringify(value)}`,
    input: `${post(`Content-Length:${value}`)}hello`,
    events: ["POST / length=5", '"hello"', "end"],
  })),
  {
    name: "a length with zeros in front",
    input: `${post("Content-Length: 0005")}hello`,
    events: ["POST / length=5", '"hello"', "end"],
  },
  ...["9007199254740992", "18446744073709551621", "4294967301000000000000000000005"].map((value) => ({
    name: `smuggle_contentlen_overflow ${value}`,
    input: post(`Content-Length: ${value}`),
    events: refused("CONTENT_LENGTH_TOO_LARGE", 413),
  })),
  {
    name: "the longest exact length",
    input: post("Content-Length: 9007199254740991"),
    eof: true,
    events: ["POST / length=9007199254740991", ...refused("BODY_INCOMPLETE")],
  },

  // Rule 4
  ...["chunked", "CHUNKED", "cHuNkEd", " \tchunked\t ", ", chunked", "chunked,", ",, ,chunked, ,"].map(
    (value) => ({
      name: `Transfer-Encoding ${JSON.stringify(value)}`,
      input: `${post(`Transfer-Encoding:${value}`)}5\r\nhello\r\n0\r\n\r\n`,
      events: [...POSTED, '"hello"', "end"],
    }),
  ),
  ...[
    "chunked, gzip",
    "gzip",
    "identity",
    "",
    ",",
    "xchunked",
    "chunkedx",
    "chunked;a=b",
    "chunked, chunked",
    "chunked, identity",
    '"chunked"',
    "chun ked",
    "\u00a0chunked",
    "chunked\u0085",
    "chunked;",
  ].map((value) => ({
    name: `Transfer-Encoding ${JSON.stringify(value)}`,
    input: `${post(`Transfer-Encoding: ${value}`)}0\r\n\r\n`,
    events: CODING,
  })),
  ...["gzip, chunked", "identity, chunked", "GZIP ,\tchunked", "x;q=1, chunked"].map((value) => ({
    name: `Transfer-Encoding ${JSON.stringify(value)}`,
    input: `${post(`Transfer-Encoding: ${value}`)}0\r\n\r\n`,
    events: CODING_UNKNOWN,
  })),
  {
    name: "a coding that is no token before chunked",
    input: post("Transfer-Encoding: g zip, chunked"),
    events: refused("TRANSFER_CODING_UNKNOWN"),
  },
  {
    name: "smuggle_te_te",
    input: post("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
    events: CODING,
  },
  {
    name: "smuggle_te_twice",
    input: post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
    events: CODING,
  },
  {
    name: "an unknown coding on a line before",
    input: post("Transfer-Encoding: x", "Transfer-Encoding: chunked"),
    events: CODING_UNKNOWN,
  },
  {
    name: "smuggle_te_in_1_0",
    input: `${head("POST / HTTP/1.0", "Connection: keep-alive", "Transfer-Encoding: chunked")}0\r\n\r\n`,
    events: refused("TRANSFER_ENCODING_IN_1_0"),
  },
  { name: "smuggle_te_space_before_colon", input: post("Transfer-Encoding : chunked"), events: NAME },
  { name: "smuggle_te_vertical_tab", input: post("Transfer-Encoding:\x0bchunked"), events: VALUE },

  // Rule 5
  ...["A : b", "A\t: b", "A", "A b: c", ": b", '"A": b', "A[]: b", "A\x00: b", "A\x7f: b", "\xc3\xa9: b"].map(
    (line) => ({
      name: `the field line ${JSON.stringify(line)}`,
      input: get(line),
      events: NAME,
    }),
  ),
  ...["a\x00b", "\x00", "a\rb", "a\r\rb", "a\x7fb", "a\x1bb", "a\x08", "\x0c"].map((value) => ({
    name: `the field value ${JSON.stringify(value)}`,
    input: get(`A: ${value}`),
    events: VALUE,
  })),
  { name: "a bare CR in place of a line end", input: get("A: b\rC: d"), events: VALUE },
  { name: "a bare LF in place of a line end", input: get("A: b\nC: d"), events: VALUE },
  { name: "a bare LF behind a name", input: get("A\nB: c"), events: NAME },
  {
    name: "bare LFs everywhere",
    input: "GET / HTTP/1.1\nHost: a\n\n",
    events: LINE,
  },
  { name: "a bare LF in place of the empty line", input: "GET / HTTP/1.1\r\nHost: a\r\n\n", events: NAME },
  {
    name: "a bare CR in place of the empty line",
    input: "GET / HTTP/1.1\r\nHost: a\r\n\rGET",
    events: VALUE,
  },
  { name: "CR CR LF behind a value", input: "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", events: VALUE },
  {
    name: "obs-text and tabs in a value",
    input: get("A: \xec\x9a\xb0\tb", "B: \x80\xff"),
    fields: true,
    events: ["GET / {Host: a; A: \xec\x9a\xb0\tb; B: \x80\xff}", "end"],
  },
  {
    name: "white space around values is no part of them, inside it is",
    input: get("A: \t b  c\t ", "B:", "C:   ", "D:e"),
    fields: true,
    events: ["GET / {Host: a; A: b  c; B: ; C: ; D: e}", "end"],
  },
  {
    name: "every character of a token in a name",
    input: get("!#$%&'*+-.^_`|~09AZaz: b"),
    fields: true,
    events: ["GET / {Host: a; !#$%&'*+-.^_`|~09AZaz: b}", "end"],
  },
  { name: "smuggle_obs_fold", input: get("A: b", " Content-Length: 5"), events: refused("FIELD_FOLDED") },
  {
    name: "smuggle_obs_fold_te",
    input: post("Transfer-Encoding:", "\tchunked"),
    events: refused("FIELD_FOLDED"),
  },
  {
    name: "a line of white space before the first field",
    input: head("GET / HTTP/1.1", " Host: a"),
    events: refused("FIELD_FOLDED"),
  },
  {
    name: "a line of nothing but white space",
    input: get(" "),
    events: refused("FIELD_FOLDED"),
  },

  // Rule 6
  {
    name: "chunks",
    input: chunked("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
    events: [...POSTED, '"abcde"', "end"],
  },
  {
    name: "many chunks",
    input: chunked(`${"1\r\nx\r\n".repeat(40)}0\r\n\r\n`),
    events: [...POSTED, `"${"x".repeat(40)}"`, "end"],
  },
  {
    name: "an empty size behind a chunk",
    input: chunked("1\r\nx\r\n\r\n\r\n"),
    events: [...POSTED, '"x"', ...refused("CHUNK_SIZE_INVALID")],
  },
  {
    name: "hexadecimal sizes in both cases",
    input: chunked(`A\r\n0123456789\r\nb\r\n0123456789a\r\n1F\r\n${"x".repeat(31)}\r\n0\r\n\r\n`),
    events: [...POSTED, `"01234567890123456789a${"x".repeat(31)}"`, "end"],
  },
  {
    name: "sizes with zeros in front",
    input: chunked("0003\r\nabc\r\n000\r\n\r\n"),
    events: [...POSTED, '"abc"', "end"],
  },
  {
    name: "data of CRLFs",
    input: chunked("4\r\n\r\n\r\n\r\n0\r\n\r\n"),
    events: [...POSTED, '"\\r\\n\\r\\n"', "end"],
  },
  ...["0x5", "+5", "-5", " 5", "5_", "", "G", "5 5", "5 ", "\t5", ";a", "5\x00", "5g", "\xb2", "5,"].map(
    (size) => ({
      name: `the chunk size ${JSON.stringify(size)}`,
      input: chunked(`${size}\r\nhello\r\n0\r\n\r\n`),
      events: SIZE,
    }),
  ),
  { name: "a bare LF behind a chunk size", input: chunked("5\nhello\r\n0\r\n\r\n"), events: SIZE },
  { name: "a bare CR behind a chunk size", input: chunked("5\rhello\r\n0\r\n\r\n"), events: SIZE },
  { name: "CR CR LF behind a chunk size", input: chunked("5\r\r\nhello\r\n0\r\n\r\n"), events: SIZE },
  {
    name: "smuggle_chunk_size_64_bits",
    input: chunked("10000000000000005\r\nhello\r\n0\r\n\r\n"),
    events: [...POSTED, ...refused("CHUNK_SIZE_TOO_LARGE", 413)],
  },
  {
    name: "smuggle_chunk_size_53_bits",
    input: chunked("20000000000001\r\nhello\r\n0\r\n\r\n"),
    events: [...POSTED, ...refused("CHUNK_SIZE_TOO_LARGE", 413)],
  },
  {
    name: "attack_chunk_size_of_endless_zeros",
    input: chunked("0".repeat(1000)),
    events: [...POSTED, ...refused("CHUNK_SIZE_TOO_LARGE", 413)],
  },
  ...[
    ";a",
    ";a=b",
    ' ; a = "b"',
    '\t;\ta="x;y"',
    ';a="\\""',
    ";",
    ";;",
    ";\xff",
    ";a\t",
    ';a="0\\r\\n"',
    ";a=b;c=d",
  ].map((extension) => ({
    name: `the chunk extension ${JSON.stringify(extension)} is ignored`,
    input: chunked(`3${extension}\r\nabc\r\n0${extension}\r\n\r\n`),
    events: [...POSTED, '"abc"', "end"],
  })),
  {
    name: "smuggle_chunk_extension_bare_lf",
    input: chunked("2;\nxx\r\n4c\r\n0\r\n\r\n"),
    events: EXTENSION,
  },
  { name: "smuggle_chunk_extension_quoted_lf", input: chunked('2;a="\n"\r\nxx'), events: EXTENSION },
  { name: "smuggle_chunk_extension_bare_cr", input: chunked("2;a\rb\r\nxx"), events: SIZE },
  { name: "NUL in a chunk extension", input: chunked("2;a\x00\r\nxx"), events: EXTENSION },
  {
    name: "extensions up to their limit",
    limits: limits({ maxChunkExtensions: 8 }),
    input: chunked("1;abc\r\nx\r\n1;abc\r\ny\r\n0\r\n\r\n"),
    events: [...POSTED, '"xy"', "end"],
  },
  {
    name: "attack_chunk_extensions_one_byte_past_their_limit",
    limits: limits({ maxChunkExtensions: 8 }),
    input: chunked("1;abc\r\nx\r\n1;abcd\r\ny\r\n0\r\n\r\n"),
    events: [...POSTED, '"x"', ...refused("CHUNK_EXTENSIONS_TOO_LARGE")],
  },
  {
    name: "attack_white_space_behind_chunk_sizes",
    limits: limits({ maxChunkExtensions: 8 }),
    input: chunked(`1${" ".repeat(9)};\r\nx\r\n0\r\n\r\n`),
    events: [...POSTED, ...refused("CHUNK_EXTENSIONS_TOO_LARGE")],
  },
  { name: "data longer than its size", input: chunked("3\r\nabcd\r\n0\r\n\r\n"), events: CHUNK_END },
  { name: "data ended by LF alone", input: chunked("3\r\nabc\n0\r\n\r\n"), events: CHUNK_END },
  { name: "data ended by CR alone", input: chunked("3\r\nabc\r0\r\n\r\n"), events: CHUNK_END },
  { name: "data ended by nothing", input: chunked("3\r\nabc0\r\n\r\n"), events: CHUNK_END },
  {
    name: "data shorter than its size",
    input: chunked("5\r\nabc\r\n0\r\n\r\n"),
    events: [...POSTED, '"abc\\r\\n"', ...refused("CHUNK_END_INVALID")],
  },
  {
    name: "after the last chunk the closing CRLF is awaited",
    input: chunked("3\r\nabc\r\n0\r\n"),
    eof: true,
    events: [...POSTED, '"abc"', ...refused("BODY_INCOMPLETE")],
  },
  {
    name: "half of the closing CRLF",
    input: chunked("0\r\n\r"),
    eof: true,
    events: [...POSTED, ...refused("BODY_INCOMPLETE")],
  },
  {
    name: "the closing CRLF as LF alone",
    input: chunked("0\r\n\n"),
    events: [...POSTED, ...NAME],
  },

  // Rule 7
  {
    name: "trailers stay apart from the fields",
    input: chunked("0\r\nA: b\r\nA: c\r\n\r\n"),
    fields: true,
    events: ["POST / chunked {Host: a; Transfer-Encoding: chunked}", "end {A: b; A: c}"],
  },
  {
    name: "smuggle_trailers",
    input: chunked(
      "1\r\nx\r\n0\r\nContent-Length: 50\r\nTransfer-Encoding: gzip\r\nHost: evil\r\nConnection: close\r\n\r\n",
    ),
    events: [
      ...POSTED,
      '"x"',
      "end {Content-Length: 50; Transfer-Encoding: gzip; Host: evil; Connection: close}",
    ],
  },
  {
    name: "a space before the colon in a trailer",
    input: chunked("0\r\nA : b\r\n\r\n"),
    events: [...POSTED, ...NAME],
  },
  { name: "a trailer without a colon", input: chunked("0\r\nA\r\n\r\n"), events: [...POSTED, ...NAME] },
  { name: "a trailer with an empty name", input: chunked("0\r\n: b\r\n\r\n"), events: [...POSTED, ...NAME] },
  { name: "NUL in a trailer", input: chunked("0\r\nA: \x00\r\n\r\n"), events: [...POSTED, ...VALUE] },
  { name: "a bare LF behind a trailer", input: chunked("0\r\nA: b\n\r\n"), events: [...POSTED, ...VALUE] },
  {
    name: "a folded trailer",
    input: chunked("0\r\nA: b\r\n c\r\n\r\n"),
    events: [...POSTED, ...refused("FIELD_FOLDED")],
  },
  {
    name: "a length that is cut short",
    input: `${post("Content-Length: 5")}hell`,
    eof: true,
    events: ["POST / length=5", '"hell"', ...refused("BODY_INCOMPLETE")],
  },
  {
    name: "a length of which nothing comes",
    input: post("Content-Length: 5"),
    eof: true,
    events: ["POST / length=5", ...refused("BODY_INCOMPLETE")],
  },
  {
    name: "a chunk that is cut short",
    input: chunked("5\r\nhel"),
    eof: true,
    events: [...POSTED, '"hel"', ...refused("BODY_INCOMPLETE")],
  },
  {
    name: "chunks without a last one",
    input: chunked("3\r\nabc\r\n"),
    eof: true,
    events: [...POSTED, '"abc"', ...refused("BODY_INCOMPLETE")],
  },
];

const requestLine: Case[] = [
  // Rule 8
  { name: "a CRLF before the request line", input: `\r\n${get()}`, events: GOT },
  { name: "many CRLFs before the request line", input: `${"\r\n".repeat(20)}${get()}`, events: GOT },
  { name: "a bare LF before the request line", input: `\n${get()}`, events: LINE },
  { name: "a bare CR before the request line", input: `\r${get()}`, events: LINE },
  {
    name: "attack_endless_empty_lines",
    limits: limits({ maxStartLine: 64 }),
    input: "\r\n".repeat(200),
    events: LINE,
  },
  { name: "a CRLF, then the end", input: "\r\n", eof: true, events: ["eof"] },
  { name: "nothing at all, then the end", input: "", eof: true, events: ["eof"] },
  { name: "a request, then the end", input: get(), eof: true, events: [...GOT, "eof"] },
  {
    name: "the end inside a request line",
    input: "GET / HT",
    eof: true,
    events: refused("HEAD_INCOMPLETE"),
  },
  {
    name: "the end inside a field",
    input: "GET / HTTP/1.1\r\nHos",
    eof: true,
    events: refused("HEAD_INCOMPLETE"),
  },
  {
    name: "the end before the empty line",
    input: "GET / HTTP/1.1\r\nHost: a\r\n",
    eof: true,
    events: refused("HEAD_INCOMPLETE"),
  },
  ...[
    "/a b",
    "/a#b",
    "#",
    "a",
    "a/b",
    "?a",
    "*",
    "",
    "../a",
    "\\a",
    "a:80",
    "http:/a/",
    "http:a",
    "ftp://a/",
  ].map((text) => ({ name: `the target ${JSON.stringify(text)}`, input: target(text), events: TARGET })),
  ...["/\x80", "/\xc3\xa9", "/\xff", "/\x00", "/\x7f", "/a\tb", "/\x1b", "/a\x0bb"].map((text) => ({
    name: `the target ${JSON.stringify(text)}`,
    input: target(text),
    events: LINE,
  })),
  ...["/", "/a?b", "/?", "/%zz", "//a", "/a/../b", "/a?b?c", "/a:b@c", "/!$&'()*+,;=", "/?a=/http://b"].map(
    (text) => ({
      name: `the target ${JSON.stringify(text)}`,
      input: target(text),
      events: [`GET ${text}`, "end"],
    }),
  ),
  ...[
    "http/1.1",
    "HTTP/1.10",
    "HTTP/01.1",
    "HTTP/1",
    "HTTP/1.",
    "HTTP/.1",
    "HTTP/1,1",
    "HTTP/1.1x",
    "HTTP/-1.1",
    "HTTPS/1.1",
    "Http/1.1",
    "HTTP/11",
  ].map((version) => ({
    name: `the version ${JSON.stringify(version)}`,
    input: head(`GET / ${version}`, "Host: a"),
    events: VERSION,
  })),
  ...["HTTP/1.2", "HTTP/1.9"].map((version) => ({
    name: `${version} is treated as 1.1`,
    input: head(`GET / ${version}`, "Host: a"),
    events: GOT,
  })),
  ...["HTTP/2.0", "HTTP/3.0", "HTTP/0.9", "HTTP/9.9"].map((version) => ({
    name: `the version ${version}`,
    input: head(`GET / ${version}`, "Host: a"),
    events: refused("VERSION_UNSUPPORTED", 505),
  })),
  {
    name: "the preface of HTTP/2",
    input: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    events: refused("VERSION_UNSUPPORTED", 505),
  },
  { name: "a request of HTTP/0.9", input: "GET /\r\n\r\n", events: LINE },
  { name: "two spaces behind the method", input: head("GET  / HTTP/1.1", "Host: a"), events: TARGET },
  { name: "two spaces behind the target", input: head("GET /  HTTP/1.1", "Host: a"), events: TARGET },
  { name: "a space behind the version", input: head("GET / HTTP/1.1 ", "Host: a"), events: VERSION },
  { name: "a space before the method", input: head(" GET / HTTP/1.1", "Host: a"), events: LINE },
  { name: "tabs in place of spaces", input: head("GET\t/\tHTTP/1.1", "Host: a"), events: LINE },
  { name: "a word alone", input: head("GET", "Host: a"), events: LINE },
  { name: "CR CR LF behind the request line", input: "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", events: LINE },
  {
    name: "a TLS handshake",
    input: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
    events: refused("TLS_ON_PLAIN_PORT"),
  },
  { name: "binary bytes", input: "\x00\x01\x02\x03", events: LINE },

  // Rule 9
  ...["get", "Get", "FOO", "PRRT", "END", "M-SEARCH", "!#$%&'*+-.^_`|~09"].map((method) => ({
    name: `the method ${method} is passed on as it is`,
    input: target("/", method),
    events: [`${method} /`, "end"],
  })),
  ...["G(T", "GE,T", "G:T", "[GET]", '"GET"', "G@T", "GET/"].map((method) => ({
    name: `the method ${method}`,
    input: target("/", method),
    events: refused("METHOD_INVALID"),
  })),
  { name: "TRACE", input: target("/", "TRACE"), events: ["TRACE /", "end"] },

  // Rule 10
  {
    name: "a target of 8,000 octets",
    input: target(`/${"x".repeat(7999)}`),
    events: [`GET /${"x".repeat(7999)}`, "end"],
  },
  {
    name: "a request line at its limit",
    limits: limits({ maxStartLine: 32 }),
    input: target(`/${"x".repeat(32 - "GET / HTTP/1.1".length)}`),
    events: [`GET /${"x".repeat(32 - "GET / HTTP/1.1".length)}`, "end"],
  },
  {
    name: "a request line one byte past its limit",
    limits: limits({ maxStartLine: 32 }),
    input: target(`/${"x".repeat(33 - "GET / HTTP/1.1".length)}`),
    events: refused("REQUEST_LINE_TOO_LONG", 414),
  },
  {
    name: "attack_endless_request_line",
    limits: limits({ maxStartLine: 32 }),
    input: "x".repeat(33),
    events: refused("REQUEST_LINE_TOO_LONG", 414),
  },
  {
    name: "a field line at its limit",
    limits: limits({ maxFieldLine: 16 }),
    input: get(`A: ${"x".repeat(13)}`),
    events: GOT,
  },
  {
    name: "a field line one byte past its limit",
    limits: limits({ maxFieldLine: 16 }),
    input: get(`A: ${"x".repeat(14)}`),
    events: refused("FIELD_LINE_TOO_LARGE", 431),
  },
  {
    name: "a field name past the line's limit",
    limits: limits({ maxFieldLine: 16 }),
    input: "GET / HTTP/1.1\r\nabcdefghijklmnopqrst",
    events: refused("FIELD_LINE_TOO_LARGE", 431),
  },
  {
    name: "white space before a value past the line's limit",
    limits: limits({ maxFieldLine: 16 }),
    input: get(`A:${" ".repeat(30)}b`),
    events: refused("FIELD_LINE_TOO_LARGE", 431),
  },
  {
    name: "as many fields as the limit",
    limits: limits({ maxFields: 3 }),
    input: get("A: b", "C: d"),
    events: GOT,
  },
  {
    name: "one field more than the limit",
    limits: limits({ maxFields: 3 }),
    input: get("A: b", "C: d", "E: f"),
    events: refused("FIELDS_TOO_MANY", 431),
  },
  {
    name: "a head at its limit",
    limits: limits({ maxHead: get("A: b").length }),
    input: get("A: b"),
    events: GOT,
  },
  {
    name: "a head one byte past its limit",
    limits: limits({ maxHead: get("A: b").length - 1 }),
    input: get("A: b"),
    events: refused("FIELDS_TOO_LARGE", 431),
  },
  {
    name: "trailers at their limit",
    limits: limits({ maxTrailers: "A: b\r\n\r\n".length }),
    input: chunked("0\r\nA: b\r\n\r\n"),
    events: [...POSTED, "end {A: b}"],
  },
  {
    name: "trailers one byte past their limit",
    limits: limits({ maxTrailers: "A: b\r\n\r\n".length - 1 }),
    input: chunked("0\r\nA: b\r\n\r\n"),
    events: [...POSTED, ...refused("FIELDS_TOO_LARGE", 431)],
  },
  {
    name: "a length at the body's limit",
    limits: limits({ maxBody: 5 }),
    input: `${post("Content-Length: 5")}hello`,
    events: ["POST / length=5", '"hello"', "end"],
  },
  {
    name: "a length one byte past the body's limit",
    limits: limits({ maxBody: 5 }),
    input: `${post("Content-Length: 6")}hello!`,
    events: refused("BODY_TOO_LARGE", 413),
  },
  {
    name: "chunks at the body's limit",
    limits: limits({ maxBody: 5 }),
    input: chunked("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),
    events: [...POSTED, '"abcde"', "end"],
  },
  {
    name: "chunks one byte past the body's limit",
    limits: limits({ maxBody: 5 }),
    input: chunked("3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n"),
    events: [...POSTED, '"abc"', ...refused("BODY_TOO_LARGE", 413)],
  },
];

const hostAndTarget: Case[] = [
  // Rule 11
  { name: "no Host", input: head("GET / HTTP/1.1"), events: refused("HOST_MISSING") },
  { name: "no Host in HTTP/1.2", input: head("GET / HTTP/1.2"), events: refused("HOST_MISSING") },
  { name: "two Hosts", input: head("GET / HTTP/1.1", "Host: a", "Host: b"), events: HOST },
  { name: "the same Host twice", input: head("GET / HTTP/1.1", "Host: a", "host: a"), events: HOST },
  { name: "two Hosts that are empty", input: head("GET / HTTP/1.1", "Host:", "Host:"), events: HOST },
  { name: "an empty Host before another", input: head("GET / HTTP/1.1", "Host:", "Host: a"), events: HOST },
  { name: "two Hosts in HTTP/1.0", input: head("GET / HTTP/1.0", "Host: a", "Host: b"), events: HOST },
  { name: "no Host in HTTP/1.0", input: head("GET / HTTP/1.0"), events: ["GET / 1.0 close", "end"] },
  ...[
    "a b",
    "a/b",
    "u@a",
    "a:x",
    "a, b",
    "a,b",
    "[::1",
    "::1",
    "::1]",
    "a?b",
    "a#b",
    "a:80:80",
    "%zz",
    "a%2",
    "\xc3\xa9",
    "\x80",
    "a:65536",
    "a:-1",
    "a:+1",
    "a: 80",
    "[::1]x",
    "[::1]:x",
    "[]",
    "[g::1]",
    ":80",
    "http://a",
    "a\\b",
    '"a"',
    "<a>",
  ].map((value) => ({ name: `the Host ${JSON.stringify(value)}`, input: host(value), events: HOST })),
  ...[
    "a",
    "A.example",
    "a:",
    "a:80",
    "[::1]",
    "[::1]:80",
    "1.2.3.4:65535",
    "a_b",
    "xn--9t4b11yi5a.kr",
    "%ec%9a%b0",
    "a:0",
    "a:00080",
    "[::ffff:1.2.3.4]",
    "[v1.x:y]",
    "  a  ",
    "",
  ].map((value) => ({ name: `the Host ${JSON.stringify(value)}`, input: host(value), events: GOT })),

  // Rule 12
  ...[
    "http://a/",
    "http://b:80/x?y",
    "HTTP://B",
    "http://b?x",
    "https://[::1]:443/",
    "http://b:",
    "http://b:/",
  ].map((text) => ({
    name: `the target ${text}`,
    input: target(text),
    events: [`GET ${text}`, "end"],
  })),
  {
    name: "the absolute form without Host",
    input: head("GET http://a/ HTTP/1.1"),
    events: refused("HOST_MISSING"),
  },
  {
    name: "the absolute form with a bad Host",
    input: head("GET http://a/ HTTP/1.1", "Host: a b"),
    events: HOST,
  },
  ...[
    "http://u@a/",
    "http://u:p@a/",
    "http://a:x/",
    "http://a:65536/",
    "http://a:80:80/",
    "http:///",
    "http://",
    "http://:80/",
    "http://?x",
    "http://a/#b",
    "http://a#b",
    "http://[::1/",
    "http://a,b/",
    "http://%zz/",
  ].map((text) => ({ name: `the target ${text}`, input: target(text), events: TARGET })),
  { name: "OPTIONS *", input: target("*", "OPTIONS"), events: ["OPTIONS *", "end"] },
  ...["GET", "HEAD", "POST", "options"].map((method) => ({
    name: `${method} *`,
    input: target("*", method),
    events: TARGET,
  })),
  { name: "OPTIONS *a", input: target("*a", "OPTIONS"), events: TARGET },
  { name: "CONNECT a:443", input: target("a:443", "CONNECT"), events: ["CONNECT a:443", "end"] },
  ...["a", "a:", "/", "/a:80", "http://a/", "http://a:80", "a:x", "*", "u@a:80", ":80"].map((text) => ({
    name: `CONNECT ${text}`,
    input: target(text, "CONNECT"),
    events: TARGET,
  })),
];

const connection: Case[] = [
  // Rule 13
  ...["100-continue", "100-Continue", "100-CONTINUE", " 100-continue ", ", 100-continue"].map((value) => ({
    name: `Expect: ${value}`,
    input: `${post("Content-Length: 2", `Expect: ${value}`)}ab`,
    events: ["POST / length=2 continue", '"ab"', "end"],
  })),
  {
    name: "Expect in HTTP/1.0 is ignored",
    input: `${head("POST / HTTP/1.0", "Content-Length: 2", "Expect: 100-continue")}ab`,
    events: ["POST / 1.0 length=2 close", '"ab"', "end"],
  },
  {
    name: "another expectation in HTTP/1.0 is ignored",
    input: head("POST / HTTP/1.0", "Expect: 200-ok"),
    events: ["POST / 1.0 close", "end"],
  },
  ...["200-ok", "100-continue, x", "x, 100-continue", "100-continue=1", "100-continue;q=1", "100"].map(
    (value) => ({
      name: `Expect: ${value}`,
      input: post("Content-Length: 2", `Expect: ${value}`),
      events: refused("EXPECTATION_UNKNOWN", 417),
    }),
  ),
  {
    name: "two expectations on two lines",
    input: post("Expect: 100-continue", "Expect: x"),
    events: refused("EXPECTATION_UNKNOWN", 417),
  },

  // Rule 15
  { name: "HTTP/1.0 closes", input: head("GET / HTTP/1.0", "Host: a"), events: ["GET / 1.0 close", "end"] },
  ...["keep-alive", "Keep-Alive", "x, keep-alive"].map((value) => ({
    name: `HTTP/1.0 with Connection: ${value}`,
    input: head("GET / HTTP/1.0", `Connection: ${value}`),
    events: ["GET / 1.0", "end"],
  })),
  {
    name: "HTTP/1.0 with keep-alive and close",
    input: head("GET / HTTP/1.0", "Connection: keep-alive, close"),
    events: ["GET / 1.0 close", "end"],
  },
  ...["close", "Close", "CLOSE", "keep-alive, Close", "close, keep-alive", ",close,", "x,\tclose ,y"].map(
    (value) => ({
      name: `Connection: ${value}`,
      input: get(`Connection: ${value}`),
      events: ["GET / close", "end"],
    }),
  ),
  {
    name: "close on a second line",
    input: get("Connection: keep-alive", "X: y", "connection: close"),
    events: ["GET / close", "end"],
  },
  ...["keep-alive", "closed", "not-close", "", "close;x", "upgrade", "clo se"].map((value) => ({
    name: `Connection: ${value}, which is not close`,
    input: get(`Connection: ${value}`),
    events: GOT,
  })),

  // Rule 16
  {
    name: "a request with close, and more bytes behind it",
    input: get("Connection: close") + get(),
    events: ["GET / close", "end"],
  },
  {
    name: "a request with close, and garbage behind it",
    input: `${get("Connection: close")}\x00\x01\x02`,
    events: ["GET / close", "end"],
  },
  {
    name: "a valid request, then garbage",
    input: `${get()}\x00\x01\x02`,
    events: [...GOT, ...LINE],
  },
  {
    name: "a valid request, then an invalid one",
    input: `${post("Content-Length: 2")}ab${post("Content-Length: x")}`,
    events: ["POST / length=2", '"ab"', "end", ...LENGTH],
  },
  {
    name: "pipelined requests",
    input:
      target("/1") +
      target("/2", "HEAD") +
      `${post("Content-Length: 3")}abc` +
      chunked("1\r\nx\r\n0\r\n\r\n") +
      target("/5"),
    events: [
      "GET /1",
      "end",
      "HEAD /2",
      "end",
      "POST / length=3",
      '"abc"',
      "end",
      ...POSTED,
      '"x"',
      "end",
      "GET /5",
      "end",
    ],
  },
  {
    name: "pipelined requests with CRLFs between them",
    input: `${get()}\r\n${get()}\r\n\r\n${get()}`,
    events: [...GOT, ...GOT, ...GOT],
  },
  {
    name: "a CRLF behind a body that its length does not count",
    input: `${post("Content-Length: 2")}ab\r\n${get()}`,
    events: ["POST / length=2", '"ab"', "end", ...GOT],
  },
  {
    name: "keep-alive requests of HTTP/1.0, then one of HTTP/1.1",
    input: head("GET / HTTP/1.0", "Connection: keep-alive") + get(),
    events: ["GET / 1.0", "end", ...GOT],
  },
];

const NEXT = head("GET /n HTTP/1.1", "Host:n");
const AFTER_NEXT = ["GET /n", "end"];
const GARBAGE = "\x00\xff\r\n\r\nGET / HTTP/1.1\r\n";

/** The same case with bytes behind it: another request, or after an error anything. */
function withTrailingBytes(one: Case): { readonly input: string; readonly events: readonly string[] } {
  if (one.events.at(-1)?.startsWith("!")) return { input: one.input + GARBAGE, events: one.events };
  const closes = one.events.some((event) => !event.startsWith("end") && / close\b/.test(event));
  return { input: one.input + NEXT, events: closes ? one.events : [...one.events, ...AFTER_NEXT] };
}

const tables = {
  framing,
  "request line and limits": requestLine,
  "host and target": hostAndTarget,
  connection,
};

for (const [table, cases] of Object.entries(tables)) {
  for (const one of cases) {
    test(`a request (${table}): ${one.name}`, () => {
      for (const { name, pieces } of feedings(one.input)) {
        assert.deepEqual(readRequests(pieces, one), one.events, name);
      }
      if (one.eof === true) return;
      const { input, events } = withTrailingBytes(one);
      const roomy = one.fields === true ? { ...one, fields: false } : one;
      for (const { name, pieces } of feedings(input)) {
        const seen = readRequests(pieces, roomy);
        const expected = one.fields === true ? events.map(withoutFields) : events;
        assert.deepEqual(seen, expected, `${name}, with trailing bytes`);
      }
    });
  }
}

/** Takes the fields off a line of a request; trailers stay, because they are always shown. */
function withoutFields(event: string): string {
  return event.startsWith("end") ? event : event.replace(/ \{.*\}$/s, "");
}
