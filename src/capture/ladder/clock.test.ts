import assert from "node:assert/strict";
import { test } from "node:test";
import { dateTimeText, distanceText, isoText } from "./clock.ts";

const distances: readonly (readonly [nanoseconds: bigint, text: string])[] = [
  [0n, "+0 ns"],
  [999n, "+999 ns"],
  [1_000n, "+1 µs"],
  [41_499n, "+41 µs"],
  [999_499n, "+999 µs"],
  [999_500n, "+1.00 ms"],
  [12_345_678n, "+12.3 ms"],
  [99_960_000n, "+100 ms"],
  [999_499_999n, "+999 ms"],
  [999_500_000n, "+1.00 s"],
  [59_940_000_000n, "+59.9 s"],
  [59_950_000_000n, "+1:00 min"],
  [200_000_000_000n, "+3:20 min"],
  [3_599_600_000_000n, "+1:00 h"],
  [90_061_000_000_000n, "+25:01 h"],
  [-8_000n, "-8 µs"],
];

for (const [nanoseconds, text] of distances) {
  test(`distanceText() says ${text} for ${nanoseconds} ns`, () => {
    assert.equal(distanceText(nanoseconds), text);
  });
}

const instants: readonly (readonly [instant: bigint, iso: string])[] = [
  [0n, "1970-01-01T00:00:00.000000000Z"],
  [1_795_253_400_000_041_007n, "2026-11-21T09:30:00.000041007Z"],
  [-1n, "1969-12-31T23:59:59.999999999Z"],
  [2n ** 90n, "9999-12-31T23:59:59.899124224Z"],
];

for (const [instant, iso] of instants) {
  test(`isoText() says ${iso} for ${instant}`, () => {
    assert.equal(isoText(instant), iso);
  });
}

test("dateTimeText() says microseconds, and that it is UTC", () => {
  assert.equal(dateTimeText(1_795_253_400_000_041_007n), "2026-11-21 09:30:00.000041 UTC");
});
