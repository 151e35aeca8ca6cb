// What a user of Hurl would write first, of each kind once: requests.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { html, json, samples } from "./fixtures/construct-cases.ts";
import type { Answer } from "./fixtures/echo.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const folder = temporaryFolder();
writeFileSync(join(folder.path, "data.bin"), "yellow");
const fileRoot = folder.path;

const FORM = '<html><head><meta name="_csrf_token" content="t0ken"></head></html>';

samples("getting data", [
  {
    name: "headers",
    text: `
GET {{host}}/news
User-Agent: Mozilla/5.0
Accept: */*
Accept-Language: en-US,en;q=0.5
Accept-Encoding: gzip, deflate, br
Connection: keep-alive
`,
    sent: {
      headers: { "user-agent": "Mozilla/5.0", "accept-language": "en-US,en;q=0.5", connection: "keep-alive" },
    },
  },
  {
    name: "query parameters",
    text: `
GET {{host}}/news
[Query]
order: newest
search: something to search
count: 100
`,
    sent: { target: "/news?order=newest&search=something%20to%20search&count=100" },
  },
  {
    name: "basic authentication",
    text: `
GET {{host}}/protected
[BasicAuth]
bob: secret
`,
    sent: { headers: { authorization: "Basic Ym9iOnNlY3JldA==" } },
  },
  {
    name: "data from one request to the next",
    text: `
GET {{host}}
HTTP 200
[Captures]
csrf_token: xpath "string(//meta[@name='_csrf_token']/@content)"

# Log in!
POST {{host}}/login?user=toto&password=1234
X-CSRF-TOKEN: {{csrf_token}}
HTTP 302
`,
    answer: html(FORM),
    answers: { "/login": { status: 302, fields: [["Location", "/home"]] } },
    sent: { headers: { "x-csrf-token": "t0ken" } },
  },
]);

samples("sending data", [
  {
    name: "a form",
    text: `
POST {{host}}/contact
[Form]
default: false
token: {{token}}
email: john.doe@rookie.org
number: 33611223344
`,
    variables: { token: "a b" },
    sent: { body: "default=false&token=a%20b&email=john.doe%40rookie.org&number=33611223344" },
  },
  {
    name: "a form in parts",
    text: `
POST {{host}}/upload
[Multipart]
field1: value1
field2: file,data.bin;
# One can specify the file content type:
field3: file,data.bin; application/zip
HTTP 200
[Asserts]
jsonpath "$.body" contains "name=\\"field2\\"; filename=\\"data.bin\\"\\r\\nContent-Type: application/octet-stream"
jsonpath "$.body" contains "Content-Type: application/zip"
`,
    fileRoot,
  },
  {
    name: "JSON with templates",
    text: `
PUT {{host}}/api/hits
{
    "key0": "{{a_string}}",
    "key1": {{a_bool}},
    "key2": {{a_null}},
    "key3": {{a_number}}
}
`,
    variables: { a_string: "apple", a_bool: true, a_null: null, a_number: 42 },
    sent: {
      body: '{\n    "key0": "apple",\n    "key1": true,\n    "key2": null,\n    "key3": 42\n}',
      headers: { "content-type": "application/json" },
    },
  },
  {
    name: "GraphQL",
    text: `
POST {{host}}/starwars/graphql
\`\`\`graphql
query Hero($episode: Episode, $withFriends: Boolean!) {
  hero(episode: $episode) {
    name
  }
}

variables {
  "episode": "JEDI",
  "withFriends": false
}
\`\`\`
HTTP 200
[Asserts]
jsonpath "$.body" jsonpath "$.variables.episode" == "JEDI"
jsonpath "$.body" jsonpath "$.query" startsWith "query Hero("
`,
  },
  {
    name: "SOAP",
    text: `
POST {{host}}/InStock
Content-Type: application/soap+xml; charset=utf-8
SOAPAction: "http://www.w3.org/2003/05/soap-envelope"
<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope" xmlns:m="https://example.org">
  <soap:Header></soap:Header>
  <soap:Body>
    <m:GetStockPrice>
      <m:StockName>GOOG</m:StockName>
    </m:GetStockPrice>
  </soap:Body>
</soap:Envelope>
HTTP 200
`,
    sent: {
      headers: {
        "content-type": "application/soap+xml; charset=utf-8",
        soapaction: '"http://www.w3.org/2003/05/soap-envelope"',
      },
    },
  },
  {
    name: "a file",
    text: `
POST {{host}}
Content-Type: application/octet-stream
file,data.bin;
`,
    fileRoot,
    sent: { body: "yellow" },
  },
  {
    name: "dynamic data",
    text: `
POST {{host}}/api/foo
{
  "date": "{{newDate}}",
  "email": "{{newUuid}}@test.com"
}
HTTP 200
[Asserts]
jsonpath "$.body" jsonpath "$.email" matches /^[0-9a-f-]{36}@test\\.com$/
`,
  },
]);

/** A job that is done when it is asked for the third time. */
function job(): Answer {
  let asked = 0;
  return (_received, response) => {
    asked += 1;
    response.end(JSON.stringify({ state: asked < 3 ? "RUNNING" : "COMPLETED" }));
  };
}

samples("others", [
  {
    name: "polling and retry",
    text: `
# Create a new job
POST {{host}}/api/jobs
HTTP 201
[Captures]
job_id: jsonpath "$.id"
[Asserts]
jsonpath "$.state" == "RUNNING"

# Pull job status until it is completed
GET {{host}}/api/jobs/{{job_id}}
[Options]
retry: 10   # maximum number of retry, -1 for unlimited
retry-interval: 1ms
HTTP 200
[Asserts]
jsonpath "$.state" == "COMPLETED"
`,
    answers: { "/api/jobs": { ...json('{"id": 7, "state": "RUNNING"}'), status: 201 }, "/api/jobs/7": job() },
  },
  {
    name: "a delay, a skipped entry, variables of an entry",
    text: `
GET {{host}}/a
[Options]
delay: 1ms
HTTP 200

# a, c, d are run, b is skipped
GET {{host}}/b
[Options]
skip: true
HTTP 500

GET {{host}}/c/{{name}}/{{count}}
[Options]
variable: name=Mao
variable: count=3
HTTP 200
`,
    sent: { target: "/c/Mao/3" },
  },
  {
    name: "a secret that is captured",
    text: `
GET {{host}}
HTTP 200
[Captures]
token: header "X-Token" redact

GET {{host}}/next
Authorization: Bearer {{token}}
HTTP 200
`,
    answer: { fields: [["X-Token", "t0p"]] },
    sent: { headers: { authorization: "Bearer t0p" } },
  },
  {
    name: "AWS signature 4",
    text: `
POST {{host}}/generate
[Options]
aws-sigv4: aws:amz:eu-central-1:sts
user: bob=key:secret
HTTP 200
`,
    sent: {
      headers: {
        authorization: /^AWS4-HMAC-SHA256 Credential=bob=key\/\d{8}\/eu-central-1\/sts\/aws4_request/,
      },
    },
  },
  {
    name: "comments, blank lines, CRs, and no line break at the end",
    text: `
# one

GET {{host}} # two\r
HTTP 200   # three\r
[Asserts]\r

# four
status == 200 # five`,
  },
]);
