// Prints results as tables for a terminal.
import type { Column, PeerResult, RowResult, TargetResult } from "./contest.ts";

export function formatRow(result: RowResult): string {
  const header = ["peer", ...result.columns.map(({ title }) => title)];
  const lines = result.peers.map((peer) => [peer.peer, ...cellsOf(peer, result.columns)]);
  const targets = result.targets.map((target) => `  ${formatTarget(target, result.columns)}`);
  return [`${result.row}: ${result.title}`, ...formatTable([header, ...lines]), ...targets, ""].join("\n");
}

function cellsOf(peer: PeerResult, columns: readonly Column[]): string[] {
  if (peer.missing !== undefined) return [peer.missing];
  return columns.map(({ key, digits }) => formatNumber(peer.medians[key], digits));
}

function formatTarget(
  { column, sense, limit, peer, measured, verdict }: TargetResult,
  columns: readonly Column[],
): string {
  const title = columns.find(({ key }) => key === column)?.title ?? column;
  const beside = peer === undefined ? "" : ` × ${peer}`;
  const sign = sense === "at most" ? "≤" : "≥";
  const value = measured === undefined ? "" : `${measured.toFixed(2)}${beside}, `;
  return `target ${title} ${sign} ${limit}${beside}: ${value}${verdict}`;
}

function formatNumber(value: number | undefined, digits: number): string {
  if (value === undefined || !Number.isFinite(value)) return "n/a";
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function formatTable(lines: readonly (readonly string[])[]): string[] {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines.map(
    (line) =>
      `  ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join("   ")}`,
  );
}
