import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsOf, fitColumns } from "./columns.ts";

const widths = [
  { text: "report.pdf", columns: 10 },
  { text: "보고서.pdf", columns: 10 },
  // Decomposed, as macOS writes it: a syllable of two or three letters is still two columns wide.
  { text: "e\u0301", columns: 1 },
  { text: "🐟", columns: 2 },
];
for (const { text, columns } of widths) {
  test(`columnsOf() finds ${JSON.stringify(text)} ${columns} wide`, () =>
    assert.equal(columnsOf(text), columns));
}

const fits = [
  { text: "short.txt", columns: 12, fitted: "short.txt" },
  { text: "a-very-long-file-name.tar.gz", columns: 13, fitted: "a-very…tar.gz" },
  { text: "아주긴이름을가진보고서.pdf", columns: 12, fitted: "아주긴….pdf" },
];
for (const { text, columns, fitted } of fits) {
  test(`fitColumns() shows ${text} in ${columns} columns`, () => {
    assert.equal(fitColumns(text, columns), fitted);
    assert.ok(columnsOf(fitted) <= columns);
  });
}
