// Faulty `.http` files and what has no meaning here: which code, on which line and in which column, with which words.
import assert from "node:assert/strict";
import { test } from "node:test";
import { HurlSyntaxError } from "../hurl/errors.ts";
import { parseHttpFile } from "./parse.ts";

function faultOf(text: string): HurlSyntaxError {
  try {
    parseHttpFile(text);
  } catch (error) {
    assert.ok(error instanceof HurlSyntaxError, String(error));
    return error;
  }
  throw assert.fail(`${JSON.stringify(text)} was read without a fault`);
}

const get = (text: string): string => `GET http://a/\n${text}`;

// [text, "CODE line:column", what the words have in them]
const cases: readonly (readonly [string, string, string])[] = [
  ["hello world", "METHOD 1:1", "expecting a request line: a method and a URL, or a URL"],
  ["\n  안녕, 세상", "METHOD 2:3", "expecting a request line"],
  ["go to it", "METHOD 1:1", "expecting a request line"],
  ["GET", "URL 1:4", "expecting a URL"],
  ["GET HTTP/1.1", "URL 1:5", "expecting a URL"],
  ["curl http://a/", "METHOD 1:1", "expecting a request line"],
  ["GRPC a/b/c", "METHOD 1:1", "GRPC is another protocol than HTTP"],
  ["WS ws://a", "METHOD 1:1", "WS is another protocol than HTTP"],
  ["OPTIONS * HTTP/1.1\nHost: a", "URL 1:9", "a request for * is not sent here"],
  [get("a b"), "HEADER 2:1", "expecting a header, or a blank line before the body"],
  [get("X: y\n  folded"), "HEADER 3:3", "expecting a header"],
  [get("...defaultHeaders"), "HEADER 2:1", "write each header"],
  [get("Authorization: AWS id key"), "HEADER 2:16", "signatures of AWS"],
  ["GET http://a/{{}}", "EXPRESSION 1:16", "expecting a variable"],
  ["GET http://a/{{ 1 + 1 }}", "EXPRESSION 1:17", "expressions of JavaScript are not evaluated"],
  [get("\n한글 {{() => 1}}"), "EXPRESSION 3:6", "@name = value"],
  ["@a = {{b(1)}}", "EXPRESSION 1:8", "expressions of JavaScript"],
  ["GET http://a/{{$aadToken}}", "FUNCTION 1:16", "the variable $aadToken is not known here"],
  ["GET http://a/{{$random.beer.name}}", "FUNCTION 1:16", "$random.beer.name is not known here"],
  ["GET http://a/{{$randomInt 1}}", "FUNCTION 1:16", "written {{$randomInt 1 7}}"],
  ["GET http://a/{{$datetime}}", "FUNCTION 1:16", "written {{$datetime iso8601}}"],
  ["GET http://a/{{$datetime iso8601 1 x}}", "FUNCTION 1:16", "written {{$datetime"],
  ["GET http://a/{{$processEnv %NAME}}", "FUNCTION 1:16", "written {{$processEnv NAME}}"],
  ["GET http://a/{{$guid 1}}", "FUNCTION 1:16", "written {{$guid}}"],
  ["@a = {{b}}\n@b = x{{a}}\nGET http://a/{{a}}", "VARIABLE 1:2", "the variable a is defined by itself"],
  [
    "GET http://a/{{x.response.body.*}}",
    "REFERENCE 1:16",
    "no request has the name x: give it with # @name x",
  ],
  [
    "GET http://a/{{x.response.body.*}}\n### x\nGET http://b/",
    "REFERENCE 1:16",
    "the request x does not stand before this one",
  ],
  ["# @name x\nGET http://a/{{x.response.body.*}}", "REFERENCE 2:16", "does not stand before this one"],
  ["# @ref x\nGET http://a/", "REFERENCE 1:1", "no request has the name x"],
  ["### x\nGET http://a/\n###\nGET http://{{x.request.body.*}}", "REFERENCE 4:14", "requests are not kept"],
  [
    "### x\nGET http://a/\n###\nGET http://{{x.response.headers}}",
    "REFERENCE 4:14",
    "expecting the name of a header",
  ],
  ["# @name\nGET http://a/", "SETTING 1:1", "expecting a name"],
  ["  # @timeout soon\nGET http://a/", "SETTING 1:3", "expecting a duration"],
  ["# @loop while true\nGET http://a/", "SETTING 1:1", "only # @loop for 3 is known"],
  ["# @disabled {{x}}\nGET http://a/", "SETTING 1:1", "whether a request is disabled is not computed"],
  ["# @ratelimit max 1\nGET http://a/", "SETTING 1:1", "rates are not kept"],
  ["# @import ./b.http", "IMPORT 1:1", "other files are not read"],
  ["# @forceRef a\nGET http://a/", "IMPORT 1:1", "a request is not run again"],
  ["import ./b.http", "IMPORT 1:1", "give them to the command one after another"],
  ["\nrun #login", "IMPORT 2:1", "other files are not read"],
  [get("\n> {%\n client.test()\n%}"), "SCRIPT 3:1", "Check the answer with lines such as ?? status == 200"],
  [get("\nbody\n  > {% 1 %}"), "SCRIPT 4:3", "scripts are not run"],
  [get("\n> ./check.js"), "SCRIPT 3:1", "{{name.response.body.$.path}}"],
  ["< {%\n  1\n%}\nGET http://a/", "SCRIPT 1:1", "Define variables with @name = value"],
  ["< ./before.js\nGET http://a/", "SCRIPT 1:1", "scripts are not run"],
  ["{{\n  exports.a = 1;\n}}\nGET http://a/", "SCRIPT 1:1", "scripts are not run"],
  [get("\n{{@response\n}}"), "SCRIPT 3:1", "scripts are not run"],
  ["/* a\nGET http://a/", "COMMENT 1:1", "expecting '*/'"],
  ["?? status == 200", "ASSERT 1:1", "an assert stands after the request"],
  [get("?? statu == 200"), "ASSERT 2:4", "the assert is not valid. Did you mean status?"],
  [get("?? response.parsedBody == 1"), "ASSERT 2:4", "Valid values are status, header"],
  [get("\n?? status is 200"), "ASSERT 3:11", "expecting an operator. Valid values are ===, =="],
  [get("?? header == a"), "ASSERT 2:11", "expecting the name of a header"],
  [get("?? xpath == a"), "ASSERT 2:10", "expecting an XPath expression"],
  [get("?? duration firstByte < 3"), "ASSERT 2:13", "only the total duration"],
  [get("?? status == ok"), "PREDICATE_VALUE 2:14", "expecting a number"],
  [get("?? body a =="), "PREDICATE_VALUE 2:13", "expecting a value"],
  [get("?? 안녕 == 1"), "ASSERT 2:4", "the assert is not valid"],
  [get("?? body 안녕 matches"), "PREDICATE_VALUE 2:19", "expecting a regular expression"],
  [get("?? body exists x"), "EXPECTED 2:16", "expecting 'newline'"],
  [get("?? body sha512 x"), "ASSERT 2:9", "SHA-512 is not computed here"],
  [get("?? body a md5 x"), "ASSERT 2:11", "md5 can be asked of the whole body only"],
  [get("?? body md5 x"), "PREDICATE_VALUE 2:13", "expecting a digest of 16 bytes in base64"],
  [get("?? js a() == 1"), "EXPRESSION 2:7", "JavaScript is not evaluated"],
  [get("?? js response.contentType == 1"), "EXPRESSION 2:7", "response.parsedBody.items[0].id"],
  [get('X-Request-Type: GraphQL\n\nquery {a}\n\n{"a": }'), "JSON 6:7", "expecting a boolean, number, string"],
  [
    get("X-Request-Type: GraphQL\n\nquery {a}\n\n{} x"),
    "GRAPHQL_VARIABLES 6:4",
    "expecting nothing after the variables",
  ],
  [get("X-Request-Type: GraphQL\n\ngql a < ./a.graphql"), "FILENAME 4:1", "write it in the request"],
  [get("X-Request-Type: GraphQL\n\n< a.graphql"), "FILENAME 4:1", "write it in the request"],
];

for (const [text, place, words] of cases) {
  test(`${JSON.stringify(text)} is ${place}`, () => {
    for (const newline of ["\n", "\r\n"]) {
      const { code, line, column, expected } = faultOf(text.replaceAll("\n", newline));
      assert.equal(`${code} ${line}:${column}`, place);
      assert.ok(expected.includes(words), expected);
    }
  });
}
