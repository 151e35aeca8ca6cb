import assert from "node:assert/strict";
import { test } from "node:test";
import { reasonAbove } from "./reasons.ts";

const FILE = `GET http://localhost/
# just a comment
# why: a client reads on
# until it knows where the body ends
# 왜: 길이를 모르면 끝을 알 수 없다
HTTP 200
# no reason here
Date: x

# why: far away

[Asserts]
# 왜: 한국어만
status == 200
`;

const cases = [
  { line: 6, language: "en", reason: "a client reads on until it knows where the body ends" },
  { line: 6, language: "ko", reason: "길이를 모르면 끝을 알 수 없다" },
  { line: 8, language: "en", reason: undefined },
  // An empty line in between: it belongs to something else.
  { line: 12, language: "en", reason: undefined },
  { line: 14, language: "ko", reason: "한국어만" },
  { line: 14, language: "en", reason: undefined },
  { line: 1, language: "en", reason: undefined },
] as const;

for (const { line, language, reason } of cases) {
  test(`the reason above line ${line} for readers of ${language} is ${reason}`, () => {
    assert.equal(reasonAbove(FILE, line, language), reason);
    assert.equal(reasonAbove(FILE.replaceAll("\n", "\r\n"), line, language), reason);
  });
}
