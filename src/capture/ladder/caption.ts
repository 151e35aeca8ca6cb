// What stands over and under a ladder, in words: where it comes from, how much of it there is, what was left out.

import { printableLine } from "../../text/printable.ts";
import { dateTimeText } from "./clock.ts";
import type { Ladder, Row } from "./ladder.ts";
import { countWords } from "./words.ts";

const SOURCES: { readonly [source in Ladder["source"]]: string } = {
  captured: "Captured",
  reconstructed: "Reconstructed from what the sockets sent and received",
  both: "In part captured, in part reconstructed",
};

/** The caption, a sentence each. `origin` says more of the source, as the name of a file or an interface. */
export function captionOf(ladder: Ladder, origin: string | undefined): string[] {
  const { rows, connections, exchanges, filtered } = ladder;
  if (rows.length === 0) return ["Nothing to show: no TCP segment is here, or none passes the filter."];
  const from = origin === undefined ? "" : ` (${printableLine(origin)})`;
  const folded = rows.reduce((sum, { acknowledgements }) => sum + acknowledgements.length, 0);
  const packets = folded + rows.reduce((sum, row) => sum + row.packets.length, 0);
  const counts = [
    countWords(packets, "packet"),
    countWords(connections.length, "connection"),
    countWords(exchanges, "exchange"),
  ];
  const sentences = [`${SOURCES[ladder.source]}${from}: ${counts.join(", ")}.`];
  const begin = rows.find(({ time }) => time !== undefined)?.time;
  if (begin !== undefined) sentences.push(`Begins ${dateTimeText(begin)}.`);
  if (folded > 0) sentences.push(`${countWords(folded, "bare ACK")} folded.`);
  if (filtered > 0) sentences.push(`${countWords(filtered, "row")} left out by the filter.`);
  return sentences;
}

/** Whether it takes a legend: only where something is dashed. */
export function hasDashes(rows: readonly Row[]): boolean {
  return rows.some(({ reconstructed }) => reconstructed);
}
