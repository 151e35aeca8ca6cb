// Secrets as others write them: partly escaped, coded together with what is beside them, or very long.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Secrets } from "./secrets.ts";

const SECRET = "q\"x</>&é?it's 비밀";

function redacted(text: string, ...secrets: readonly string[]): string {
  const all = new Secrets();
  for (const secret of secrets) all.add(secret);
  return all.redact(text);
}

const FORMS = [
  { form: "in a URL whose writer escapes little", text: new URL(`http://a/?k=${SECRET}`).href.slice(12) },
  { form: "with lower-case percent-encoding", text: encodeURIComponent(SECRET).toLowerCase() },
  {
    form: "with everything but letters percent-encoded",
    text: encodeURIComponent(SECRET).replaceAll("'", "%27"),
  },
  { form: "in HTML", text: "q&quot;x&lt;/&gt;&amp;é?it&#39;s 비밀" },
  { form: "in XML with numbers", text: "q&#34;x&#x3C;/&#62;&#x26;&#xe9;?it&apos;s &#xBE44;&#48128;" },
  { form: "in JSON in ASCII", text: 'q\\"x<\\/>&\\u00e9?it\\u0027s \\uBE44\\ubc00' },
  {
    form: "in JSON, the bytes of a field",
    text: Buffer.from(JSON.stringify(SECRET).slice(1, -1)).toString("latin1"),
  },
  { form: "in hexadecimal", text: Buffer.from(SECRET).toString("hex") },
  { form: "in capital hexadecimal", text: Buffer.from(SECRET).toString("hex").toUpperCase() },
] as const;

for (const { form, text } of FORMS) {
  test(`${form}: ${text}`, () => {
    assert.equal(redacted(`<${text}>`, SECRET), "<***>");
  });
}

test("in the base64 of a longer text, wherever it stands in it", () => {
  for (const before of ["", "a", "ab", "abc", "user:"])
    for (const after of ["", "z", "zz"]) {
      const bytes = Buffer.from(`${before}s3cret-of-mine${after}`);
      for (const coding of ["base64", "base64url"] as const) {
        const shown = redacted(bytes.toString(coding), "s3cret-of-mine");
        assert.match(shown, /^[\w+/=-]{0,7}\*\*\*[\w+/=-]{0,6}$/, `${before}…${after}`);
      }
    }
});

test("a short one does not eat what is coded", () => {
  assert.equal(redacted("313131 MTIz", "1"), "3***3***3*** MTIz");
  assert.equal(redacted("MQ==", "1"), "***");
});

test("one of megabytes is struck out, too", () => {
  const long = '가나다 "x" '.repeat(200_000);
  assert.equal(redacted(`a ${long} b short`, long, "short"), "a *** b ***");
  assert.equal(redacted(JSON.stringify(long), long), '"***"');
});

test("law: escaped in any mixture, nothing of it is left", () => {
  const escapes: readonly ((character: string) => string)[] = [
    (character) => character,
    (character) => encodeURIComponent(character),
    (character) => JSON.stringify(character).slice(1, -1),
    (character) => `&#${character.codePointAt(0)};`,
    (character) =>
      /[A-Za-z0-9]/.test(character) ? character : `&#x${character.codePointAt(0)?.toString(16)};`,
  ];
  const letter = fc.constantFrom(..."aZ09 \"'<>&/\\%+?#=-_.~가é😀\n\t");
  const piece = fc.tuple(letter, fc.nat(escapes.length - 1));
  fc.assert(
    fc.property(fc.array(piece, { minLength: 4, maxLength: 12 }), (pieces) => {
      const secret = pieces.map(([character]) => character).join("");
      // A reference for a letter is what nobody writes.
      const text = pieces
        .map(([character, which]) =>
          /[A-Za-z0-9]/.test(character) ? character : (escapes[which] ?? String)(character),
        )
        .join("");
      assert.equal(redacted(`(${text})`, secret), "(***)");
    }),
  );
});
