import assert from "node:assert/strict";
import { test } from "node:test";
import { painter } from "./terminal.ts";
import { timingTable } from "./timing-table.ts";

test("timingTable() shows the steps that there were, each beginning where the last one ended", () => {
  const timing = {
    queue: undefined,
    dns: 2,
    connect: 2,
    tls: undefined,
    firstByte: 4,
    transfer: 8,
    total: 16,
  };
  assert.equal(
    timingTable(timing, painter(false)),
    [
      `DNS             2.00 ms  ${"▇".repeat(4)}`,
      `connect         2.00 ms  ${" ".repeat(4)}${"▇".repeat(4)}`,
      `first byte      4.00 ms  ${" ".repeat(8)}${"▇".repeat(8)}`,
      `transfer        8.00 ms  ${" ".repeat(16)}${"▇".repeat(16)}`,
      "total          16.00 ms\n",
    ].join("\n"),
  );
});

test("timingTable() takes an exchange that took no time, and one that did not end", () => {
  const none = {
    queue: undefined,
    dns: undefined,
    connect: 0,
    tls: undefined,
    firstByte: 0,
    transfer: undefined,
    total: 0,
  };
  assert.match(
    timingTable(none, painter(false)),
    /^connect +0\.00 ms {2} *▇\nfirst byte +0\.00 ms {2} *▇\ntotal +0\.00 ms\n$/,
  );
});
