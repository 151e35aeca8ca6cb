import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBytes, formatClock, formatElapsed, parseBytes } from "./quantities.ts";

const bytes: [number, string][] = [
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.00 kB"],
  [999_499, "999 kB"],
  [999_500, "1.00 MB"],
  [29_330_000, "29.3 MB"],
  [10_737_418_240, "10.7 GB"],
];
for (const [count, text] of bytes) {
  test(`formatBytes() writes ${count} as ${text}`, () => assert.equal(formatBytes(count), text));
}

const clocks: [number, string][] = [
  [0, "0:00"],
  [3.4, "0:03"],
  [59.6, "1:00"],
  [725, "12:05"],
  [3723, "1:02:03"],
];
for (const [seconds, text] of clocks) {
  test(`formatClock() writes ${seconds} seconds as ${text}`, () => assert.equal(formatClock(seconds), text));
}

const spans: [number, string][] = [
  [0.0004, "0 ms"],
  [0.045, "45 ms"],
  [0.9996, "1.0 s"],
  [1.25, "1.3 s"],
  [59.96, "1:00"],
  [200, "3:20"],
];
for (const [seconds, text] of spans) {
  test(`formatElapsed() writes ${seconds} seconds as ${text}`, () =>
    assert.equal(formatElapsed(seconds), text));
}

const sizes: [string, number | undefined][] = [
  ["0", 0],
  ["65536", 65_536],
  ["64KiB", 65_536],
  ["64 kib", 65_536],
  ["16MiB", 16_777_216],
  ["1.5MB", 1_500_000],
  ["2GB", 2e9],
  ["1TiB", 1_099_511_627_776],
  ["10B", 10],
  ["0.3B", undefined],
  ["", undefined],
  ["MiB", undefined],
  ["-1", undefined],
  ["16 apples", undefined],
  ["1e3", undefined],
  ["9007199254740993", undefined],
  ["5constructor", undefined],
];
for (const [text, count] of sizes) {
  test(`parseBytes() reads ${JSON.stringify(text)} as ${count}`, () => assert.equal(parseBytes(text), count));
}
