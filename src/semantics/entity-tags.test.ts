import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseEntityTags, strongMatch, weakMatch } from "./entity-tags.ts";

const lists: readonly { value: string; tags: "*" | readonly string[] | undefined }[] = [
  { value: "*", tags: "*" },
  { value: " *\t", tags: "*" },
  { value: '"xyzzy"', tags: ['"xyzzy"'] },
  { value: 'W/"xyzzy"', tags: ['W/"xyzzy"'] },
  { value: '""', tags: ['""'] },
  { value: '"xyzzy", "r2d2xxxx", "c3piozzzz"', tags: ['"xyzzy"', '"r2d2xxxx"', '"c3piozzzz"'] },
  { value: '"a","b",W/"c"', tags: ['"a"', '"b"', 'W/"c"'] },
  { value: '"a" \t,\t "b"', tags: ['"a"', '"b"'] },
  { value: ' "a" ', tags: ['"a"'] },
  { value: ', "a",, ,"b" ,', tags: ['"a"', '"b"'] },
  { value: "", tags: [] },
  { value: " , ,", tags: [] },
  { value: '"a,b", "c, d"', tags: undefined },
  { value: '"a,b", "c,d"', tags: ['"a,b"', '"c,d"'] },
  { value: '"back\\slash"', tags: ['"back\\slash"'] },
  { value: '"\u00e9\u00ff\u0080"', tags: ['"\u00e9\u00ff\u0080"'] },
  { value: '"*"', tags: ['"*"'] },
  { value: "xyzzy", tags: undefined },
  { value: '"xyzzy', tags: undefined },
  { value: 'xyzzy"', tags: undefined },
  { value: '"a" "b"', tags: undefined },
  { value: '"a""b"', tags: undefined },
  { value: '"a", b', tags: undefined },
  { value: '"a", *', tags: undefined },
  { value: "*, *", tags: undefined },
  { value: '*, "a"', tags: undefined },
  { value: 'w/"a"', tags: undefined },
  { value: 'W/ "a"', tags: undefined },
  { value: "W/a", tags: undefined },
  { value: '"a b"', tags: undefined },
  { value: '"a\u007f"', tags: undefined },
  { value: '"a\u0000"', tags: undefined },
  { value: "'a'", tags: undefined },
];

for (const { value, tags } of lists) {
  test(`parseEntityTags() reads ${JSON.stringify(value)} as ${JSON.stringify(tags) ?? "invalid"}`, () => {
    assert.deepEqual(parseEntityTags(value), tags);
  });
}

// The table of RFC 9110, 8.8.3.2.
const pairs: readonly { a: string; b: string; strong: boolean; weak: boolean }[] = [
  { a: 'W/"1"', b: 'W/"1"', strong: false, weak: true },
  { a: 'W/"1"', b: 'W/"2"', strong: false, weak: false },
  { a: 'W/"1"', b: '"1"', strong: false, weak: true },
  { a: '"1"', b: '"1"', strong: true, weak: true },
  { a: '"1"', b: '"2"', strong: false, weak: false },
  { a: '"a"', b: '"A"', strong: false, weak: false },
];

for (const { a, b, strong, weak } of pairs) {
  test(`${a} and ${b} ${strong ? "match" : "differ"} strongly and ${weak ? "match" : "differ"} weakly`, () => {
    assert.deepEqual([strongMatch(a, b), strongMatch(b, a)], [strong, strong]);
    assert.deepEqual([weakMatch(a, b), weakMatch(b, a)], [weak, weak]);
  });
}

const anyTag = fc
  .tuple(fc.constantFrom("", "W/"), fc.string({ unit: fc.constantFrom(..."!#,az\\*~\u00e9") }))
  .map(([weak, text]) => `${weak}"${text}"`);

test("a list that was joined is read back as the same tags", () => {
  fc.assert(
    fc.property(fc.array(anyTag), fc.constantFrom(",", ", ", " ,\t,"), (tags, separator) => {
      assert.deepEqual(parseEntityTags(tags.join(separator)), tags);
    }),
  );
});
