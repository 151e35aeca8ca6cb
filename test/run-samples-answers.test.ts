// What a user of Hurl would write first, of each kind once: what an answer has to be.

import { createHash } from "node:crypto";
import { html, json, samples } from "./fixtures/construct-cases.ts";
import type { Answer } from "./fixtures/echo.ts";

const SHOP = `<html><head><title>Example 가게</title><meta name="_csrf_token" content="t0ken"></head>
<body><p>One</p><p>Two</p><div>Hello, 고양이</div></body></html>`;

const ORDER = `{"validated": true, "userInfo": {"firstName": "Franck", "lastName": "Herbert"}, "hasDevice": false,
  "links": [${Array(12).fill('"x"').join(", ")}], "state": "new", "order": "order-12345678",
  "id": "123e4567-e89b-12d3-a456-426614174000", "ip": "127.0.0.1", "at": "2026-11-21T08:00:00Z"}`;

const COOKIE: Answer = (_received, response) => {
  response.setHeader("Set-Cookie", [
    "JSESSIONID=8400BAFE2F66443613DC38AE3D9D6239; Expires=Wed, 13 Jan 2027 22:23:01 GMT; Secure; HttpOnly; SameSite=Lax",
    "theme=light",
  ]);
  response.end();
};

samples("testing responses", [
  {
    name: "headers",
    text: `
GET {{host}}/index.html
HTTP 200
Set-Cookie: theme=light
[Asserts]
header "Set-Cookie" count == 2
`,
    answers: { "/index.html": COOKIE },
  },
  {
    name: "REST",
    text: `
GET {{host}}/order
screencapability: low
HTTP 200
[Asserts]
jsonpath "$.validated" == true
jsonpath "$.userInfo.firstName" == "Franck"
jsonpath "$.userInfo.lastName" == "Herbert"
jsonpath "$.hasDevice" == false
jsonpath "$.links" count == 12
jsonpath "$.state" != null
jsonpath "$.order" matches "^order-\\\\d{8}$"
jsonpath "$.order" matches /^order-\\d{8}$/     # Alternative syntax with regex literal
jsonpath "$.id" isUuid
jsonpath "$.ip" isIpv4
jsonpath "$.at" isIsoDate
jsonpath "$.at" toDate "%Y-%m-%dT%H:%M:%SZ" daysBeforeNow > -1
`,
    answers: { "/order": json(ORDER) },
  },
  {
    name: "a range of status codes",
    text: `
GET {{host}}/order/435
# Testing status code is in a 200-300 range
HTTP *
[Asserts]
status >= 200
status < 300
`,
  },
  {
    name: "HTML",
    text: `
GET {{host}}
HTTP 200
Content-Type: text/html; charset=utf-8
[Asserts]
xpath "string(/html/head/title)" contains "Example" # Check title
xpath "count(//p)" == 2  # Check the number of p
xpath "//p" count == 2  # Similar assert for p
xpath "boolean(count(//h2))" == false  # Check there is no h2
xpath "//h2" not exists  # Similar assert for h2
xpath "string(//div[1])" matches /Hello.*/
`,
    answer: html(SHOP),
  },
  {
    name: "attributes of cookies",
    text: `
GET {{host}}/home
HTTP 200
[Asserts]
cookie "JSESSIONID" == "8400BAFE2F66443613DC38AE3D9D6239"
cookie "JSESSIONID[Value]" == "8400BAFE2F66443613DC38AE3D9D6239"
cookie "JSESSIONID[Expires]" format "%d %b %Y" == "13 Jan 2027"
cookie "JSESSIONID[Secure]" exists
cookie "JSESSIONID[HttpOnly]" exists
cookie "JSESSIONID[SameSite]" == "Lax"
`,
    answers: { "/home": COOKIE },
  },
  {
    name: "bytes, their hash, a byte order mark",
    text: `
GET {{host}}/data.bin
HTTP 200
[Asserts]
bytes startsWith hex,efbbbf;
bytes count == 6
sha256 == hex,${createHash("sha256").update("\ufeffcat").digest("hex")};
md5 == hex,${createHash("md5").update("\ufeffcat").digest("hex")};
`,
    answers: { "/data.bin": { body: "\ufeffcat" } },
  },
  {
    name: "the whole body",
    text: `
GET {{host}}/api/cats/123
HTTP 200
{
  "name" : "Purrsloud",
  "species" : "Cat"
}
`,
    answers: { "/api/cats/123": json('{\n  "name" : "Purrsloud",\n  "species" : "Cat"\n}') },
  },
  {
    name: "redirects, one by one and all of them",
    text: `
GET {{host}}/step1
HTTP 301
[Asserts]
header "Location" == "{{host}}/step2"

GET {{host}}/step1
[Options]
location: true
HTTP 200
[Asserts]
redirects count == 2
redirects nth 0 location == "{{host}}/step2"
redirects nth 1 location == "{{host}}/step3"
url == "{{host}}/step3"
`,
    answers: {
      "/step1": ({ target, headers }, response) =>
        response
          .writeHead(301, { Location: `http://${headers.host}${target.replace("step1", "step2")}` })
          .end(),
      "/step2": { status: 302, fields: [["Location", "./step3"]] },
    },
  },
  {
    name: "HTTP version, IP address, duration",
    text: `
GET {{host}}
HTTP/1.1 200
[Asserts]
version == "1.1"
ip == "127.0.0.1"
ip not isIpv6
duration < 60000
`,
  },
]);
