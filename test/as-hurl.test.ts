// A request written down as an entry of a Hurl file, read again: the entry says the request, or a comment tells
// what it does not say.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { asHurl } from "../src/message/as/hurl.ts";
import type { ShownRequest } from "../src/message/as/shown-request.ts";
import { Fields } from "../src/protocol/fields.ts";
import { parseHurl } from "../src/suite/hurl/parse.ts";
import type { BodyValue, HurlRequest, Template } from "../src/suite/hurl/tree.ts";
import { shownRequests } from "./fixtures/shown-requests.ts";

interface Read {
  readonly method: string;
  readonly url: string;
  readonly fields: readonly (readonly [string, string])[];
  /** By name, as they are written. */
  readonly options: readonly string[];
  readonly body: Buffer | { readonly file: string } | undefined;
  readonly comments: readonly string[];
}

/** The one request that a text holds, as it would be sent. */
function read(text: string): Read {
  const { entries } = parseHurl(text);
  assert.equal(entries.length, 1, text);
  const { request, response } = entries[0] as (typeof entries)[number];
  assert.equal(response, undefined, text);
  return {
    method: request.method.text,
    url: meant(request.url),
    fields: [
      ...request.headers.map(({ key, value }) => [meant(key), meant(value)] as const),
      ...impliedType(request),
    ],
    options: request.sections.flatMap((section) =>
      section.kind === "options" ? section.items.map(optionText) : [],
    ),
    body: bodyOf(request),
    comments: request.before.flatMap(({ comment }) => comment?.text ?? []),
  };
}

/** Nothing that is to be sent as it stands may become a placeholder. */
function meant({ parts }: Template): string {
  return parts
    .map((part) => {
      assert.equal(part.kind, "text");
      return part.kind === "text" ? part.value : "";
    })
    .join("");
}

type OptionItem = Extract<HurlRequest["sections"][number], { kind: "options" }>["items"][number];

function optionText({ name, value }: OptionItem): string {
  if (value.kind === "boolean") return `${name.text}: ${value.value}`;
  return `${name.text}: ${value.kind === "string" ? meant(value.value) : value.kind}`;
}

/** Hurl calls JSON, XML and forms by their names when the file does not. */
function impliedType(request: HurlRequest): (readonly [string, string])[] {
  if (request.headers.some(({ key }) => meant(key).toLowerCase() === "content-type")) return [];
  const kind = request.body?.value.kind;
  return kind === "json" || kind === "xml" || request.sections.some((section) => section.kind === "form")
    ? [["Content-Type", "implied"]]
    : [];
}

function bodyOf({ body, sections }: HurlRequest): Read["body"] {
  if (body !== undefined) return bytesOf(body.value);
  const form = sections.find((section) => section.kind === "form");
  if (form?.kind !== "form") return undefined;
  const encode = (part: Template): string =>
    encodeURIComponent(meant(part)).replace(
      /[!'()*]/g,
      (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  return Buffer.from(form.items.map(({ key, value }) => `${encode(key)}=${encode(value)}`).join("&"));
}

function bytesOf(value: BodyValue): Buffer | { readonly file: string } {
  switch (value.kind) {
    case "json":
      assert.doesNotMatch(value.raw, /\{\{/);
      return Buffer.from(value.raw);
    case "xml":
      return Buffer.from(value.raw);
    case "multiline":
      assert.equal(value.language, undefined);
      return Buffer.from(meant(value.value));
    case "oneline":
      return Buffer.from(meant(value.value));
    case "base64":
    case "hex":
      return Buffer.from(value.bytes);
    case "file":
      return { file: meant(value.name) };
    default:
      return assert.fail(`no form that is written: ${value.kind}`);
  }
}

function check(request: ShownRequest): void {
  const { method, url, fields, omit, body, compressed } = request;
  const text = asHurl(request);
  const found = read(text);
  const notUtf8 = [...fields].filter(([, value]) => !isUtf8(value)).map(([name]) => name);
  const expected = [...fields].map(([name, value]) => [
    name,
    notUtf8.includes(name) && !isUtf8(value) ? value : Buffer.from(value, "latin1").toString("utf8"),
  ]);
  assert.equal(found.method, method, text);
  assert.equal(found.url, url.replace(/#.*$/s, ""), text);
  assert.deepEqual(found.fields, expected, text);
  assert.deepEqual(found.body, body === undefined || body.length === 0 ? undefined : Buffer.from(body), text);
  const asks =
    compressed && !omit.includes("accept-encoding") && !fields.has("range") && !fields.has("accept-encoding");
  assert.deepEqual(found.options, asks ? ["compressed: true"] : [], text);
  const otherwise = ["User-Agent", "Accept"].filter(
    (name) => omit.includes(name.toLowerCase()) && !fields.has(name),
  );
  const chunked = request.chunked === true && body !== undefined && body.length > 0;
  assert.equal(found.comments.length, otherwise.length + notUtf8.length + (chunked ? 1 : 0), text);
  // A terminal can show it as it is.
  assert.doesNotMatch(text, /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
}

function isUtf8(value: string): boolean {
  return !Buffer.from(value, "latin1").toString("utf8").includes("\ufffd") || value.includes("\xef\xbf\xbd");
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PURGE", "HTTPS"];

test("whatever has to be escaped, the entry says the request", () => {
  fc.assert(
    fc.property(
      shownRequests(() => "http://127.0.0.1:3091", METHODS),
      check,
    ),
    { numRuns: 3000 },
  );
});

const U = "http://127.0.0.1:3091";
const plain = {
  method: "GET",
  url: `${U}/x`,
  fields: new Fields(),
  omit: [],
  body: undefined,
  compressed: false,
};
const typed = (type: string, body: string): Partial<ShownRequest> => ({
  method: "POST",
  fields: new Fields({ "Content-Type": type }),
  body: Buffer.from(body),
});

describe("asHurl()", () => {
  const cases: { readonly name: string; readonly request: Partial<ShownRequest>; readonly is: string }[] = [
    { name: "GET alone", request: {}, is: `GET ${U}/x` },
    {
      name: "a coding and redirects as options",
      request: { compressed: true, follow: true },
      is: `GET ${U}/x\n[Options]\ncompressed: true\nlocation: true`,
    },
    {
      name: "a socket",
      request: { socketPath: "/run/my #1.sock" },
      is: `GET ${U}/x\n[Options]\nunix-socket: /run/my \\#1.sock`,
    },
    {
      name: "JSON as it stands",
      request: typed("application/json", '{\n  "이름": ["핑핑", 1e2]\n}'),
      is: `POST ${U}/x\nContent-Type: application/json\n{\n  "이름": ["핑핑", 1e2]\n}`,
    },
    {
      name: "JSON with braces that are no variable between backticks",
      request: typed("application/json", '{"a":"{{b}}"}'),
      is: `POST ${U}/x\nContent-Type: application/json\n\`{"a":"\\u{7b}{b}}"}\``,
    },
    {
      name: "JSON that is not called JSON so that it does not become so",
      request: { method: "POST", body: Buffer.from("{}") },
      is: `POST ${U}/x\n\`{}\``,
    },
    {
      name: "XML as it stands",
      request: typed("application/xml", '<?xml version="1.0"?>\n<a b="1">&lt;</a>'),
      is: `POST ${U}/x\nContent-Type: application/xml\n<?xml version="1.0"?>\n<a b="1">&lt;</a>`,
    },
    {
      name: "XML with a fault as text",
      request: typed("application/xml", "<a><b></a>"),
      is: `POST ${U}/x\nContent-Type: application/xml\n\`<a><b></a>\``,
    },
    {
      name: "one line between backticks",
      request: typed("text/plain", "a # `b` \\n 나비"),
      is: `POST ${U}/x\nContent-Type: text/plain\n\`a # \\\`b\\\` \\\\n 나비\``,
    },
    {
      name: "several lines in a block",
      request: typed("text/plain", "a \\n\n# {x}\n"),
      is: `POST ${U}/x\nContent-Type: text/plain\n\`\`\`\na \\n\n# {x}\n\`\`\``,
    },
    {
      name: "a last line without its end in a block",
      request: typed("text/plain", "a\nb"),
      is: `POST ${U}/x\nContent-Type: text/plain\n\`\`\`\na\nb\`\`\``,
    },
    {
      name: "lines with a fence on one line",
      request: typed("text/markdown", "```\n{{x}}\r\n```"),
      is: `POST ${U}/x\nContent-Type: text/markdown\n\`\\\`\\\`\\\`\\n\\u{7b}{x}}\\r\\n\\\`\\\`\\\`\``,
    },
    {
      name: "a form as a form",
      request: typed("application/x-www-form-urlencoded", "%EC%9D%B4%EB%A6%84=%EA%B9%80%20%23&a="),
      is: `POST ${U}/x\nContent-Type: application/x-www-form-urlencoded\n[Form]\n이름: 김 \\#\na:`,
    },
    {
      name: "a form that Hurl would write otherwise as text",
      request: typed("application/x-www-form-urlencoded", "a=1+2"),
      is: `POST ${U}/x\nContent-Type: application/x-www-form-urlencoded\n\`a=1+2\``,
    },
    {
      name: "few bytes as hex",
      request: { method: "PUT", body: Buffer.from([0, 255]) },
      is: `PUT ${U}/x\nhex,00ff;`,
    },
    {
      name: "many bytes as base64",
      request: { method: "PUT", body: Buffer.alloc(60, 255) },
      is: `PUT ${U}/x\nbase64,${"/".repeat(76)}\n////;`,
    },
    {
      name: "a file by its name",
      request: { method: "PUT", bodyFile: "사진 1;#{a}.jpg" },
      is: `PUT ${U}/x\nfile,사진\\ 1\\;\\#\\{a\\}.jpg;`,
    },
    {
      name: "a file that Hurl does not reach by itself",
      request: { method: "PUT", bodyFile: "../a" },
      is: `# The body's file lies elsewhere: Hurl reads it with --file-root\nPUT ${U}/x\nfile,../a;`,
    },
    {
      name: "names and values with characters of Hurl's",
      request: { fields: new Fields({ "X!": "a \\ #b {{c}}", "If-Match": '"1"', "X-Empty": "" }) },
      is: `GET ${U}/x\nX\\u{21}: a \\\\ \\#b \\u{7b}{c}}\nIf-Match: "1"\nX-Empty:`,
    },
    {
      name: "no Host that the URL says, and no framing",
      request: { fields: new Fields({ host: "127.0.0.1:3091", "Content-Length": "0", "X-A": "1" }) },
      is: `GET ${U}/x\nX-A: 1`,
    },
    {
      name: "a query with braces, and no fragment",
      request: { url: `${U}/x?{{a}}#b` },
      is: `GET ${U}/x?\\u{7b}{a}}`,
    },
    {
      name: "what Hurl cannot say in comments",
      request: {
        method: "purge",
        target: "*",
        omit: ["user-agent"],
        fields: new Fields({ "X-A": "caf\xe9" }),
      },
      is: [
        "# Hurl has no method purge: its methods are capital letters",
        "# The request target is *, in place of the URL's: Hurl cannot say that",
        "# Sent without User-Agent: Hurl always sends one",
        "# The value of X-A is ISO 8859-1: Hurl sends it in UTF-8",
        `purge ${U}/x`,
        "X-A: café",
      ].join("\n"),
    },
  ];
  for (const { name, request, is } of cases) {
    test(`writes ${name}`, () => {
      const whole = { ...plain, ...request };
      assert.equal(asHurl(whole), is);
      if (whole.method === "purge") return;
      const { bodyFile, body } = whole as ShownRequest;
      assert.deepEqual(
        read(is).body,
        bodyFile === undefined ? body && Buffer.from(body) : { file: bodyFile },
      );
    });
  }
});
