// The columns of a ladder: one for each address and port.

import type { Endpoint } from "../model.ts";
import { otherSide } from "../reassembly/roles.ts";
import type { Column, Flow, LadderConnection } from "./ladder.ts";
import { initialStates } from "./tcp-states.ts";

/** The columns that have been given away so far. Connections to one server share its column. */
export class Columns {
  readonly all: Column[] = [];
  readonly #numbers: Map<string, number> = new Map();
  readonly #names: ReadonlyMap<string, string> | undefined;

  constructor(names: ReadonlyMap<string, string> | undefined) {
    this.#names = names;
  }

  place({ connection, segments }: Flow): LadderConnection {
    const { id, client } = connection;
    const left = this.#column(connection[client], "client", undefined);
    const right = this.#column(connection[otherSide(client)], "server", left);
    return {
      id,
      client,
      columns: client === "a" ? { a: left, b: right } : { a: right, b: left },
      initial: initialStates(connection, segments),
    };
  }

  #column({ address, port }: Endpoint, role: "client" | "server", other: number | undefined): number {
    const key = `${address} ${port}`;
    const found = this.#numbers.get(key);
    // A socket can connect to itself (RFC 9293, 3.5); an arrow needs two columns all the same.
    const known = found === other && other !== undefined ? this.#numbers.get(`${key} itself`) : found;
    if (known === undefined) {
      this.#numbers.set(found === undefined ? key : `${key} itself`, this.all.length);
      return this.all.push({ address, port, name: this.#names?.get(address), role }) - 1;
    }
    const column = this.all[known] as Column;
    if (column.role !== role) this.all[known] = { ...column, role: "both" };
    return known;
  }
}

/** "127.0.0.1:3091", "[::1]:3091". */
export function endpointText({ address, port }: Pick<Endpoint, "address" | "port">): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
