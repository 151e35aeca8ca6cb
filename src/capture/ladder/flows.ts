// What the ladder takes out of an analysed capture.

import type { CaptureAnalysis } from "../analysis.ts";
import type { Connection, Exchange, StreamNote } from "../model.ts";
import type { Flow } from "./ladder.ts";

/** The connections of a capture whose packets are kept, each with its exchanges and notes. */
export function flowsOf(analysis: CaptureAnalysis): Flow[] {
  const exchanges = new Map<Connection, Exchange[]>();
  for (const exchange of analysis.exchanges) added(exchanges, exchange.connection, exchange);
  const notes = new Map<Connection, StreamNote[]>();
  for (const { connection, note } of analysis.notes) added(notes, connection, note);
  return analysis.history.connections.map(({ connection, segments }) => ({
    connection,
    segments,
    exchanges: exchanges.get(connection) ?? [],
    notes: notes.get(connection) ?? [],
  }));
}

function added<Item>(lists: Map<Connection, Item[]>, connection: Connection, item: Item): void {
  const list = lists.get(connection);
  if (list === undefined) lists.set(connection, [item]);
  else list.push(item);
}
