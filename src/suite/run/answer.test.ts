import assert from "node:assert/strict";
import { test } from "node:test";
import zlib from "node:zlib";
import fc from "fast-check";
import { fieldText } from "../../text/field-text.ts";
import type { Span } from "../hurl/tree.ts";
import { jsonText } from "../values/json.ts";
import { queryMarkup } from "../values/xpath.ts";
import { Answer } from "./answer.ts";
import { responseWith } from "./response.contract.ts";

const PLACE = { offset: 6, line: 4, column: 7 };
const SOURCE: Span = { start: PLACE, end: { offset: 12, line: 4, column: 13 } };

const answerTo = (fields: Parameters<typeof responseWith>[0], body: string | Uint8Array): Promise<Answer> =>
  responseWith(fields, body).then((response) => Answer.make([response]));

/** "안녕" in EUC-KR. */
const EUC_KR = Uint8Array.of(0xbe, 0xc8, 0xb3, 0xe7);
/** "안녕", compressed by the reference zstd. */
const ZSTD = Buffer.from("KLUv/QRYMQAA7JWI64WVflgFrw==", "base64");

const texts: readonly (readonly [
  title: string,
  fields: Parameters<typeof responseWith>[0],
  body: string | Uint8Array,
  text: string,
])[] = [
  ["no type", [], "안녕", "안녕"],
  ["no charset", [["Content-Type", "text/plain"]], "안녕", "안녕"],
  ["UTF-8", [["Content-Type", "text/html; charset=utf-8"]], "안녕", "안녕"],
  ["a byte order mark", [], "\ufeff안녕", "안녕"],
  ["EUC-KR", [["Content-Type", "text/plain; charset=euc-kr"]], EUC_KR, "안녕"],
  ["a charset in quotes", [["Content-Type", 'text/plain; charset="EUC-KR"']], EUC_KR, "안녕"],
  ["CP949", [["Content-Type", "text/plain; charset=CP949"]], Uint8Array.of(0x8c, 0x63), "똠"],
  ["ISO-8859-1", [["Content-Type", "text/plain; charset=iso-8859-1"]], Uint8Array.of(0x63, 0xe9), "cé"],
  ["UTF-16", [["Content-Type", "text/plain; charset=utf-16"]], Buffer.from("안", "utf16le"), "안"],
  ["a type that is none", [["Content-Type", "plain"]], "안녕", "안녕"],
  ["gzip", [["Content-Encoding", "gzip"]], zlib.gzipSync("안녕"), "안녕"],
  ["X-GZip", [["Content-Encoding", "X-GZip"]], zlib.gzipSync("안녕"), "안녕"],
  ["deflate", [["Content-Encoding", "deflate"]], zlib.deflateSync("안녕"), "안녕"],
  ["br", [["Content-Encoding", "br"]], zlib.brotliCompressSync("안녕"), "안녕"],
  ["zstd", [["Content-Encoding", "zstd"]], ZSTD, "안녕"],
  ["identity", [["Content-Encoding", "identity"]], "안녕", "안녕"],
  [
    "two codings on two lines",
    [
      ["Content-Encoding", "gzip"],
      ["Content-Encoding", "br"],
    ],
    zlib.brotliCompressSync(zlib.gzipSync("안녕")),
    "안녕",
  ],
  ["a coding of nothing", [["Content-Encoding", "gzip"]], "", ""],
];

for (const [title, fields, body, text] of texts) {
  test(`The text of an answer with ${title} is ${JSON.stringify(text)}`, async () => {
    const answer = await answerTo(fields, body);
    assert.equal(answer.text(SOURCE), text);
    assert.equal(answer.text(SOURCE), text);
  });
}

const faults: readonly (readonly [
  fields: Parameters<typeof responseWith>[0],
  body: string | Uint8Array,
  code: string,
  title: string,
  text: string,
])[] = [
  [
    [["Content-Encoding", "br"]],
    "Hello World!",
    "BODY_DECODING",
    "Decompression error",
    "could not uncompress response with brotli: Decompression failed",
  ],
  [
    [["Content-Encoding", "gzip"]],
    "Hello World!",
    "BODY_DECODING",
    "Decompression error",
    "could not uncompress response with gzip: incorrect header check",
  ],
  [
    [["Content-Encoding", "deflate"]],
    zlib.deflateSync("Hello World!").subarray(0, 10),
    "BODY_DECODING",
    "Decompression error",
    "could not uncompress response with zlib: unexpected end of file",
  ],
  [
    [["Content-Encoding", "gzip, unknown"]],
    "Hello World!",
    "BODY_DECODING",
    "Decompression error",
    "compression unknown is not supported",
  ],
  [
    [["Content-Encoding", "gzip,gzip,gzip,gzip,gzip,gzip,gzip,gzip,gzip"]],
    "",
    "BODY_DECODING",
    "Decompression error",
    "9 compressions of one response are not supported",
  ],
  [
    [["Content-Type", "text/plain; charset=unknown"]],
    "Hello",
    "CHARSET",
    "Invalid charset",
    "the charset 'unknown' is not valid",
  ],
  [
    [["Content-Type", "text/plain"]],
    EUC_KR,
    "INVALID_DECODING",
    "Invalid decoding",
    "could not decode response body with charset 'UTF-8'",
  ],
  [
    [["Content-Type", "text/plain; charset=euc-kr"]],
    Uint8Array.of(0xff, 0xff),
    "INVALID_DECODING",
    "Invalid decoding",
    "could not decode response body with charset 'euc-kr'",
  ],
];

for (const [fields, body, code, title, text] of faults) {
  test(`An answer with ${fields.flat().join(": ")} has no text: ${text}`, async () => {
    const answer = await answerTo(fields, body);
    assert.throws(() => answer.text(SOURCE), {
      name: "Failure",
      code,
      title,
      source: SOURCE,
      detail: { form: "caret", text },
    });
  });
}

test("A body in a wrong charset, or not in its coding, keeps the bytes that came", async () => {
  const korean = await answerTo([["Content-Type", "text/plain; charset=utf-8"]], EUC_KR);
  assert.deepEqual(korean.bytes(SOURCE), EUC_KR);
  const coded = await answerTo([["Content-Encoding", "gzip"]], EUC_KR);
  assert.deepEqual(coded.response.rawBody, EUC_KR);
  assert.throws(() => coded.bytes(SOURCE), { code: "BODY_DECODING" });
  assert.deepEqual(coded.response.body, EUC_KR);
});

test("The JSON of an answer is read once, whatever its type is, and after a byte order mark", async () => {
  const answer = await answerTo([["Content-Type", "text/plain"]], '\ufeff{"이름": 1.0}');
  assert.equal(jsonText(answer.json(SOURCE)), '{"이름":1.0}');
  assert.equal(answer.json(SOURCE), answer.json(SOURCE));
});

test("What is no JSON fails where it is asked for", async () => {
  const answer = await answerTo([], "Hello World!");
  assert.throws(() => answer.json(SOURCE), {
    code: "INVALID_JSON",
    source: SOURCE,
    detail: {
      form: "caret",
      text: 'HTTP response is not a valid JSON: a value is expected, and "H…" stands there, at line 1, column 1',
    },
  });
});

const types: readonly (readonly [type: string, expression: string])[] = [
  ["text/html; charset=utf-8", "//b"],
  ["TEXT/HTML", "//b"],
  ["application/xhtml+xml", "//b"],
  ["application/xml", "//_:b"],
  ["text/plain", "//_:b"],
];

for (const [type, expression] of types) {
  test(`The markup of ${type} is asked for ${expression}`, async () => {
    const answer = await answerTo([["Content-Type", type]], '<a xmlns="urn:x"><b>굵게</b></a>');
    const count = queryMarkup(answer.markup(SOURCE), expression, SOURCE);
    assert.deepEqual(count, { kind: "nodeset", count: 1 });
    assert.equal(answer.markup(SOURCE), answer.markup(SOURCE));
  });
}

test("The redirects of an answer are the responses that led to it, not those that asked for credentials", async () => {
  const moved = await responseWith([["Location", "/b"]], "", { status: 302, url: "http://a/" });
  const asked = await responseWith([["WWW-Authenticate", "Digest"]], "", { status: 401, url: "http://a/b" });
  const choices = await responseWith([], "", { status: 304, url: "http://a/c" });
  const last = await responseWith([["Location", "/nowhere"]], "", { status: 302, url: "http://a/d" });
  const answer = Answer.make([moved, asked, choices, last]);
  assert.equal(answer.response, last);
  assert.deepEqual(
    answer.redirects.map(({ url, status }) => [url, status]),
    [["http://a/", 302]],
  );
  assert.throws(() => Answer.make([]), { message: "Cannot make an answer: there is no response" });
});

test("fieldText() reads UTF-8, and every other byte as a character", () => {
  assert.equal(fieldText(Buffer.from("한글 café").toString("latin1")), "한글 café");
  assert.equal(fieldText("caf\xe9"), "café");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      assert.equal(fieldText(Buffer.from(text).toString("latin1")), text);
    }),
  );
});
