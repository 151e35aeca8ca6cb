// The schema of a mount: which are taken, and what is said of records that do not match.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readSchema } from "./schema.ts";

const cases: readonly [schema: object, record: object, ...faults: [pointer: string, detail: string][]][] = [
  [{ required: ["age"] }, { age: 1 }],
  [{ required: ["age", "type"] }, {}, ["", 'lacks "age"'], ["", 'lacks "type"']],
  [{ properties: { o: { required: ["x"] } } }, { o: {} }, ["/o", 'lacks "x"']],
  [
    { properties: { age: { type: "integer" } } },
    { age: 1.5 },
    ["/age", "must be a whole number, and is 1.5"],
  ],
  [
    { properties: { age: { type: ["number", "null"] } } },
    { age: "1" },
    ["/age", "must be a number or null, and is a text"],
  ],
  [{ properties: { a: { type: "object" } } }, { a: [] }, ["/a", "must be an object, and is a list"]],
  [{ properties: { a: { enum: ["snail", 1] } } }, { a: "dog" }, ["/a", 'must be one of "snail", 1']],
  [{ properties: { a: { const: null } } }, { a: 0 }, ["/a", "must be null"]],
  [{ properties: { a: { minimum: 0 } } }, { a: -1 }, ["/a", "must be at least 0"]],
  [{ properties: { a: { maximum: 9 } } }, { a: 10 }, ["/a", "must be at most 9"]],
  [{ properties: { a: { exclusiveMinimum: 0 } } }, { a: 0 }, ["/a", "must be greater than 0"]],
  [{ properties: { a: { multipleOf: 5 } } }, { a: 7 }, ["/a", "must be a multiple of 5"]],
  [{ properties: { a: { minLength: 1 } } }, { a: "" }, ["/a", "must have at least 1 character"]],
  // Counted in characters, not in UTF-16 units.
  [{ properties: { a: { maxLength: 2 } } }, { a: "🐌🐌" }],
  [{ properties: { a: { maxLength: 2 } } }, { a: "달팽이" }, ["/a", "must have at most 2 characters"]],
  [{ properties: { a: { pattern: "^\\d+$" } } }, { a: "x" }, ["/a", "must match the pattern ^\\d+$"]],
  [
    { properties: { a: { format: "date" } } },
    { a: "2026-02-30" },
    ["/a", "must be a date such as 2026-01-31"],
  ],
  [{ properties: { a: { format: "email" } } }, { a: "kim" }, ["/a", "must be an e-mail address"]],
  [{ properties: { a: { minItems: 2 } } }, { a: [1] }, ["/a", "must have at least 2 items"]],
  [
    { properties: { a: { uniqueItems: true } } },
    { a: [1, 2, 1] },
    ["/a", "must not have an item twice: those at 0 and 2 are the same"],
  ],
  [
    { properties: { a: { items: { type: "string" } } } },
    { a: ["x", 2] },
    ["/a/1", "must be a text, and is a number"],
  ],
  [
    { properties: { a: true }, additionalProperties: false },
    { "b/c": 1 },
    ["/b~1c", "is a name that the schema does not know"],
  ],
  [
    { properties: { a: true }, unevaluatedProperties: false },
    { b: 1 },
    ["/b", "is a name that the schema does not know"],
  ],
  [
    { propertyNames: { maxLength: 2 } },
    { abc: 1 },
    ["/abc", "is a name that must have at most 2 characters"],
  ],
  [{ dependentRequired: { a: ["b"] } }, { a: 1 }, ["", 'has "a", and so needs "b"']],
  [{ minProperties: 1 }, {}, ["", "must have at least 1 member"]],
  [{ properties: { a: false } }, { a: 1 }, ["/a", "must not be there"]],
  [{ not: { required: ["a"] } }, { a: 1 }, ["", "must not match what the schema rules out"]],
  [{ if: { maxProperties: 0 }, else: { required: ["b"] } }, { a: 1 }, ["", 'lacks "b"']],
  [
    { oneOf: [{ required: ["a"] }, { required: ["b"] }] },
    { a: 1, b: 1 },
    ["", "must match only one of the schema's alternatives, and matches several"],
  ],
  [{ required: ["toString"] }, {}, ["", 'lacks "toString"']],
  [
    {
      $schema: "http://json-schema.org/draft-07/schema#",
      properties: { a: { items: [true], additionalItems: false } },
    },
    { a: [1, 2] },
    ["/a", "must have no more than 1 item"],
  ],
  [
    {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      properties: { a: { prefixItems: [true], items: false } },
    },
    { a: [1, 2] },
    ["/a", "must have no more than 1 item"],
  ],
];
for (const [schema, record, ...faults] of cases) {
  test(`${JSON.stringify(record)} under ${JSON.stringify(schema)}: ${faults.length === 0 ? "nothing" : JSON.stringify(faults)}`, () => {
    const found = readSchema(schema).check(JSON.parse(JSON.stringify(record)), 100);
    assert.deepEqual(
      found,
      faults.map(([pointer, detail]) => ({ pointer, detail })),
    );
  });
}

const unusable: readonly [schema: unknown, message: RegExp][] = [
  [true, /has to be a JSON object, and is true/],
  [[], /is a list/],
  [{ type: "objct" }, /data\/type must be equal to one of/],
  [{ properties: { a: { pattern: "(" } } }, /Unterminated group/],
  [{ $ref: "https://example.org/animal.json" }, /can't resolve reference https:\/\/example\.org/],
  [{ $schema: "http://json-schema.org/draft-04/schema#" }, /"\$schema" is .*draft-04.* Known are/],
  [{ $async: true }, /"\$async"/],
];
for (const [schema, message] of unusable) {
  test(`the schema ${JSON.stringify(schema)} is refused at the start`, () => {
    assert.throws(() => readSchema(schema), { code: "SCHEMA_INVALID", message });
  });
}

test("a schema with an $id can be read more than once", () => {
  const schema = { $id: "https://example.org/animal", type: "object" };
  assert.deepEqual(
    [readSchema(schema), readSchema(schema)].map((one) => one.check({}, 2)),
    [[], []],
  );
});

test("no more than 100 faults are told, and of a long record the first", () => {
  const schema = readSchema({ properties: { a: { items: { type: "string" } } } });
  const record = { a: Array(5000).fill(1) };
  assert.equal(schema.check(record, 10_000).length, 100);
  assert.deepEqual(schema.check(record, 100_000), [
    { pointer: "/a/0", detail: "must be a text, and is a number" },
  ]);
});
