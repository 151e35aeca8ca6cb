// Times as the ladder shows them: the first one absolute, the others by their distance from the row before.

import type { Instant } from "../model.ts";
import type { Row } from "./ladder.ts";

/** What stands beside each row: "09:30:00.000" beside the first, then "+41 µs"; empty where the capture has no time. */
export function timesOf(rows: readonly Row[]): string[] {
  let last: Instant | undefined;
  return rows.map(({ time }) => {
    if (time === undefined) return "";
    const text = last === undefined ? dateTimeText(time).slice(11, 23) : distanceText(time - last);
    last = time;
    return text;
  });
}

/** "2026-11-21 09:30:00.000041 UTC" */
export function dateTimeText(time: Instant): string {
  const iso = isoText(time);
  return `${iso.slice(0, 10)} ${iso.slice(11, 26)} UTC`;
}

/** As in RFC 3339, with all nine digits: "2026-11-21T09:30:00.000041000Z". */
export function isoText(time: Instant): string {
  const nanoseconds = ((time % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = Number((time - nanoseconds) / 1_000_000_000n);
  // A damaged file may say any time; Date ends in the year 275760.
  const date = new Date(Math.min(Math.max(seconds, -62_167_219_200), 253_402_300_799) * 1000);
  return `${date.toISOString().slice(0, 19)}.${String(nanoseconds).padStart(9, "0")}Z`;
}

/** "+41 µs", "+1.25 ms", "+2.40 s", "+3:20 min"; a clock that was set back gives "-". */
export function distanceText(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? "-" : "+";
  const value = Math.abs(Number(nanoseconds));
  if (value < 1e3) return `${sign}${value} ns`;
  if (value < 999_500) return `${sign}${Math.round(value / 1e3)} µs`;
  if (value < 999.5e6) return `${sign}${threeDigits(value / 1e6)} ms`;
  if (value < 59.95e9) return `${sign}${threeDigits(value / 1e9)} s`;
  const seconds = Math.round(value / 1e9);
  if (seconds < 3600) return `${sign}${Math.floor(seconds / 60)}:${twoDigits(seconds % 60)} min`;
  return `${sign}${Math.floor(seconds / 3600)}:${twoDigits(Math.floor(seconds / 60) % 60)} h`;
}

function threeDigits(value: number): string {
  return value >= 99.95 ? value.toFixed(0) : value.toPrecision(3);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
