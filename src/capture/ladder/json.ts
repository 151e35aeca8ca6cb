// The ladder as JSON for programs: the shape that is documented, whatever the layout is inside.

import { captionOf } from "./caption.ts";
import { isoText } from "./clock.ts";
import type { Ladder, Row } from "./ladder.ts";
import { titleOf } from "./text-label.ts";

export interface LadderJsonOptions {
  /** Where the packets come from, for the caption. */
  readonly origin?: string;
}

/**
 * A JSON object of version 1, indented by two spaces, with a line feed at its end:
 *
 *   version, zoom, source ("captured", "reconstructed", "both"), caption, exchanges, filtered,
 *   columns      [{ address, port, name, role }]
 *   connections  [{ id, client, server, states: { client, server } }], sides as numbers of columns, states before all
 *   rows         [{ connection, kind, from, to, time, until, label, details, messages, notes, reconstructed,
 *                  states: { client, server }, stretches: [{ from, start, end }], packets, acknowledgements }]
 *
 * Times are RFC 3339 with nine digits; what is not known is null. `from` and `to` are numbers of columns; `from` of a
 * stretch is "client" or "server". New members may come with the same version; none changes or goes.
 */
export function ladderJson(ladder: Ladder, { origin }: LadderJsonOptions = {}): string {
  const { zoom, source, exchanges, filtered } = ladder;
  const clients = new Map(ladder.connections.map(({ id, client }) => [id, client]));
  const document = {
    version: 1,
    zoom,
    source,
    caption: captionOf(ladder, origin).join(" "),
    exchanges,
    filtered,
    columns: ladder.columns.map(({ address, port, name = null, role }) => ({ address, port, name, role })),
    connections: ladder.connections.map(({ id, client, columns, initial }) => {
      const server = client === "a" ? "b" : "a";
      return { id, client: columns[client], server: columns[server], states: statesOf(initial, client) };
    }),
    rows: ladder.rows.map((row) => rowOf(row, clients.get(row.connection) ?? "a")),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function rowOf(row: Row, client: "a" | "b"): object {
  const { time, until, label } = row;
  return {
    connection: row.connection,
    kind: row.kind,
    from: row.source,
    to: row.destination,
    time: time === undefined ? null : isoText(time),
    until: until === undefined ? null : isoText(until),
    label: titleOf(label),
    details: [...label.details, ...label.extras],
    messages: row.messages.map((message) => ({
      exchange: message.exchange,
      part: message.part,
      begins: message.begins,
      method: message.method ?? null,
      target: message.target ?? null,
      status: message.status ?? null,
      bodyLength: message.bodyLength,
      complete: message.complete,
    })),
    notes: row.notes,
    reconstructed: row.reconstructed,
    states: statesOf(row.states, client),
    stretches: row.stretches.map(({ from, start, end }) => ({
      from: from === client ? "client" : "server",
      start,
      end,
    })),
    packets: row.packets,
    acknowledgements: row.acknowledgements,
  };
}

function statesOf(states: Row["states"], client: "a" | "b"): object {
  return { client: states[client] ?? null, server: states[client === "a" ? "b" : "a"] ?? null };
}
