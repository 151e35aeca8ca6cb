// Answers that were made of a row and are ready to be sent again, as long as the row is the same. They pay in the rows
// kv-get and record of `npm run bench`: reading and describing a row costs more than all the rest of a request.

import type { Response } from "../message/response.ts";
import type { Key, RowInfo, Table } from "../store/table.ts";
import { WeightedCache } from "./cache.ts";

/** Bytes up to which a row is kept with its answer: what a response sends in one text. */
const SMALL = 8192;
/** Bytes of all that is kept. */
const KEPT_BYTES = 16 * 1024 * 1024;
/** What an answer weighs beside its content. */
const EXTRA_BYTES = 1024;

/** The answer with the whole of a row. */
export interface ReadyAnswer {
  readonly info: RowInfo;
  readonly response: Response;
}

interface Slot extends ReadyAnswer {
  /** Of the table, when the row was last known to be the same. */
  generation: number | undefined;
}

export class ReadyAnswers {
  readonly #table: Table;
  readonly #slots: WeightedCache<Slot> = new WeightedCache(KEPT_BYTES);

  constructor(table: Table) {
    this.#table = table;
  }

  /** The answer of a key, if nothing at all has changed in the table since; needs no promise. */
  get(key: Key): ReadyAnswer | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined || slot.generation === undefined) return undefined;
    return slot.generation === this.#table.generation ? slot : undefined;
  }

  /** The answer of a key, if the table says that its row is still the same. */
  async confirmed(key: Key): Promise<ReadyAnswer | undefined> {
    const slot = this.#slots.get(key);
    if (slot === undefined) return undefined;
    const { generation } = this.#table;
    const info = await this.#table.stat(key);
    if (info?.version === slot.info.version) {
      slot.generation = generation;
      return slot;
    }
    this.#slots.delete(key);
    return undefined;
  }

  /** Keeps the answer of a row that was read when the table had this generation, if it is worth it. */
  keep(info: RowInfo, response: Response, generation: number | undefined): void {
    const bytes = response.length;
    // What does not stay is a second older a second later, and gone without a change.
    if (bytes === undefined || bytes > SMALL || info.expires !== undefined) return;
    this.#slots.set(info.key, { info, response, generation }, bytes + EXTRA_BYTES);
  }
}
