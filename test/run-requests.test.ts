// Methods, URLs, headers and sections of a request: what a file says is what a server gets.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ConstructCase, constructs } from "./fixtures/construct-cases.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const folder = temporaryFolder();
writeFileSync(join(folder.path, "고양이.txt"), "야옹\n");
writeFileSync(join(folder.path, "cat.png"), Buffer.from("89504e47", "hex"));
const fileRoot = folder.path;

const FORM = "application/x-www-form-urlencoded";

constructs("methods, URLs and headers", [
  ...[
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "PATCH",
    "LINK",
    "UNLINK",
    "PURGE",
    "LOCK",
  ].map(
    (method): ConstructCase => ({ name: method, text: [`${method} {{host}}`, "HTTP 200"], sent: { method } }),
  ),
  {
    name: "CONNECT is not for this client",
    text: ["CONNECT {{host}}", "HTTP 200"],
    fails: [3, '1:9 HTTP connection: Cannot send the method "CONNECT": a tunnel is not made by this client'],
  },
  {
    name: "a URL with a query, and characters that have to be encoded",
    text: ["GET {{host}}/고양이?q=야옹&x=%20#part", "HTTP 200"],
    sent: { target: "/%EA%B3%A0%EC%96%91%EC%9D%B4?q=%EC%95%BC%EC%98%B9&x=%20" },
  },
  {
    name: "a URL that is none",
    text: ["GET ftp://localhost/", "HTTP 200"],
    fails: [
      3,
      "1:5 Invalid URL: invalid URL <ftp://localhost/> (Only <http://> and <https://> schemes are supported)",
    ],
  },
  {
    name: "headers, in their order, twice and with templates",
    text: ["GET {{host}}", "X-One: 1", "X-이름: 나비", "Accept: {{type}}", "X-Empty:", "HTTP 200"],
    variables: { type: "text/plain" },
    fails: [3, "3:1 Invalid value: header name <X-이름> is not valid"],
  },
  {
    name: "header values in Korean, an empty one, one that is there twice",
    text: [
      "GET {{host}}",
      "X-Name: 나비",
      "Accept: {{type}}",
      "X-Empty:",
      "X-Twice: a",
      "X-Twice: b",
      "HTTP 200",
    ],
    variables: { type: "text/plain" },
    sent: { headers: { "x-name": "나비", accept: "text/plain", "x-empty": "", "x-twice": "a, b" } },
  },
  {
    name: "the client's own fields",
    text: ["GET {{host}}"],
    sent: {
      headers: {
        accept: "*/*",
        "user-agent": /^sockeye\//,
        "accept-encoding": undefined,
        "content-type": undefined,
      },
    },
  },
  {
    name: "a Host of one's own",
    text: ["GET {{host}}", "Host: cats.test", "HTTP 200"],
    sent: { headers: { host: "cats.test" } },
  },
  {
    name: "a value with a line break is not sent",
    text: ["GET {{host}}", "X-Note: {{note}}", "HTTP 200"],
    variables: { note: "a\r\nX-Evil: 1" },
    fails: [3, "2:9 Invalid value: header value <a\r\nX-Evil: 1> is not valid"],
  },
]);

const QUERY = ["search: 고양이 & dog", "order[0]: {{order}}", "empty:"];
const QUERY_SENT = "?search=%EA%B3%A0%EC%96%91%EC%9D%B4%20%26%20dog&order[0]=new&empty=";

constructs("sections", [
  {
    name: "[Query]",
    text: ["GET {{host}}/s", "[Query]", ...QUERY, "HTTP 200"],
    variables: { order: "new" },
    sent: { target: `/s${QUERY_SENT}` },
  },
  {
    name: "[QueryStringParams] behind a query that is there",
    text: ["GET {{host}}/s?a=1#x", "[QueryStringParams]", ...QUERY, "HTTP 200"],
    variables: { order: "new" },
    sent: { target: `/s?a=1&${QUERY_SENT.slice(1)}` },
  },
  {
    name: "[Query] with a variable that is not there",
    text: ["GET {{host}}", "[Query]", "a: 1", "b: {{none}}", "HTTP 200"],
    fails: [3, "4:6 Undefined variable: you must set the variable none"],
  },
  {
    name: "[Form]",
    text: ["POST {{host}}", "[Form]", "name: 나비", "note: a=1&b +c", "HTTP 200"],
    sent: {
      headers: { "content-type": FORM },
      body: "name=%EB%82%98%EB%B9%84&note=a%3D1%26b%20%2Bc",
    },
  },
  {
    name: "[FormParams], and a Content-Type of one's own",
    text: ["PUT {{host}}", "Content-Type: text/x-form", "[FormParams]", "a: {{a}}", "HTTP 200"],
    variables: { a: true },
    sent: { method: "PUT", headers: { "content-type": "text/x-form" }, body: "a=true" },
  },
  {
    name: "[Form] with a list for a value",
    text: ["POST {{host}}", "[Form]", "a: {{list}}", "HTTP 200"],
    variables: { list: { kind: "list", items: [{ kind: "integer", value: 1n }] } },
    fails: [3, "3:6 Unrenderable expression: expression with value [1] can not be rendered"],
  },
  {
    name: "[Multipart] of texts and files",
    text: [
      "POST {{host}}",
      "Content-Type: multipart/form-data; boundary=b",
      "[Multipart]",
      "이름: 나비",
      "text: file,고양이.txt;",
      "image: file,cat.png; image/x-cat",
      "HTTP 200",
    ],
    fileRoot,
    sent: {
      body: Buffer.concat([
        Buffer.from('--b\r\nContent-Disposition: form-data; name="이름"\r\n\r\n나비\r\n'),
        Buffer.from('--b\r\nContent-Disposition: form-data; name="text"; filename="고양이.txt"\r\n'),
        Buffer.from("Content-Type: text/plain\r\n\r\n야옹\n\r\n"),
        Buffer.from('--b\r\nContent-Disposition: form-data; name="image"; filename="cat.png"\r\n'),
        Buffer.from("Content-Type: image/x-cat\r\n\r\n"),
        Buffer.from("89504e470d0a", "hex"),
        Buffer.from("--b--\r\n"),
      ]),
    },
  },
  {
    name: "[MultipartFormData] chooses a boundary",
    text: ["POST {{host}}", "[MultipartFormData]", "a: 1", "HTTP 200"],
    sent: { headers: { "content-type": /^multipart\/form-data; boundary=-{24}[0-9a-f]{22}$/ } },
  },
  {
    name: "[Multipart] with a file that is not there",
    text: ["POST {{host}}", "[Multipart]", "a: file,none.txt;", "HTTP 200"],
    fileRoot,
    fails: [3, "3:9 File read access: file none.txt can not be read"],
  },
  {
    name: "[Multipart] with a file outside of the root",
    text: ["POST {{host}}", "[Multipart]", "a: file,../x;", "HTTP 200"],
    fileRoot,
    fails: [3, "3:9 Unauthorized file access: unauthorized access to file ../x, check --file-root option"],
  },
  {
    name: "[Cookies]",
    text: ["GET {{host}}", "[Cookies]", "theme: dark", "name: 나비", "HTTP 200"],
    sent: { headers: { cookie: "theme=dark; name=나비" } },
  },
  {
    name: "[Cookies] with a variable that is not there",
    text: ["GET {{host}}", "[Cookies]", "theme: {{none}}", "HTTP 200"],
    fails: [3, "3:10 Undefined variable: you must set the variable none"],
  },
  {
    name: "[Cookies] with a line break in one",
    text: ["GET {{host}}", "[Cookies]", "theme: {{note}}", "HTTP 200"],
    variables: { note: "a\r\nX-Evil: 1" },
    fails: [3, "3:1 Invalid value: cookie <theme=a\r\nX-Evil: 1> is not valid"],
  },
  {
    name: "[BasicAuth]",
    text: ["GET {{host}}", "[BasicAuth]", "고양이: {{password}}", "HTTP 200"],
    variables: { password: "a:b" },
    sent: { headers: { authorization: `Basic ${Buffer.from("고양이:a:b").toString("base64")}` } },
  },
  {
    name: "[BasicAuth] with a variable that is not there",
    text: ["GET {{host}}", "[BasicAuth]", "user: {{none}}", "HTTP 200"],
    fails: [3, "3:9 Undefined variable: you must set the variable none"],
  },
  {
    name: "[Options] with a variable for this entry and those behind it",
    text: [
      "GET {{host}}",
      "[Options]",
      "variable: name=나비",
      "HTTP 200",
      "",
      "GET {{host}}/{{name}}",
      "HTTP 200",
    ],
    sent: { target: "/%EB%82%98%EB%B9%84" },
  },
]);
