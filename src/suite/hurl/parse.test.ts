// Every construct of the grammar: text → tree, in a compact form without positions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHurl, printHurl } from "./parse.ts";
import type { Assert, Capture, HurlOption, RequestSection, ResponseSection } from "./tree.ts";

const LEFT_OUT = ["source", "before", "ending", "raw", "tokens"];

/** A template as its text with `{{...}}`, bytes as hex, and of every other node what it means. */
function compact(node: unknown): unknown {
  if (node instanceof Uint8Array) return Buffer.from(node).toString("hex");
  if (Array.isArray(node)) return node.map(compact);
  if (typeof node !== "object" || node === null) return node;
  if ("parts" in node && Array.isArray(node.parts)) return node.parts.map(partText).join("");
  const kept = Object.entries(node).filter(
    ([name, value]) => !LEFT_OUT.includes(name) && value !== undefined,
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, compact(value)]));
}

function partText(part: { kind: string; value: unknown }): string {
  return part.kind === "text" ? String(part.value) : `{{${JSON.stringify(compact(part.value))}}}`;
}

/** The tree of `text`, which has to print back as it was. */
function parse(text: string): ReturnType<typeof parseHurl> {
  const file = parseHurl(text);
  assert.equal(printHurl(file), text);
  return file;
}

function requestSection(text: string): RequestSection {
  const section = parse(`GET http://a\n${text}\n`).entries[0]?.request.sections[0];
  assert.ok(section);
  return section;
}

function responseSection(text: string): ResponseSection {
  const section = parse(`GET http://a\nHTTP 200\n${text}\n`).entries[0]?.response?.sections[0];
  assert.ok(section);
  return section;
}

function assertion(text: string): Assert {
  const item = responseSection(`[Asserts]\n${text}`).items[0];
  assert.ok(item?.kind === "assert");
  return item;
}

function capture(text: string): Capture {
  const item = responseSection(`[Captures]\n${text}`).items[0];
  assert.ok(item?.kind === "capture");
  return item;
}

function option(text: string): HurlOption {
  const item = requestSection(`[Options]\n${text}`).items[0];
  assert.ok(item?.kind === "option");
  return item;
}

const requests = [
  { text: "", entries: [] },
  { text: "\n\n# only a comment", entries: [] },
  { text: "GET http://a", entries: [{ method: "GET", url: "http://a" }] },
  {
    text: "  PURGE \t http://a/b?c=d&e=f  # why\n",
    entries: [{ method: "PURGE", url: "http://a/b?c=d&e=f" }],
  },
  { text: "GET http://a#b", entries: [{ method: "GET", url: "http://a" }] },
  { text: "GET http://a\\#b", entries: [{ method: "GET", url: "http://a#b" }] },
  { text: "GET http://가나/다 라\n", entries: [{ method: "GET", url: "http://가나/다 라" }] },
  { text: "\uFEFFGET http://a\r\nX: 1\r\n", entries: [{ method: "GET", url: "http://a", headers: ["X=1"] }] },
  {
    text: "GET http://a\n\n# before a header\nX-한글: 값 # after\nEmpty:\n$top : a: b\nY:\\u{ac00}\\#\\n\n",
    entries: [{ method: "GET", url: "http://a", headers: ["X-한글=값", "Empty=", "$top=a: b", "Y=가#\n"] }],
  },
  {
    text: "GET http://a\nHTTP 200\nPOST http://b\nPUT http://c",
    entries: [
      { method: "GET", url: "http://a", status: 200 },
      { method: "POST", url: "http://b" },
      { method: "PUT", url: "http://c" },
    ],
  },
];

for (const { text, entries } of requests) {
  test(`parseHurl() reads the requests of ${JSON.stringify(text)}`, () => {
    const found = parse(text).entries.map(({ request, response }) => ({
      method: request.method.text,
      url: compact(request.url),
      ...(request.headers.length > 0 && {
        headers: request.headers.map(({ key, value }) => `${compact(key)}=${compact(value)}`),
      }),
      ...(response && { status: response.status.value }),
    }));
    assert.deepEqual(found, entries);
  });
}

const responses = [
  { text: "HTTP *", version: "any", status: "any" },
  { text: "HTTP/* 204", version: "any", status: 204 },
  { text: "HTTP/1.0\t200 # c", version: "HTTP/1.0", status: 200 },
  { text: "HTTP/1.1 200", version: "HTTP/1.1", status: 200 },
  { text: "  HTTP/2  404", version: "HTTP/2", status: 404 },
  { text: "HTTP/3 500", version: "HTTP/3", status: 500 },
];

for (const { text, version, status } of responses) {
  test(`parseHurl() reads the response line ${JSON.stringify(text)}`, () => {
    const response = parse(`GET http://a\n\n${text}\nX: y\n`).entries[0]?.response;
    assert.deepEqual([response?.version.value, response?.status.value], [version, status]);
    assert.deepEqual(compact(response?.headers), [{ kind: "key-value", key: "X", value: "y" }]);
  });
}

const pair = { kind: "key-value", key: "a", value: "b c" };
const sections = [
  { text: "[Query]\na: b c", kind: "query", items: [pair] },
  { text: "[QueryStringParams]\n\n# c\na : b c", kind: "query", items: [pair] },
  { text: "[Form]\na: b c\na: b c", kind: "form", items: [pair, pair] },
  { text: "[FormParams]", kind: "form", items: [] },
  { text: "[Cookies] # c\na: b c", kind: "cookies", items: [pair] },
  { text: "[BasicAuth]\na: b c", kind: "basic-auth", items: [pair] },
  {
    text: "[Multipart]\na: b c\nf: file,d.txt;\ng: file, {{x}}\\ y.html ; text/html; charset=utf-8 # c",
    kind: "multipart",
    items: [
      pair,
      { kind: "file-param", key: "f", file: { kind: "file", name: "d.txt" } },
      {
        kind: "file-param",
        key: "g",
        file: { kind: "file", name: '{{{"kind":"variable","name":"x"}}} y.html' },
        contentType: "text/html; charset=utf-8",
      },
    ],
  },
  {
    text: '[Multipart]\nf: file,a; {{t}}/*; name="가"\ng: file,b; # c',
    kind: "multipart",
    items: [
      {
        kind: "file-param",
        key: "f",
        file: { kind: "file", name: "a" },
        contentType: '{{{"kind":"variable","name":"t"}}}/*; name="가"',
      },
      { kind: "file-param", key: "g", file: { kind: "file", name: "b" } },
    ],
  },
  { text: "[MultipartFormData]\na: b c", kind: "multipart", items: [pair] },
];

for (const { text, kind, items } of sections) {
  test(`parseHurl() reads the section ${JSON.stringify(text)}`, () => {
    const section = requestSection(text);
    assert.equal(section.kind, kind);
    assert.deepEqual(compact(section.items), items);
  });
}

const queries = [
  ...[
    "status",
    "version",
    "url",
    "ip",
    "body",
    "bytes",
    "rawbytes",
    "duration",
    "sha256",
    "md5",
    "redirects",
  ].map((kind) => ({ text: kind, query: { kind } })),
  { text: 'header "X"', query: { kind: "header", name: "X" } },
  { text: 'variable  "v"', query: { kind: "variable", name: "v" } },
  { text: "xpath \"//a[@b='c']\"", query: { kind: "xpath", expression: "//a[@b='c']" } },
  { text: 'jsonpath "$.가[0]"', query: { kind: "jsonpath", expression: "$.가[0]" } },
  { text: 'jsonpath "$[\\"a\\"]"', query: { kind: "jsonpath", expression: '$["a"]' } },
  { text: 'regex "a(\\\\d)"', query: { kind: "regex", pattern: "a(\\d)" } },
  {
    text: "regex /a\\/(\\d)\\\\/",
    query: { kind: "regex", pattern: { kind: "regex", pattern: "a/(\\d)\\\\" } },
  },
  ...["Subject", "Issuer", "Start-Date", "Expire-Date", "Serial-Number", "Subject-Alt-Name", "Value"].map(
    (attribute) => ({
      text: `certificate "${attribute}"`,
      query: { kind: "certificate", attribute },
    }),
  ),
  { text: 'cookie "a"', query: { kind: "cookie", name: "a" } },
  { text: 'cookie "a[Max-Age]"', query: { kind: "cookie", name: "a", attribute: "Max-Age" } },
  { text: 'cookie "a[ httponly ]"', query: { kind: "cookie", name: "a", attribute: "HttpOnly" } },
];

for (const { text, query } of queries) {
  test(`parseHurl() reads the query ${text}`, () => {
    assert.deepEqual(compact(assertion(`${text} exists`).query), query);
    assert.deepEqual(compact(capture(`id: ${text}`)), {
      kind: "capture",
      name: "id",
      query,
      filters: [],
      redact: false,
    });
  });
}

const filters = [
  ...[
    ...[
      "base64Decode",
      "base64Encode",
      "base64UrlSafeDecode",
      "base64UrlSafeEncode",
      "count",
      "daysAfterNow",
    ],
    ...[
      "daysBeforeNow",
      "first",
      "htmlEscape",
      "htmlUnescape",
      "last",
      "location",
      "toFloat",
      "toHex",
      "toInt",
    ],
    ...["toString", "urlDecode", "urlEncode", "utf8Decode", "utf8Encode"],
  ].map((kind) => ({ text: kind, filter: { kind } })),
  ...[
    "charsetDecode",
    "dateFormat",
    "decode",
    "format",
    "jsonpath",
    "split",
    "toDate",
    "urlQueryParam",
    "xpath",
  ].map((kind) => ({
    text: `${kind} "가 %Y"`,
    filter: { kind, argument: "가 %Y" },
  })),
  { text: "nth 2", filter: { kind: "nth", index: { kind: "integer", text: "2" } } },
  { text: "nth -1", filter: { kind: "nth", index: { kind: "integer", text: "-1" } } },
  {
    text: "nth {{i}}",
    filter: {
      kind: "nth",
      index: { kind: "placeholder", value: { kind: "variable", name: "i" }, filters: [] },
    },
  },
  { text: 'regex "a"', filter: { kind: "regex", pattern: "a" } },
  { text: "regex /a b/", filter: { kind: "regex", pattern: { kind: "regex", pattern: "a b" } } },
  { text: 'replace "a" "b"', filter: { kind: "replace", old: "a", by: "b" } },
  {
    text: 'replaceRegex /\\d/ "x"',
    filter: { kind: "replaceRegex", pattern: { kind: "regex", pattern: "\\d" }, by: "x" },
  },
];

for (const { text, filter } of filters) {
  test(`parseHurl() reads the filter ${text} in asserts, captures and placeholders`, () => {
    assert.deepEqual(compact(assertion(`body ${text}  count == 1`).filters), [filter, { kind: "count" }]);
    assert.deepEqual(compact(capture(`a: body ${text} # c`).filters), [filter]);
    const [part] = parse(`GET {{ a ${text} }}`).entries[0]?.request.url.parts ?? [];
    assert.deepEqual(part?.kind === "placeholder" && compact(part.filters), [filter]);
  });
}

test("parseHurl() reads redact after a capture's query and filters", () => {
  assert.equal(capture("a: body redact").redact, true);
  assert.equal(capture("a: body count redact # c").redact, true);
  assert.equal(capture("a: body count").redact, false);
});

const variable = { kind: "placeholder", value: { kind: "variable", name: "v" }, filters: [] };
const predicates = [
  ...[
    ...[
      "exists",
      "isBoolean",
      "isCollection",
      "isDate",
      "isEmpty",
      "isFloat",
      "isInteger",
      "isIpv4",
      "isIpv6",
    ],
    ...["isIsoDate", "isList", "isNumber", "isObject", "isString", "isUuid"],
  ].map((kind) => ({ text: kind, predicate: { kind, not: false } })),
  { text: "not  exists", predicate: { kind: "exists", not: true } },
  ...["==", "!=", ">", ">=", "<", "<="].map((kind) => ({
    text: `not ${kind} -12345678901234567890`,
    predicate: { kind, not: true, value: { kind: "integer", text: "-12345678901234567890" } },
  })),
  ...["startsWith", "endsWith", "contains", "includes", "matches"].map((kind) => ({
    text: `${kind} "가"`,
    predicate: { kind, not: false, value: { kind: "string", value: "가" } },
  })),
  { text: "==1.50", predicate: { kind: "==", not: false, value: { kind: "float", text: "1.50" } } },
  { text: "== -0", predicate: { kind: "==", not: false, value: { kind: "integer", text: "-0" } } },
  { text: "== 0.50", predicate: { kind: "==", not: false, value: { kind: "float", text: "0.50" } } },
  { text: "contains 1", predicate: { kind: "contains", not: false, value: { kind: "integer", text: "1" } } },
  { text: "not contains null", predicate: { kind: "contains", not: true, value: { kind: "null" } } },
  { text: "contains {{v}}", predicate: { kind: "contains", not: false, value: variable } },
  {
    text: "contains false",
    predicate: { kind: "contains", not: false, value: { kind: "boolean", value: false } },
  },
  { text: "== null", predicate: { kind: "==", not: false, value: { kind: "null" } } },
  { text: "!= false", predicate: { kind: "!=", not: false, value: { kind: "boolean", value: false } } },
  { text: "== {{v}}", predicate: { kind: "==", not: false, value: variable } },
  { text: "> {{ v }}", predicate: { kind: ">", not: false, value: variable } },
  { text: "== `a\\`b`", predicate: { kind: "==", not: false, value: { kind: "oneline", value: "a`b" } } },
  {
    text: "== ```\na\n```",
    predicate: { kind: "==", not: false, value: { kind: "multiline", attributes: [], value: "a\n" } },
  },
  {
    text: "contains hex,c0A8;",
    predicate: { kind: "contains", not: false, value: { kind: "hex", bytes: "c0a8" } },
  },
  {
    text: "startsWith base64,aGVs\n bG8=;",
    predicate: { kind: "startsWith", not: false, value: { kind: "base64", bytes: "68656c6c6f" } },
  },
  { text: "== file,a.bin;", predicate: { kind: "==", not: false, value: { kind: "file", name: "a.bin" } } },
  {
    text: "matches /^a$/",
    predicate: { kind: "matches", not: false, value: { kind: "regex", pattern: "^a$" } },
  },
];

for (const { text, predicate } of predicates) {
  test(`parseHurl() reads the predicate ${JSON.stringify(text)}`, () => {
    assert.deepEqual(compact(assertion(`body ${text} # c`).predicate), predicate);
  });
}

const strings = ["aws-sigv4", "cacert", "cert", "connect-to", "header", "key", "netrc-file", "output"];
const moreStrings = ["pinnedpubkey", "proxy", "resolve", "unix-socket", "user"];
const switches = ["compressed", "digest", "http1.0", "http1.1", "http2", "http3", "insecure", "ipv4", "ipv6"];
const moreSwitches = [
  "location",
  "location-trusted",
  "negotiate",
  "netrc",
  "netrc-optional",
  "ntlm",
  "path-as-is",
];
const options = [
  ...[...strings, ...moreStrings].map((name) => ({
    text: `${name}: a{{v}}`,
    value: { kind: "string", value: 'a{{{"kind":"variable","name":"v"}}}' },
  })),
  ...[...switches, ...moreSwitches, "skip", "verbose", "very-verbose"].flatMap((name) => [
    { text: `${name}: true`, value: { kind: "boolean", value: true } },
    { text: `${name} : {{v}}`, value: variable },
  ]),
  ...["max-redirs", "repeat", "retry"].flatMap((name) => [
    { text: `${name}: 3`, value: { kind: "count", value: 3 } },
    { text: `${name}: -1`, value: { kind: "count", value: "unlimited" } },
    { text: `${name}: {{v}}`, value: variable },
  ]),
  { text: "limit-rate: 1000", value: { kind: "natural", value: 1000 } },
  ...["connect-timeout", "delay", "max-time", "retry-interval"].flatMap((name) => [
    { text: `${name}: 5`, value: { kind: "duration", value: 5 } },
    { text: `${name}: 5ms # c`, value: { kind: "duration", value: 5, unit: "ms" } },
    { text: `${name}: 5s`, value: { kind: "duration", value: 5, unit: "s" } },
    { text: `${name}: 5m`, value: { kind: "duration", value: 5, unit: "m" } },
    { text: `${name}: 5h`, value: { kind: "duration", value: 5, unit: "h" } },
    { text: `${name}: {{v}}`, value: variable },
  ]),
  ...["cacert", "cert", "key", "output"].map((name) => ({
    text: `${name}: 가\\ \\#1.pem # c`,
    value: { kind: "string", value: "가 #1.pem" },
  })),
  { text: "cert: a\\:b.pem:c\\ d", value: { kind: "string", value: "a\\:b.pem:c d" } },
  ...["brief", "verbose", "debug"].map((value) => ({
    text: `verbosity: ${value}`,
    value: { kind: "verbosity", value },
  })),
  ...[
    { text: "null", value: { kind: "null" } },
    { text: "true", value: { kind: "boolean", value: true } },
    { text: "-2", value: { kind: "integer", text: "-2" } },
    { text: "7.7", value: { kind: "float", text: "7.7" } },
    { text: "0", value: { kind: "integer", text: "0" } },
    { text: "-0.5", value: { kind: "float", text: "-0.5" } },
    { text: "01234", value: { kind: "string", value: "01234" } },
    { text: "00.5", value: { kind: "string", value: "00.5" } },
    { text: "11aa", value: { kind: "string", value: "11aa" } },
    { text: '"7.7"', value: { kind: "string", value: "7.7" } },
    { text: "127.0.0.1", value: { kind: "string", value: "127.0.0.1" } },
    { text: "홍길동 님", value: { kind: "string", value: "홍길동 님" } },
  ].map(({ text, value }) => ({
    text: `variable: a-b_c=${text}`,
    value: { kind: "variable-definition", name: "a-b_c", value },
  })),
];

for (const { text, value } of options) {
  test(`parseHurl() reads the option ${text}`, () => {
    const found = option(text);
    assert.equal(found.name.text, text.slice(0, text.indexOf(":")).trimEnd());
    assert.deepEqual(compact(found.value), value);
  });
}

const string = (value: string): object => ({ kind: "string", value });
const bodies = [
  { text: '"a"', body: { kind: "json", value: string("a") } },
  { text: "-0.5e+10", body: { kind: "json", value: { kind: "number", text: "-0.5e+10" } } },
  { text: "null", body: { kind: "json", value: { kind: "null" } } },
  { text: "{{v}}", body: { kind: "json", value: variable } },
  { text: "[ ]", body: { kind: "json", value: { kind: "array", elements: [] } } },
  {
    text: "[true]",
    body: { kind: "json", value: { kind: "array", elements: [{ kind: "boolean", value: true }] } },
  },
  {
    text: '{\n "가\\ud83d\\ude00{{v}}" : [12345678901234567890, {{v}}],\r\n\t"b": {}\n}',
    body: {
      kind: "json",
      value: {
        kind: "object",
        members: [
          {
            name: '가😀{{{"kind":"variable","name":"v"}}}',
            value: { kind: "array", elements: [{ kind: "number", text: "12345678901234567890" }, variable] },
          },
          { name: "b", value: { kind: "object", members: [] } },
        ],
      },
    },
  },
  {
    text: "<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY b 'c'>]>\n<!-- <a> -->\n<a b = \"c>d\">\n<![CDATA[</a>]]><e/></a >",
    body: { kind: "xml" },
  },
  { text: "`a {{v}}\\n가`", body: { kind: "oneline", value: 'a {{{"kind":"variable","name":"v"}}}\n가' } },
  { text: "``````", body: { kind: "multiline", attributes: [], value: "" } },
  { text: "```a`b```", body: { kind: "multiline", attributes: [], value: "a`b" } },
  { text: "```\n```", body: { kind: "multiline", attributes: [], value: "" } },
  { text: "```  \r\na\\n\r\n```", body: { kind: "multiline", attributes: [], value: "a\\n\r\n" } },
  ...["base64", "hex", "json", "xml", "graphql", "raw"].map((language) => ({
    text: `\`\`\`${language}\n가\n\`\`\``,
    body: { kind: "multiline", language, attributes: [], value: "가\n" },
  })),
  {
    text: "```json, escape,novariable\n{{v}}\\t\\`\\u{ac00}\n```",
    body: {
      kind: "multiline",
      language: "json",
      attributes: ["escape", "novariable"],
      value: "{{v}}\t`가\n",
    },
  },
  { text: "```escape\n\\\\\n```", body: { kind: "multiline", attributes: ["escape"], value: "\\\n" } },
  {
    text: '```graphql\nquery { variables }\nvariablesOf\nvariables {"a": {{v}}}\n\n```',
    body: {
      kind: "multiline",
      language: "graphql",
      attributes: [],
      value: "query { variables }\nvariablesOf\n",
      variables: { kind: "object", members: [{ name: "a", value: variable }] },
      variablesText: 'variables {"a": {{v}}}\n\n',
    },
  },
  {
    text: "```graphql,  \n{ 가 }\n```",
    body: { kind: "multiline", language: "graphql", attributes: [], value: "{ 가 }\n" },
  },
  {
    text: "```,novariable\n{{v}}\n```",
    body: { kind: "multiline", attributes: ["novariable"], value: "{{v}}\n" },
  },
  { text: "base64,;", body: { kind: "base64", bytes: "" } },
  { text: "base64,aGVs bG8=;", body: { kind: "base64", bytes: "68656c6c6f" } },
  { text: "hex, 00fF ;", body: { kind: "hex", bytes: "00ff" } },
  { text: "file,a\\;b\\ 가.txt;", body: { kind: "file", name: "a;b 가.txt" } },
];

for (const { text, body } of bodies) {
  test(`parseHurl() reads the body ${JSON.stringify(text)} of requests and responses`, () => {
    const [entry] = parse(
      `GET http://a\nX: y\n[Options]\n# c\n${text} # c\n\nHTTP 200\n[Asserts]\n${text}`,
    ).entries;
    assert.deepEqual(compact(entry?.request.body), { value: body });
    assert.deepEqual(compact(entry?.response?.body), { value: body });
    const value = entry?.request.body?.value;
    if (value?.kind === "json" || value?.kind === "xml") assert.equal(value.raw, text);
  });
}

test("parseHurl() knows functions from variables, and a brace from a placeholder", () => {
  const [entry] = parse('GET {{newDate}}/{{newUuid}}/{{newUuids}}/{a}/{{가 split "{{x}}" nth 0}}').entries;
  const parts = entry?.request.url.parts.map((part) =>
    part.kind === "text" ? part.value : `${part.value.kind} ${part.value.name} ${part.filters.length}`,
  );
  const calls = ["function newDate 0", "/", "function newUuid 0", "/", "variable newUuids 0"];
  assert.deepEqual(parts, [...calls, "/{a}/", "variable 가 2"]);
});

for (const key of ['a{{b split "}}: {{c nth 0}}\\""}}', "{{b regex /}}\\/: /}}", "\\u{1f600}\\:"]) {
  test(`parseHurl() knows the line of the header ${key} by its colon`, () => {
    const [header] = parse(`GET http://a\n${key} : d\n`).entries[0]?.request.headers ?? [];
    assert.equal(header?.key.source.end.column, [...key].length + 1);
    assert.equal(compact(header?.value), "d");
  });
}

test("parseHurl() gives the comments to the line that follows them, and the last ones to the file", () => {
  const file = parse("# 하나\n\n#two\nGET http://a # three\n# four\nX: y\n  # five\n");
  const [entry] = file.entries;
  const texts = (lines: readonly { comment: { text: string } | undefined }[] = []): unknown[] =>
    lines.map(({ comment }) => comment?.text);
  assert.deepEqual(texts(entry?.request.before), [" 하나", undefined, "two"]);
  assert.equal(entry?.request.ending.comment?.text, " three");
  assert.deepEqual(texts(entry?.request.headers[0]?.before), [" four"]);
  assert.deepEqual(texts(file.after), [" five"]);
});

test("parseHurl() counts columns in characters and offsets in UTF-16 units", () => {
  const item = parse('GET http://a\nHTTP 200\n[Asserts]\njsonpath "😀가" == "x"').entries[0]?.response
    ?.sections[0];
  const predicate = item?.kind === "asserts" ? item.items[0]?.predicate : undefined;
  assert.deepEqual(predicate?.source, {
    start: { offset: 47, line: 4, column: 15 },
    end: { offset: 53, line: 4, column: 21 },
  });
});
