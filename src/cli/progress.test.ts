import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsOf } from "../text/columns.ts";
import { Progress, type ProgressStream } from "./progress.ts";
import { painter } from "./terminal.ts";

interface Screen extends ProgressStream {
  readonly lines: string[];
}

function screen(columns: number, isTTY = true): Screen {
  const lines: string[] = [];
  return { isTTY, columns, lines, write: (text) => lines.push(text) };
}

function shown(lines: readonly string[]): string | undefined {
  return lines.at(-1)?.replace(/^\r|\x1b\[K$/g, "");
}

test("a progress line tells name, percent, bytes, rate and time left", () => {
  let now = 0;
  const stream = screen(120);
  const progress = new Progress(stream, {
    label: "보고서.pdf",
    total: 10_000_000,
    paint: painter(false),
    now: () => now,
  });
  now = 1;
  progress.advance(2_500_000);
  assert.match(
    shown(stream.lines) ?? "",
    /^보고서\.pdf {2}25% {2}█{10}░{30} {2}2\.50 MB of 10\.0 MB +2\.50 MB\/s +0:03 left$/,
  );
  progress.clear();
  assert.equal(stream.lines.at(-1), "\r\x1b[K");
});

for (const columns of [20, 40, 60, 80, 120, 300]) {
  test(`a progress line fits into ${columns} columns`, () => {
    let now = 0;
    const stream = screen(columns);
    const progress = new Progress(stream, {
      label: "아주 긴 이름을 가진 파일입니다 아주 긴 이름.tar.gz",
      total: 987_654_321_000,
      paint: painter(false),
      now: () => now,
    });
    now = 100;
    progress.advance(123_456_789_000);
    progress.clear();
    const line = shown(stream.lines.slice(0, 1)) ?? "";
    assert.ok(columnsOf(line) < Math.max(columns, 80), `${columnsOf(line)}: ${line}`);
    if (columns >= 80) assert.match(line, /12%.*[█▉].*left/);
  });
}

test("what a resumed transfer had before counts for the bar, not for the rate", () => {
  let now = 0;
  const stream = screen(100);
  const progress = new Progress(stream, {
    label: "a",
    total: 1000,
    before: 500,
    paint: painter(false),
    now: () => now,
  });
  now = 1;
  progress.advance(100);
  assert.match(shown(stream.lines) ?? "", /60%.*600 B of 1\.00 kB +100 B\/s +0:04 left/);
  assert.equal(progress.averageRate, 100);
  progress.clear();
});

test("a transfer of unknown length shows what has come", () => {
  let now = 0;
  const stream = screen(80);
  const progress = new Progress(stream, {
    label: "a",
    total: undefined,
    paint: painter(false),
    now: () => now,
  });
  now = 2;
  progress.advance(3000);
  assert.equal(shown(stream.lines), "a  3.00 kB  1.50 kB/s  0:02");
  progress.clear();
});

test("a transfer that stalls shows no rate of long ago", () => {
  let now = 0;
  const stream = screen(100);
  const progress = new Progress(stream, { label: "a", total: 1000, paint: painter(false), now: () => now });
  for (now = 1; now <= 10; now += 1) progress.advance(now === 1 ? 500 : 0);
  assert.match(shown(stream.lines) ?? "", / 0 B\/s +-:-- left/);
  progress.clear();
});

test("nothing is painted without a terminal, nor for what is done at once", () => {
  const pipe = screen(80, false);
  const silent = new Progress(pipe, { label: "a", total: 10, paint: painter(false), now: () => 0 });
  silent.advance(10);
  silent.clear();
  const terminal = screen(80);
  const quick = new Progress(terminal, { label: "a", total: 10, paint: painter(false), now: () => 0 });
  quick.advance(10);
  quick.clear();
  assert.deepEqual([...pipe.lines, ...terminal.lines], []);
});
