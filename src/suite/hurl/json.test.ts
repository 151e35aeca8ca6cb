// What `hurlfmt --out json` prints for the same file: the names and the order of the members are its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hurlJson } from "./json.ts";
import { parseHurl } from "./parse.ts";

const GET = '"method":"GET","url":"http://a"';
const request = (text: string): string => `GET http://a\n${text}`;
const response = (text: string): string => `GET http://a\nHTTP 200\n${text}`;
const asserted = (text: string): string => response(`[Asserts]\n${text}`);
const ofRequest = (members: string): string => `{"entries":[{"request":{${GET}${members}}}]}\n`;
const ofResponse = (members: string): string =>
  `{"entries":[{"request":{${GET}},"response":{"status":200${members}}}]}\n`;
const ofAssert = (members: string): string => ofResponse(`,"asserts":[{${members}}]`);

const cases = [
  { name: "nothing", text: "", json: '{"entries":[]}\n' },
  {
    name: "comments before a request, and headers",
    text: "# one\n\n#둘\nGET http://a # no\nX: {{y count}}\n# no\n",
    json: ofRequest(',"headers":[{"name":"X","value":"{{y count}}"}],"comments":[" one","둘"]'),
  },
  {
    name: "sections in hurlfmt's order, without BasicAuth",
    text: request(
      "[Cookies]\na: b\n[BasicAuth]\nc: d\n[Multipart]\ne: file,f; g/{{ h }}\ni: j\n[Form]\nk: l\n[Query]\nm: n",
    ),
    json: ofRequest(
      ',"query_string_params":[{"name":"m","value":"n"}],"form_params":[{"name":"k","value":"l"}]' +
        ',"multipart_form_data":[{"name":"e","filename":"f","content_type":"g/{{h}}"},{"name":"i","value":"j"}]' +
        ',"cookies":[{"name":"a","value":"b"}]',
    ),
  },
  {
    name: "options with units and escapes",
    text: request("[Options]\nmax-time: 2h\ncert: a\\:b:c\noutput: 가\\ b\ndelay: {{d}}\nvariable: z=01234"),
    json: ofRequest(
      ',"options":[{"value":2,"unit":"h","name":"max-time"},{"name":"cert","value":"a\\\\:b:c"}' +
        ',{"name":"output","value":"가 b"},{"name":"delay","value":"{{d}}"}' +
        ',{"name":"variable","value":"z=01234"}]',
    ),
  },
  {
    name: "options, a unit before the name",
    text: request(
      "[Options]\ndelay: 5s\ndelay: 5\nretry: -1\nskip: {{a}}\nuser: a:b\nvariable: c=7.70\nverbosity: brief",
    ),
    json: ofRequest(
      ',"options":[{"value":5,"unit":"s","name":"delay"},{"name":"delay","value":5},{"name":"retry","value":-1}' +
        ',{"name":"skip","value":"{{a}}"},{"name":"user","value":"a:b"},{"name":"variable","value":"c=7.70"}' +
        ',{"name":"verbosity","value":"brief"}]',
    ),
  },
  {
    name: "a JSON body with its numbers, its order and its duplicates",
    text: request('{"b": 12345678901234567890, "a": [1.50, {{v}}, "\\u00e9{{v}}"], "a": {}}'),
    json: ofRequest(
      ',"body":{"type":"json","value":{"b":12345678901234567890,"a":[1.50,"{{v}}","é{{v}}"],"a":{}}}',
    ),
  },
  { name: "an XML body", text: request("<a/>"), json: ofRequest(',"body":{"type":"xml","value":"<a/>"}') },
  {
    name: "a multiline body by its language",
    text: request("```graphql\na\n```"),
    json: ofRequest(',"body":{"type":"graphql","value":"a\\n"}'),
  },
  {
    name: "a plain multiline body",
    text: request("```raw\na\n```"),
    json: ofRequest(',"body":{"type":"text","value":"a\\n"}'),
  },
  {
    name: "GraphQL's variables after the query, as they are written",
    text: request('```graphql\n{ a }\nvariables  {"가": {{ v }},\n "b": [ ]}\n\n``` # c'),
    json: ofRequest(
      ',"body":{"type":"graphql","value":"{ a }\\nvariables  {\\"가\\": {{ v }},\\n \\"b\\": [ ]}\\n\\n"}',
    ),
  },
  { name: "a one-line body", text: request("`가`"), json: ofRequest(',"body":{"type":"text","value":"가"}') },
  {
    name: "hex as base64",
    text: request("hex,010203;"),
    json: ofRequest(',"body":{"encoding":"base64","value":"AQID"}'),
  },
  {
    name: "a file",
    text: request("file,a.bin;"),
    json: ofRequest(',"body":{"type":"file","filename":"a.bin"}'),
  },
  {
    name: "versions, and neither version nor status where any will do",
    text: "GET http://a\nHTTP/2 201\nGET http://a\nHTTP *",
    json: `{"entries":[{"request":{${GET}},"response":{"version":"HTTP/2","status":201}},{"request":{${GET}},"response":{}}]}\n`,
  },
  {
    name: "captures",
    text: response('[Captures]\na: jsonpath "$.b" nth -1 redact'),
    json: ofResponse(
      ',"captures":[{"name":"a","query":{"type":"jsonpath","expr":"$.b"},"filters":[{"type":"nth","n":-1}],"redact":true}]',
    ),
  },
  ...[
    { query: "rawbytes", json: '"type":"rawbytes"' },
    { query: 'header "X"', json: '"type":"header","name":"X"' },
    { query: 'regex "a"', json: '"type":"regex","expr":"a"' },
    { query: "regex /a\\d/", json: '"type":"regex","expr":{"type":"regex","value":"a\\\\d"}' },
    { query: "redirects", json: '"type":"redirects"' },
    { query: "ip", json: '"type":"ip"' },
    { query: 'certificate "Issuer"', json: '"type":"certificate","expr":"Issuer"' },
    { query: 'certificate "Subject-Alt-Name"', json: '"type":"certificate","expr":"Subject-Alt-Name"' },
    { query: 'certificate "Value"', json: '"type":"certificate","expr":"Value"' },
    { query: 'cookie "a[path]"', json: '"type":"cookie","expr":"a[Path]"' },
  ].map(({ query, json }) => ({
    name: `the query ${query}`,
    text: asserted(`${query} not exists`),
    json: ofAssert(`"query":{${json}},"predicate":{"not":true,"type":"exists"}`),
  })),
  ...[
    { filter: 'charsetDecode "euc-kr"', json: '"type":"charsetDecode","encoding":"euc-kr"' },
    { filter: 'decode "a"', json: '"type":"decode","encoding":"a"' },
    { filter: 'dateFormat "%Y"', json: '"type":"dateFormat","fmt":"%Y"' },
    { filter: 'urlQueryParam "가"', json: '"type":"urlQueryParam","param":"가"' },
    { filter: "utf8Decode", json: '"type":"utf8Decode"' },
    {
      filter: 'replaceRegex /\\d/ "x"',
      json: '"type":"replaceRegex","pattern":{"type":"regex","value":"\\\\d"},"new_value":"x"',
    },
    { filter: 'toDate "%Y"', json: '"type":"toDate","fmt":"%Y"' },
    { filter: 'split ","', json: '"type":"split","sep":","' },
    { filter: 'xpath "//a"', json: '"type":"xpath","expr":"//a"' },
    { filter: 'replace "a" "b"', json: '"type":"replace","old_value":"a","new_value":"b"' },
  ].map(({ filter, json }) => ({
    name: `the filter ${filter}`,
    text: asserted(`body ${filter} exists`),
    json: ofAssert(`"query":{"type":"body"},"filters":[{${json}}],"predicate":{"type":"exists"}`),
  })),
  ...[
    { predicate: "== 1.50", json: '"type":"==","value":1.50' },
    { predicate: "!= null", json: '"type":"!=","value":null' },
    { predicate: "> {{ a }}", json: '"type":">","value":"a"' },
    { predicate: '== "{{ a }}"', json: '"type":"==","value":"{{a}}"' },
    { predicate: "contains 1", json: '"type":"contains","value":1' },
    { predicate: "isUuid", json: '"type":"isUuid"' },
    { predicate: "startsWith hex,efbbbf;", json: '"type":"startsWith","value":"77u/","encoding":"base64"' },
    { predicate: "matches /\\d{4}/", json: '"type":"matches","value":"\\\\d{4}","encoding":"regex"' },
    { predicate: "== file,a;", json: '"type":"==","value":{"type":"file","filename":"a"}' },
    { predicate: "== ```\na\n```", json: '"type":"==","value":"a\\n"' },
  ].map(({ predicate, json }) => ({
    name: `the predicate ${JSON.stringify(predicate)}`,
    text: asserted(`body ${predicate}`),
    json: ofAssert(`"query":{"type":"body"},"predicate":{${json}}`),
  })),
];

for (const { name, text, json } of cases) {
  test(`hurlJson() prints ${name}`, () => {
    assert.equal(hurlJson(parseHurl(text)), json);
  });
}
