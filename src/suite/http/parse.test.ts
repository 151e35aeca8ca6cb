// Each construct of `.http` files: text, and what the tree has of it. Every text is read with CRLF, too, and has to
// print back as it was.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hurlJson } from "../hurl/json.ts";
import { printHurl } from "../hurl/parse.ts";
import { templateText } from "../hurl/template-text.ts";
import type { BodyValue, Entry, HurlFile } from "../hurl/tree.ts";
import { parseHttpFile } from "./parse.ts";

/** What a case says of an entry; what it leaves out is not looked at. */
interface Shown {
  readonly line?: string;
  readonly headers?: readonly string[];
  /** Without `location: true`. */
  readonly options?: readonly string[];
  readonly user?: string;
  readonly body?: unknown;
  readonly captures?: readonly string[];
}

interface Case {
  readonly name: string;
  readonly text: string;
  readonly entries: readonly Shown[];
}

/** Of what hurlJson() prints, what is looked at here. */
interface Plain {
  readonly request?: Plain;
  readonly response?: Plain;
  readonly headers?: readonly Plain[];
  readonly options?: readonly Plain[];
  readonly captures?: readonly Plain[];
  readonly query?: Plain;
  readonly type?: string;
  readonly expr?: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly unit?: string;
}

function shown(entry: Entry, json: Plain): Required<Shown> {
  const { request } = entry;
  const pairs = (list: readonly Plain[] = []): string[] =>
    list.map(({ name, value, unit }) => `${name}: ${value}${unit ?? ""}`);
  const [basic] = request.sections.flatMap((section) => (section.kind === "basic-auth" ? section.items : []));
  const captures = json.response?.captures ?? [];
  return {
    line: `${request.method.text} ${templateText(request.url)}`,
    headers: pairs(json.request?.headers),
    options: pairs(json.request?.options).filter((option) => option !== "location: true"),
    user: basic === undefined ? "" : `${templateText(basic.key)} ${templateText(basic.value)}`,
    body: bodyShown(request.body?.value),
    captures: captures.map(({ name, query }) => {
      const words = [name, query?.type, query?.expr ?? query?.name];
      return words.filter((word) => word !== undefined).join(" ");
    }),
  };
}

function bodyShown(body: BodyValue | undefined): unknown {
  switch (body?.kind) {
    case undefined:
      return undefined;
    case "multiline": {
      if (body.language !== "graphql") return templateText(body.value);
      const members = body.variables?.members.map(({ name, value }) => [
        templateText(name),
        value.kind === "string" ? templateText(value.value) : value.kind,
      ]);
      return { query: templateText(body.value), variables: members };
    }
    case "file":
      return { file: templateText(body.name) };
    case "mixed":
      return body.pieces.map((piece) => {
        if (piece.kind === "string") return templateText(piece.value);
        const name = templateText(piece.name);
        return piece.kind === "file" ? { file: name } : { template: name, encoding: piece.encoding };
      });
    default:
      return body;
  }
}

function allShown(tree: HurlFile): readonly Required<Shown>[] {
  const { entries } = JSON.parse(hurlJson(tree)) as { readonly entries: Plain[] };
  return tree.entries.map((entry, index) => shown(entry, entries[index] ?? {}));
}

const cases: readonly Case[] = [
  // Request lines
  {
    name: "a URL alone is asked for with GET",
    text: "https://example.com/a",
    entries: [{ line: "GET https://example.com/a" }],
  },
  { name: "an empty file has no entries", text: "", entries: [] },
  { name: "separators and comments alone have no entries", text: "###\n# a\n\n### b\n// c\n", entries: [] },
  {
    name: "a version of HTTP may follow the URL",
    text: "GET http://a/ HTTP/1.1\n###\nGET http://a/ HTTP/1.0\n###\nhttp://a/ HTTP/2\n",
    entries: [
      { line: "GET http://a/", options: [] },
      { line: "GET http://a/", options: ["http1.0: true"] },
      { line: "GET http://a/", options: ["http2: true"] },
    ],
  },
  {
    name: "known methods may be in small letters",
    text: "post http://a/",
    entries: [{ line: "POST http://a/" }],
  },
  {
    name: "a method need not be a known one",
    text: "VERSION-CONTROL http://a/",
    entries: [{ line: "VERSION-CONTROL http://a/" }],
  },
  {
    name: "query lines continue the URL",
    text: "GET https://example.com/comments\n    ?page=2\n    &pageSize={{size}}\nAccept: */*",
    entries: [
      { line: "GET https://example.com/comments?page=2&pageSize={{size}}", headers: ["Accept: */*"] },
    ],
  },
  {
    name: "indented lines continue the URL",
    text: "GET http://example.com:8080\n    /api\n    /html\n    # why\n    ?id=123\n    &value=가 나\n",
    entries: [{ line: "GET http://example.com:8080/api/html?id=123&value=가%20나" }],
  },
  {
    name: "a header may be indented",
    text: "    GET http://a/\n    X-Y: z\n",
    entries: [{ line: "GET http://a/", headers: ["X-Y: z"] }],
  },
  {
    name: "a path gets its host from the Host field",
    text: "GET /api?x=1\nHost: example.com:8080\n###\nGET /b\nHost: https://example.com\n###\nGET /c\nhost: {{h}}\n###\nGET /d\nHost: a:8443",
    entries: [
      { line: "GET http://example.com:8080/api?x=1", headers: ["Host: example.com:8080"] },
      { line: "GET https://example.com/b", headers: [] },
      { line: "GET {{h}}/c", headers: ["host: {{h}}"] },
      { line: "GET https://a:8443/d" },
    ],
  },
  {
    name: "a path without a Host field gets the variable host",
    text: "@host = http://localhost:1\n\nGET /a\n###\nGET {{base}}/b\n",
    entries: [
      { line: "GET {{host}}/a", options: ["variable: host=http://localhost:1"] },
      { line: "GET {{base}}/b", options: [] },
    ],
  },
  {
    name: "a URL without a scheme is one of http, also when a variable has it",
    text: "GET example.com/a\n###\nlocalhost:3000/b\n###\n@h = localhost:1\n@c = {{h}}/x\nGET {{c}}/y\n###\n@s = https\nGET {{s}}://a",
    entries: [
      { line: "GET http://example.com/a" },
      { line: "GET http://localhost:3000/b" },
      { line: "GET http://{{c}}/y", options: ["variable: h=localhost:1", "variable: c={{h}}/x"] },
      { line: "GET {{s}}://a" },
    ],
  },
  // Separation
  {
    name: "regions are separated by ### and may have titles",
    text: "### 첫째\nGET http://a/1\n\n###둘째\nGET http://a/2\n####\n\nGET http://a/3",
    entries: [{ line: "GET http://a/1" }, { line: "GET http://a/2" }, { line: "GET http://a/3" }],
  },
  {
    name: "a whole request line begins a request without ###",
    text: "GET http://a/1 HTTP/1.1\n\nPOST http://a/2 HTTP/1.1\nX: y\n\nGET http://a/3 HTTP/1.1\nGET http://a/4 HTTP/1.1\n\nbody\nGET /x HTTP/1.1\n\n\nGET http://a/5 HTTP/1.1\n\nHTTP/1.1 200\n\nGET http://a/6 HTTP/1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: application/http\n\nGET /y HTTP/1.1\n\n--b--",
    entries: [
      { line: "GET http://a/1" },
      { line: "POST http://a/2", headers: ["X: y"] },
      { line: "GET http://a/3", body: undefined },
      { line: "GET http://a/4", body: "body\nGET /x HTTP/1.1" },
      { line: "GET http://a/5", body: undefined },
      { body: "--b\r\nContent-Type: application/http\r\n\r\nGET /y HTTP/1.1\r\n\r\n--b--" },
    ],
  },
  {
    name: "comments are left out everywhere",
    text: "/* several\nlines */\n# a\nPOST http://a/ \n// b\nX: y\n# c\n\n# d\none\n  // e\ntwo # three\n",
    entries: [{ line: "POST http://a/", headers: ["X: y"], body: "one\ntwo # three" }],
  },
  {
    name: "an example of an answer is left out, and asserts after it are not",
    text: "GET http://a/\n\nHTTP/1.1 200 OK\nContent-Type: a/b\n\nbody\n\n?? status == 200\n<> old.json\n###\nGET http://b/",
    entries: [{ line: "GET http://a/", headers: [], body: undefined }, { line: "GET http://b/" }],
  },
  // Variables
  {
    name: "a file's variables may use each other, whatever their order",
    text: "@b = {{a}}/{{$uuid}}\n\nGET http://h/{{b}}\n###\n@a = 가 나\n@unused = {{later.response.body.*}}",
    entries: [{ line: "GET http://h/{{b}}", options: ["variable: a=가 나", "variable: b={{a}}/{{$uuid}}"] }],
  },
  {
    name: "the last definition up to a request counts",
    text: "@a=1\nGET http://h/{{a}}\n###\n@a = 2\n###\n@a:= 3\nGET http://h/{{a}}\n@a = 4",
    entries: [{ options: ["variable: a=1"] }, { options: ["variable: a=4"] }],
  },
  {
    name: "line breaks in a variable are written as escapes",
    text: "@a = 1\\n2\\\\n\\d\nGET http://h/?{{a}}",
    entries: [{ options: ["variable: a=1\n2\\n\\d"] }],
  },
  {
    name: "names may have dots and spaces around them, and braces may be escaped",
    text: "POST http://h/{{ a.b-c }}\n\n\\{\\{a\\}\\} \\{\\{{}} {{{x}}} {{ 이름 }} {{",
    entries: [{ line: "POST http://h/{{a.b-c}}", body: "{{a}} {{{}} {{{x}}} {{이름}} {{" }],
  },
  {
    name: "dynamic variables are functions",
    text:
      "GET http://h/{{$guid}}/{{$random.uuid}}/{{$randomInt 5 200}}/{{$random.integer(1, 7)}}/{{$random.alphabetic(3)}}\n" +
      "A: {{$timestamp -3 h}} {{$isoTimestamp}} {{$datetime iso8601 1 y}}\n" +
      `B: {{$datetime "DD-MM-YYYY"}} {{$localDatetime 'YYYY년' -1 d}}\n` +
      "C: {{process.env.HOME}} {{$env.HOME}} {{$dotenv TOKEN}} {{$shared base}} {{$random.email}}",
    entries: [
      {
        line: "GET http://h/{{$guid}}/{{$random.uuid}}/{{$randomInt 5 200}}/{{$random.integer 1 7}}/{{$random.alphabetic 3}}",
        headers: [
          "A: {{$timestamp -3 h}} {{$isoTimestamp}} {{$datetime iso8601 1 y}}",
          `B: {{$datetime "DD-MM-YYYY"}} {{$localDatetime 'YYYY년' -1 d}}`,
          "C: {{$processEnv HOME}} {{$processEnv HOME}} {{$dotenv TOKEN}} {{base}} {{$random.email}}",
        ],
      },
    ],
  },
  {
    name: "parts of an earlier answer become captures",
    text:
      "# @name login\nPOST http://h/login\n###\n@t = {{login.response.body.$.token}}\n# @ref login\n" +
      "GET http://h/{{login.response.body.//a/@id}}\nA: {{t}}\nB: {{login.response.headers.X-Y}}\n\n" +
      "{{login.response.body.*}}{{login.response.body.items[0].이름}}{{login.list[1].first-name}}{{login}}{{t}}",
    entries: [
      {
        captures: [
          "login.response.body.//a/@id xpath string(//a/@id)",
          "login.response.body.$.token jsonpath $.token",
          "login.response.headers.X-Y header X-Y",
          "login.response.body.* body",
          "login.response.body.items[0].이름 jsonpath $.items[0].이름",
          "login.list[1].first-name jsonpath $.list[1]['first-name']",
          "login body",
        ],
      },
      {
        line: "GET http://h/{{login.response.body.//a/@id}}",
        options: ["variable: t={{login.response.body.$.token}}"],
        captures: [],
      },
    ],
  },
  {
    name: "a title names a request, and of one name the last before counts",
    text: "### a\nGET http://h/1\n### a\nGET http://h/2\n###\nGET http://h/{{a.response.body.$.x}}\n### a\nGET http://h/3",
    entries: [{ captures: [] }, { captures: ["a.response.body.$.x jsonpath $.x"] }, {}, { captures: [] }],
  },
  // Settings
  {
    name: "settings become options",
    text:
      "# @no-redirect\n// @no-cookie-jar\n# @timeout 600\n//@connection-timeout 2 m\n# @sleep 250\n# @noRejectUnauthorized\n" +
      "# @proxy http://p:1\n# @loop for 3\n# @disabled\n# @note\n# @no-log\n# @prompt name who\n# @author 나\nGET http://h/",
    entries: [
      {
        options: [
          "location: false",
          "no-cookie-store: true",
          "max-time: 600s",
          "connect-timeout: 2m",
          "delay: 250ms",
          "insecure: true",
          "proxy: http://p:1",
          "repeat: 3",
          "skip: true",
        ],
      },
    ],
  },
  {
    name: "an answer may be written to a file",
    text: "GET http://h/\n\n>> ./a {{b}}.json\n###\nGET http://h/\n>>! c.json",
    entries: [{ options: ["output: ./a {{b}}.json"], body: undefined }, { options: ["output: c.json"] }],
  },
  // Fields
  {
    name: "a name and password are encoded, and what is encoded stays",
    text:
      "GET http://h/\nAuthorization: Basic user:pass:wd\n###\nGET http://h/\nAuthorization: basic 사용자 {{pw}}\n###\n" +
      "GET http://h/\nAuthorization: Basic dXNlcjpwYXNz\n###\nGET http://h/\nAuthorization: Basic {{u}}:{{p}}\n###\n" +
      "GET http://h/\nAuthorization: Digest user pw\n###\nGET http://h/\nAuthorization: Bearer a b",
    entries: [
      { user: "user pass:wd", headers: [] },
      { user: "사용자 {{pw}}", headers: [] },
      { user: "", headers: ["Authorization: Basic dXNlcjpwYXNz"] },
      { user: "{{u}} {{p}}", headers: [] },
      { options: ["digest: true", "user: user:pw"], headers: [] },
      { headers: ["Authorization: Bearer a b"] },
    ],
  },
  // Bodies
  {
    name: "a body goes to the next ###, without the blank lines around it",
    text: 'POST http://h/\nContent-Type: application/json\n\n\n{\n\n  "이름": "{{a}}"\n}\n\n\n###\nGET http://h/',
    entries: [{ body: '{\n\n  "이름": "{{a}}"\n}' }, {}],
  },
  {
    name: "a body may begin without a blank line before it",
    text: 'POST http://h/\n{"a": 1}\nb: c',
    entries: [{ headers: [], body: '{"a": 1}\nb: c' }],
  },
  {
    name: "a body may be a file",
    text: "POST http://h/\n\n< ./a b\\{{c}}.xml  \n",
    entries: [{ body: { file: "./a b\\{{c}}.xml" } }],
  },
  {
    name: "a file may have variables",
    text: "POST http://h/\n\n<@ ./a.xml\n###\nPOST http://h/\n\n<@latin1 ./b.xml\n###\n@a = 1\n@b = {{c}}\n@t = {{later.response.body.*}}",
    entries: [
      {
        body: [{ template: "./a.xml", encoding: undefined }],
        options: ["variable: a=1", "variable: b={{c}}"],
      },
      { body: [{ template: "./b.xml", encoding: "latin1" }] },
    ],
  },
  {
    name: "texts and files may stand one after another",
    text: "POST http://h/\n\none\n< a.txt\n\ntwo\n< b.txt",
    entries: [{ body: ["one\n", { file: "a.txt" }, "\n\ntwo\n", { file: "b.txt" }] }],
  },
  {
    name: "XML is no file",
    text: "POST http://h/\n\n<a>\n  <b/>\n</a>\n\n?? status == 200",
    entries: [{ body: "<a>\n  <b/>\n</a>" }],
  },
  {
    name: "a multipart body is sent as it is written, with CRLF",
    text:
      'POST http://h/\nContent-Type: multipart/form-data; boundary=b\n\n--b\nContent-Disposition: form-data; name="t"\n\n제목\n' +
      '--b\nContent-Disposition: form-data; name="i"; filename="1.png"\n\n< ./1.png\n--b--',
    entries: [
      {
        body: [
          '--b\r\nContent-Disposition: form-data; name="t"\r\n\r\n제목\r\n--b\r\nContent-Disposition: form-data; name="i"; filename="1.png"\r\n\r\n',
          { file: "./1.png" },
          "\r\n--b--",
        ],
      },
    ],
  },
  {
    name: "a form over several lines is one line, percent-encoded",
    text:
      "POST http://h/\nContent-Type: application/x-www-form-urlencoded\n\nname = 홍 길동 &\n  a=%20{{b}}+c\n&d=1\n\n###\n" +
      "# @no-auto-encoding\nPOST http://h/\ncontent-type: application/x-www-form-urlencoded; charset=utf-8\n\na=b c",
    entries: [{ body: "name=%ED%99%8D%20%EA%B8%B8%EB%8F%99&a=%20{{b}}+c&d=1" }, { body: "a=b c" }],
  },
  {
    name: "GraphQL has a query and, after a blank line, variables",
    text:
      "# @name l\nGET http://h/\n###\nPOST http://h/\nX-REQUEST-TYPE: GraphQL\n\nquery ($n: String!) {\n\n  a(n: $n) { b }\n}\n\n" +
      '{\n  "n": "x{{$guid}}",\n  "이름": {{l.response.body.$.id}}\n}\n###\n' +
      "GRAPHQL http://h/\n\n{ a }\n\nfragment f on T { b }\n###\nGRAPHQL http://h/\n\n{ a }\n\n{}\n###\n" +
      "POST http://h/\nContent-Type: application/json\n\nmutation m($a: Int) { b }\n###\n" +
      "POST http://h/\nContent-Type: text/plain\n\nquery: text",
    entries: [
      { captures: ["l.response.body.$.id jsonpath $.id"] },
      {
        headers: [],
        body: {
          query: "query ($n: String!) {\n\n  a(n: $n) { b }\n}\n",
          variables: [
            ["n", "x{{$guid}}"],
            ["이름", "placeholder"],
          ],
        },
      },
      { line: "POST http://h/", body: { query: "{ a }\n\nfragment f on T { b }", variables: undefined } },
      { body: { query: "{ a }\n", variables: [] } },
      { body: { query: "mutation m($a: Int) { b }", variables: undefined } },
      { body: "query: text" },
    ],
  },
];

for (const { name, text, entries } of cases) {
  test(name, () => {
    for (const newline of ["\n", "\r\n"]) {
      const written = text.replaceAll("\n", newline);
      const tree = parseHttpFile(written);
      assert.equal(printHurl(tree), written);
      const found = allShown(tree);
      const asked = entries.map((entry, index) => {
        const names = Object.keys(entry) as (keyof Shown)[];
        return Object.fromEntries(names.map((key) => [key, found[index]?.[key]]));
      });
      assert.deepEqual(asked, entries);
      assert.equal(found.length, entries.length);
    }
  });
}
