// match() and search() of JSONPath, whose expressions a test file writes and whose texts a server sends.

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseJson } from "./json.ts";
import { queryJson } from "./jsonpath.ts";

const SPAN = { start: { offset: 0, line: 1, column: 1 }, end: { offset: 0, line: 1, column: 1 } };

const CASES: readonly (readonly [text: string, filter: string, found: boolean])[] = [
  ["Sword", "match(@, 'S.*d')", true],
  ["a Sword", "match(@, 'S.*d')", false],
  ["a Sword", "search(@, 'S.*d')", true],
  ["a\nb", "match(@, 'a.b')", false],
  ["a\rb", "search(@, 'a.b')", false],
  ["a.b", "match(@, 'a[.]b')", true],
  ["axb", "match(@, 'a\\\\.b')", false],
  ["한글", "match(@, '\\\\p{L}{2}')", true],
  ["ab|c", "match(@, 'ab|c')", false],
  ["(", "search(@, '(')", false],
  // Forty letters, which an engine that goes back does not end with in a lifetime.
  ["a".repeat(40), "match(@, '(a|a)*b')", false],
  ["a".repeat(40), "search(@, '(a|aa)+b')", false],
];

for (const [text, filter, found] of CASES) {
  test(`${filter} of ${JSON.stringify(text)} is ${found}`, () => {
    const value = queryJson(parseJson(JSON.stringify([text])), `$[?${filter}]`, SPAN);
    assert.equal(value !== undefined, found);
  });
}
