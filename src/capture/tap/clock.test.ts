import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { systemClock } from "./clock.ts";

const milliseconds = (clock: { readonly origin: bigint; now(): number }): number =>
  Number((clock.origin + BigInt(clock.now())) / 1_000_000n);

test("the system's clock begins with the time of day, and counts nanoseconds", () => {
  const before = Date.now();
  const clock = systemClock();
  const shown = milliseconds(clock);
  const after = Date.now();
  assert.ok(shown >= before - 3 && shown <= after + 3, `${before} ≤ ${shown} ≤ ${after}`);
  let last = clock.now();
  for (let i = 0; i < 1000; i++) {
    const now = clock.now();
    assert.ok(Number.isInteger(now) && now >= last);
    last = now;
  }
});

test("a clock that stood still while the machine slept is put forward, and never back", () => {
  const clock = systemClock();
  const real = Date.now;
  const ahead = mock.method(Date, "now", () => real() + 3_600_000);
  const before = clock.now();
  clock.correct();
  const slept = clock.now() - before;
  assert.ok(slept > 3_599e9 && slept < 3_700e9, `${slept} ns`);
  ahead.mock.restore();
  const later = clock.now();
  clock.correct();
  assert.ok(clock.now() >= later);
});

test("a clock that begins when the machine has slept tells the time of day", () => {
  const real = Date.now;
  const ahead = mock.method(Date, "now", () => real() + 3_600_000);
  const shown = milliseconds(systemClock());
  ahead.mock.restore();
  assert.ok(Math.abs(shown - real() - 3_600_000) < 1000);
});
