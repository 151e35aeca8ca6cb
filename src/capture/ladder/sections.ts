// A ladder row by row, and a ladder for each of its connections: what all pictures need.

import type { Ladder, Row, States } from "./ladder.ts";

export interface ToldRow {
  readonly row: Row;
  /** The states before it. */
  readonly before: States;
  /** Whether it is the first of its connection. */
  readonly isFirst: boolean;
}

/** The rows with the states before each: what they change is what a picture writes down. */
export function toldRows({ connections, rows }: Ladder): ToldRow[] {
  const initial = new Map(connections.map((connection) => [connection.id, connection.initial]));
  const states = new Map<number, States>();
  return rows.map((row) => {
    const last = states.get(row.connection);
    states.set(row.connection, row.states);
    const before = last ?? initial.get(row.connection) ?? row.states;
    return { row, before, isFirst: last === undefined };
  });
}

/** The ladder of each connection, for where all of them do not fit beside each other. */
export function sectionsOf(ladder: Ladder): Ladder[] {
  const rows = new Map<number, Row[]>(ladder.connections.map(({ id }) => [id, []]));
  for (const row of ladder.rows) rows.get(row.connection)?.push(row);
  return ladder.connections.map((connection) => {
    const { a, b } = connection.columns;
    const [left, right] = connection.client === "a" ? [a, b] : [b, a];
    const moved = (column: number): number => (column === left ? 0 : 1);
    return {
      ...ladder,
      columns: [left, right].flatMap((column) => ladder.columns[column] ?? []),
      connections: [{ ...connection, columns: { a: moved(a), b: moved(b) } }],
      rows: (rows.get(connection.id) ?? []).map(
        (row): Row => ({ ...row, source: moved(row.source), destination: moved(row.destination) }),
      ),
    };
  });
}
