import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseChallenges } from "./challenges.ts";

type Told = readonly [scheme: string, content: string | Record<string, string>];

const values: readonly (readonly [value: string, challenges: readonly Told[] | undefined])[] = [
  // RFC 9110, 11.6.1
  [
    'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
    [
      ["basic", { realm: "simple" }],
      ["newauth", { realm: "apps", type: "1", title: 'Login to "apps"' }],
    ],
  ],
  ["Negotiate", [["negotiate", {}]]],
  ["Negotiate ", [["negotiate", {}]]],
  ["Negotiate YIIJvwYGKwYBBQUCoII=", [["negotiate", "YIIJvwYGKwYBBQUCoII="]]],
  [
    "Negotiate a/b+c-d._~==, Basic realm=x",
    [
      ["negotiate", "a/b+c-d._~=="],
      ["basic", { realm: "x" }],
    ],
  ],
  [
    "NTLM,Negotiate , Basic realm=x",
    [
      ["ntlm", {}],
      ["negotiate", {}],
      ["basic", { realm: "x" }],
    ],
  ],
  ["Bearer abc", [["bearer", "abc"]]],
  ["Bearer a=b", [["bearer", { a: "b" }]]],
  ['BASIC   REALM = \t"x" ,\tcharset=UTF-8', [["basic", { realm: "x", charset: "UTF-8" }]]],
  [",, Basic realm=x,, ,a=b,", [["basic", { realm: "x", a: "b" }]]],
  ["Basic ,realm=x", [["basic", { realm: "x" }]]],
  [
    'Digest qop="auth,auth-int", nonce="a, Basic b=c"',
    [["digest", { qop: "auth,auth-int", nonce: "a, Basic b=c" }]],
  ],
  ['a b="\\\\\\""', [["a", { b: '\\"' }]]],
  ['a b=""', [["a", { b: "" }]]],
  ["a b=c, B=d", [["a", { b: "c" }]]],
  ["a __proto__=c, constructor=d", [["a", JSON.parse('{ "__proto__": "c", "constructor": "d" }')]]],
  ["", undefined],
  [" , ", undefined],
  ["realm=x", undefined],
  ["Basic realm", [["basic", "realm"]]],
  ["Basic realm=", [["basic", "realm="]]],
  ['Basic realm="x', undefined],
  ['Basic realm="x" y="z"', undefined],
  ['Basic realm="x"y', undefined],
  ['Basic "x"', undefined],
  ["Basic a b", undefined],
  ['Basic realm="x\\"', undefined],
  ["Basic;realm=x", undefined],
  ["Basic realm=x; charset=UTF-8", undefined],
  ["Basic realm=é", undefined],
];

for (const [value, told] of values) {
  test(`parseChallenges() reads ${JSON.stringify(value)}${told === undefined ? " as none" : ""}`, () => {
    const found = parseChallenges(value)?.map(({ scheme, token68, parameters }) => [
      scheme,
      token68 ?? Object.fromEntries(parameters),
    ]);
    assert.deepEqual(found, told);
  });
}

test("Challenges that were written are read back, whatever their strings hold", () => {
  const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,8}$/);
  const text = fc.stringMatching(/^[\t\x20-\x7e\x80-\xff]{0,12}$/);
  const parameters = fc.uniqueArray(fc.tuple(token, text), {
    selector: ([name]) => name.toLowerCase(),
    maxLength: 4,
  });
  const challenge = fc.tuple(token, parameters);
  fc.assert(
    fc.property(fc.array(challenge, { minLength: 1, maxLength: 4 }), (challenges) => {
      const value = challenges
        .map(([scheme, list]) => {
          const written = list.map(([name, each]) => `${name}="${each.replace(/["\\]/g, "\\$&")}"`);
          return `${scheme} ${written.join(", ")}`.trim();
        })
        .join(", ");
      const expected = challenges.map(([scheme, list]) => ({
        scheme: scheme.toLowerCase(),
        token68: undefined,
        parameters: new Map(list.map(([name, each]) => [name.toLowerCase(), each])),
      }));
      assert.deepEqual(parseChallenges(value), expected);
    }),
  );
});
