import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { linesOf, WrittenLines } from "./lines.ts";

async function* pieces(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    yield bytes.subarray(from, cut);
    from = Math.max(from, cut);
  }
  yield bytes.subarray(from);
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const read: string[] = [];
  for await (const line of lines) read.push(line);
  return read;
}

const cases: { text: string; lines: string[] }[] = [
  { text: "", lines: [] },
  { text: "a", lines: ["a"] },
  { text: "a\r\n\n나비\n", lines: ["a", "", "나비"] },
  { text: "\ufeffa\u2028b\n", lines: ["a\u2028b"] },
];
for (const { text, lines } of cases) {
  test(`linesOf() reads ${JSON.stringify(text)}, wherever it is cut`, async () => {
    const bytes = Buffer.from(text);
    for (let cut = 0; cut <= bytes.length; cut += 1)
      assert.deepEqual(await all(linesOf(pieces(bytes, [cut]))), lines);
  });
}

test("linesOf() gives the same lines for any cuts", async () => {
  const text = fc.string({ unit: fc.constantFrom("a", "나", "🐟", "\n", "\r\n", " ") });
  await fc.assert(
    fc.asyncProperty(text, fc.array(fc.nat(60)), async (written, cuts) => {
      const bytes = Buffer.from(written);
      const whole = await all(linesOf(pieces(bytes, [])));
      const cut = cuts.filter((at) => at <= bytes.length);
      assert.deepEqual(await all(linesOf(pieces(bytes, cut))), whole);
    }),
  );
});

test("WrittenLines tells the place of the line given last", async () => {
  const lines = new WrittenLines(linesOf(pieces(Buffer.from("a\nb"), [])), "x:");
  assert.equal(await lines.next(), "a");
  assert.equal(await lines.next(), "b");
  assert.equal(lines.place, "x:2");
  assert.equal(await lines.next(), undefined);
});
