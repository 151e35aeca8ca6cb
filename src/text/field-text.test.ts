import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldText } from "./field-text.ts";

test("fieldText() reads what is no UTF-8 as ISO 8859-1", () => {
  assert.equal(fieldText("caf\xe9"), "café");
});
