// JSON Merge Patch: the cases of RFC 7396, appendix A, and the names that every object inherits.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { mergePatch } from "./merge-patch.ts";

// As JSON: original, patch, result.
const cases: readonly [original: string, patch: string, result: string][] = [
  ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
  ['{"a":"b"}', '{"a":null}', "{}"],
  ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
  ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
  ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
  ['["a","b"]', '["c","d"]', '["c","d"]'],
  ['{"a":"b"}', '["c"]', '["c"]'],
  ['{"a":"foo"}', "null", "null"],
  ['{"a":"foo"}', '"bar"', '"bar"'],
  ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
  ["[1,2]", '{"a":"b","c":null}', '{"a":"b"}'],
  ["{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  // Not of the appendix.
  ["{}", '{"__proto__":{"polluted":1}}', '{"__proto__":{"polluted":1}}'],
  ['{"__proto__":{"a":1}}', '{"__proto__":{"b":2}}', '{"__proto__":{"a":1,"b":2}}'],
  ['{"__proto__":{"a":1},"b":2}', '{"__proto__":null}', '{"b":2}'],
  ["{}", '{"constructor":{"prototype":{"polluted":1}}}', '{"constructor":{"prototype":{"polluted":1}}}'],
  ["{}", '{"toString":{"x":1}}', '{"toString":{"x":1}}'],
  ['{"b":1,"a":2}', '{"b":3}', '{"b":3,"a":2}'],
];
for (const [original, patch, result] of cases) {
  test(`mergePatch() makes ${result} of ${original} by ${patch}`, () => {
    assert.equal(JSON.stringify(mergePatch(JSON.parse(original), JSON.parse(patch))), result);
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    assert.equal(typeof {}.toString, "function");
  });
}

test("a patch applied twice has the effect of once, and stays as it is", () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), (original, text) => {
      const patch: unknown = JSON.parse(text);
      const once = mergePatch(JSON.parse(original), patch);
      const written = JSON.stringify(once);
      assert.equal(JSON.stringify(mergePatch(once, patch)), written);
      assert.deepEqual(patch, JSON.parse(text));
    }),
  );
});
