// Differences: the lines that differ and those around them, that a difference tells the way from one text to the
// other, and that huge ones have an end.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Difference, difference, unified } from "./difference.ts";
import { changesBetween } from "./edit-script.ts";

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
const lines = (...all: (string | string[])[]): string => `${all.flat().join("\n")}\n`;

const cases = [
  { name: "nothing of equal texts", expected: "a\nb\n", actual: "a\nb\n", shown: "" },
  { name: "nothing of empty texts", expected: "", actual: "", shown: "" },
  {
    name: "a changed line",
    expected: "a\nb\nc\n",
    actual: "a\nB\nc\n",
    shown: "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n",
  },
  { name: "a line too many", expected: "a\n", actual: "a\nb\n", shown: "@@ -1 +1,2 @@\n a\n+b\n" },
  { name: "a missing line", expected: "a\nb\n", actual: "b\n", shown: "@@ -1,2 +1 @@\n-a\n b\n" },
  {
    name: "everything of an empty text",
    expected: "",
    actual: "가\n나\n",
    shown: "@@ -0,0 +1,2 @@\n+가\n+나\n",
  },
  {
    name: "three lines of context",
    expected: lines(numbers(1, 9)),
    actual: lines(numbers(1, 4), "five", numbers(6, 9)),
    shown: "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
  },
  {
    name: "near changes as one hunk",
    expected: lines(numbers(1, 8)),
    actual: lines("one", numbers(2, 7), "eight"),
    shown: "@@ -1,8 +1,8 @@\n-1\n+one\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+eight\n",
  },
  {
    name: "changes far from each other as two",
    expected: lines(numbers(1, 9)),
    actual: lines("one", numbers(2, 8), "nine"),
    shown: "@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+nine\n",
  },
  {
    name: "that a text does not end with a line feed",
    expected: "a\nb",
    actual: "a\nb\n",
    shown: "@@ -1,2 +1,2 @@\n a\n-b\n\\ no line feed at the end\n+b\n",
  },
  {
    name: "no note on the end when neither text has one",
    expected: "a",
    actual: "b",
    shown: "@@ -1 +1 @@\n-a\n+b\n",
  },
  {
    name: "a carriage return as part of the line",
    expected: "a\n",
    actual: "a\r\n",
    shown: "@@ -1 +1 @@\n-a\n+a\r\n",
  },
];

for (const { name, expected, actual, shown } of cases) {
  test(`unified() shows ${name}`, () => {
    assert.equal(unified(expected, actual), shown);
  });
}

test("unified() shows only the lines that differ when no context is asked for", () => {
  const shown = unified(lines(numbers(1, 9)), lines("one", numbers(2, 8), "nine"), { context: 0 });
  assert.equal(shown, "@@ -1 +1 @@\n-1\n+one\n@@ -9 +9 @@\n-9\n+nine\n");
});

test("unified() ends after as many lines as allowed, and says how many more differ", () => {
  const shown = unified(lines(numbers(1, 500)), lines(numbers(501, 900)), { mostLines: 4 });
  assert.equal(shown, "@@ -1,2 +1,2 @@\n-1\n-2\n+501\n+502\n… and 896 more lines differ\n");
});

test("difference() gives what one text leaves of the lines to the other, and no context behind a cut", () => {
  const { hunks, omitted } = difference(lines(numbers(1, 50), "end"), lines("new", "end"), { mostLines: 5 });
  assert.deepEqual(
    hunks.flatMap((hunk) => hunk.lines.map(({ sign, text }) => `${sign}${text}`)),
    ["-1", "-2", "-3", "-4", "+new"],
  );
  assert.equal(omitted, 46);
});

test("difference() shows very long lines where they differ", () => {
  const [hunk] = difference(`${"x".repeat(9000)}a${"x".repeat(9000)}`, `${"x".repeat(9000)}b`).hunks;
  const texts = hunk?.lines.map(({ text }) => text) ?? [];
  assert.equal(texts.length, 2);
  assert.equal(texts[0], `…${"x".repeat(100)}a${"x".repeat(1899)}…`);
  assert.equal(texts[1], `…${"x".repeat(100)}b`);
});

test("difference() takes texts with nothing in common for one change, however long they are", () => {
  const { hunks, omitted } = difference(lines(numbers(1, 100_000)), lines(numbers(100_001, 200_000)));
  assert.equal(hunks.length, 1);
  assert.equal(hunks[0]?.lines.length, 200);
  assert.equal(omitted, 199_800);
});

const text = fc.array(fc.constantFrom("a", "b", "가", ""), { maxLength: 30 }).map((all) => all.join("\n"));

test("a difference with all of the context tells both texts", () => {
  fc.assert(
    fc.property(text, text, (expected, actual) => {
      const whole = difference(expected, actual, { context: 100, mostLines: 1000 });
      if (expected === actual) {
        assert.deepEqual(whole, { hunks: [], omitted: 0 });
        return;
      }
      assert.equal(whole.hunks.length, 1);
      assert.deepEqual(side(whole, "+"), shownLines(expected));
      assert.deepEqual(side(whole, "-"), shownLines(actual));
    }),
  );
});

function side({ hunks }: Difference, other: "-" | "+"): string[] {
  return hunks
    .flatMap((hunk) => hunk.lines)
    .filter(({ sign }) => sign !== other && sign !== "\\")
    .map(({ text }) => text);
}

function shownLines(text: string): string[] {
  const all = text.split("\n");
  return all.at(-1) === "" ? all.slice(0, -1) : all;
}

test("changesBetween() finds no more changes than the longest common list leaves", () => {
  const list = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 20 });
  fc.assert(
    fc.property(list, list, (a, b) => {
      const changed = changesBetween(a, b).reduce(
        (sum, { aFrom, aTo, bFrom, bTo }) => sum + aTo - aFrom + bTo - bFrom,
        0,
      );
      assert.equal(changed, a.length + b.length - 2 * commonLength(a, b));
    }),
  );
});

function commonLength(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const one of a) {
    const next = [0];
    for (const [i, other] of b.entries()) {
      next.push(one === other ? (row[i] ?? 0) + 1 : Math.max(next[i] ?? 0, row[i + 1] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
