// A file in the way of each of the three clients that these files come from: what their users write first is read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { printHurl } from "../hurl/parse.ts";
import { templateText } from "../hurl/template-text.ts";
import { parseHttpFile } from "./parse.ts";

const restClient = `@hostname = localhost
@port = 8080
@host = {{hostname}}:{{port}}
@contentType = application/json
@startedAt = {{$datetime iso8601}}

###
@author = 박완서

GET http://{{host}}/books
    ?author={{author}}
    &limit=10 HTTP/1.1
Accept-Language: ko-KR,ko;q=0.9,en;q=0.6

###

# @name signIn
POST http://{{host}}/session HTTP/1.1
Content-Type: application/x-www-form-urlencoded

user=minji
&password={{$dotenv PASSWORD}}

###

// @note
@token = {{signIn.response.headers.X-Token}}

# @name addBook
POST http://{{host}}/books HTTP/1.1
Content-Type: {{contentType}}
Authorization: Bearer {{token}}

{
    "title": "나목",
    "requested": "{{startedAt}}",
    "key": "{{$guid}}",
    "shelf": {{$randomInt 1 20}}
}

###

PUT http://{{host}}/books/{{addBook.response.body.$.id}}/cover
Content-Type: image/png

< ./나목.png

###

POST http://{{host}}/reviews
Content-Type: application/xml

<@latin1 ./review.xml

###

GET http://{{host}}/feed/{{addBook.response.body.//entry[1]/@id}}
`;

const jetBrains = `### List books
GET http://localhost:8080
    /books
    ?limit=5&
    after=3

### Without a method
http://localhost:8080/health

### Ask a host
GET /books HTTP/1.1
Host: localhost:8080
// of the same server
Accept: application/json

### With a password
// @no-redirect
# @timeout 30 s
GET localhost:8080/private
Authorization: Basic minji 비밀

### Several parts
// @no-cookie-jar
// @no-log
POST http://localhost:8080/upload
Content-Type: multipart/form-data; boundary=seam

--seam
Content-Disposition: form-data; name="note"

첫 줄
--seam
Content-Disposition: form-data; name="file"; filename="data.json"
Content-Type: application/json

< ./data.json
--seam--

>>! ./answer.json

### A form
POST http://localhost:8080/form
Content-Type: application/x-www-form-urlencoded

name = {{$random.alphabetic(5)}} &
id = {{$random.uuid}} &
at = {{$isoTimestamp}}

<> 2024-05-01T101010.200.json
`;

const httpYac = `@host=http://localhost:8080
/*
  What every request here has.
*/

###
# @name books
# @description all of them
GET /books HTTP/1.1

?? status == 200
?? header content-type includes json
?? body total >= 1
?? js response.parsedBody.items[0].title == 나목

POST /echo HTTP/1.1
{{books.items[0].id}}

HTTP/1.1 200 OK
content-type: text/plain

1

###
# @ref books
GET /books/{{books.items[0].id}}
  ?time={{$timestamp}}
  &uuid={{$uuid}}

?? duration < 2000
?? xpath //title isFalse

###
POST /graphql HTTP/1.1
Content-Type: application/json

query one($id: Int!) {
  book(id: $id) { title }
}

{
  "id": {{books.items[0].id}}
}

?? body data.book isFalse
`;

const cases = [
  {
    client: "VS Code REST Client",
    text: restClient,
    lines: [
      "GET http://{{host}}/books?author={{author}}&limit=10 0",
      "POST http://{{host}}/session 0",
      "POST http://{{host}}/books 0",
      "PUT http://{{host}}/books/{{addBook.response.body.$.id}}/cover 0",
      "POST http://{{host}}/reviews 0",
      "GET http://{{host}}/feed/{{addBook.response.body.//entry[1]/@id}} 0",
    ],
  },
  {
    client: "JetBrains' HTTP Client",
    text: jetBrains,
    lines: [
      "GET http://localhost:8080/books?limit=5&after=3 0",
      "GET http://localhost:8080/health 0",
      "GET http://localhost:8080/books 0",
      "GET http://localhost:8080/private 0",
      "POST http://localhost:8080/upload 0",
      "POST http://localhost:8080/form 0",
    ],
  },
  {
    client: "httpyac",
    text: httpYac,
    lines: [
      "GET {{host}}/books 4",
      "POST {{host}}/echo 0",
      "GET {{host}}/books/{{books.items[0].id}}?time={{$timestamp}}&uuid={{$uuid}} 2",
      "POST {{host}}/graphql 1",
    ],
  },
];

for (const { client, text, lines } of cases) {
  test(`a file in the way of ${client} is read`, () => {
    const tree = parseHttpFile(text);
    assert.equal(printHurl(tree), text);
    const found = tree.entries.map(({ request, response }) => {
      const sections = response?.sections ?? [];
      const asserts = sections.flatMap((section) => (section.kind === "asserts" ? section.items : []));
      return `${request.method.text} ${templateText(request.url)} ${asserts.length}`;
    });
    assert.deepEqual(found, lines);
  });
}
