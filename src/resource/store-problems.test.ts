import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../message/problem.ts";
import { type StoreCode, StoreError } from "../store/errors.ts";
import { storeProblem } from "./store-problems.ts";

const cases: readonly { readonly code: StoreCode; readonly read: number; readonly write: number }[] = [
  { code: "INVALID_PATH", read: 400, write: 400 },
  { code: "RESERVED_NAME", read: 404, write: 403 },
  { code: "NAME_TOO_LONG", read: 404, write: 414 },
  { code: "OUTSIDE", read: 403, write: 403 },
  { code: "NOT_FOUND", read: 404, write: 409 },
  { code: "NOT_A_FOLDER", read: 404, write: 409 },
  { code: "PERMISSION", read: 403, write: 403 },
  { code: "READ_ONLY", read: 403, write: 403 },
  { code: "NO_SPACE", read: 507, write: 507 },
  { code: "BUSY", read: 503, write: 503 },
  { code: "FOLDER_NOT_EMPTY", read: 409, write: 409 },
];
for (const { code, read, write } of cases) {
  test(`${code} is answered ${read} to a reader and ${write} to a writer, with its sentence`, () => {
    for (const [intent, status] of [
      ["read", read],
      ["write", write],
    ] as const) {
      const problem = storeProblem(new StoreError(code, "Cannot do it: because"), intent);
      assert.ok(problem instanceof Problem);
      assert.equal(problem.status, status);
      assert.equal(problem.init.detail, "Cannot do it: because");
      assert.deepEqual(problem.init.members, { code });
      assert.equal(problem.init.fields !== undefined, status === 503);
    }
  });
}

test("a fault of the disk, and what no store has thrown, stay what they are", () => {
  for (const error of [new StoreError("IO", "Cannot read: EIO"), new TypeError("x"), new Problem(412)]) {
    assert.equal(storeProblem(error, "read"), error);
  }
});
