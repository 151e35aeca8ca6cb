// How long the steps of an exchange took, one below the other, each beginning where the one before it ended.

import type { Timing } from "../client/options.ts";
import type { Painter } from "./terminal.ts";

const COLUMNS = 32;

const STEPS: readonly { readonly name: keyof Timing; readonly label: string }[] = [
  { name: "queue", label: "queue" },
  { name: "dns", label: "DNS" },
  { name: "connect", label: "connect" },
  { name: "tls", label: "TLS" },
  { name: "firstByte", label: "first byte" },
  { name: "transfer", label: "transfer" },
];

/** The table with its last line end. Steps that did not happen are left out. */
export function timingTable(timing: Timing, paint: Painter): string {
  const total = Math.max(timing.total, 0.001);
  let begun = 0;
  let text = "";
  for (const { name, label } of STEPS) {
    const took = timing[name];
    if (took === undefined) continue;
    text += row(label, took, paint("cyan", barOf(begun / total, took / total)));
    begun += took;
  }
  return `${text}${paint("bold", row("total", timing.total, "").trimEnd())}\n`;
}

function row(label: string, milliseconds: number, bar: string): string {
  return `${label.padEnd(10)} ${milliseconds.toFixed(milliseconds < 100 ? 2 : 1).padStart(9)} ms  ${bar}\n`;
}

function barOf(start: number, share: number): string {
  const from = Math.min(COLUMNS - 1, Math.round(start * COLUMNS));
  const length = Math.min(COLUMNS - from, Math.max(1, Math.round(share * COLUMNS)));
  return `${" ".repeat(from)}${"▇".repeat(length)}`;
}
