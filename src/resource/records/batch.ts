// Rows on their way into a table, some hundred in one transaction: what becomes of those whose name is taken, and how
// many have arrived.

import type { Expected, NewRow, Step, Table } from "../../store/table.ts";
import { quoted } from "../rows.ts";

export interface NamedRow {
  readonly name: string;
  readonly row: NewRow;
  /** Where in the file it begins. */
  readonly line: number;
}

/** What becomes of a row whose name is there already: it takes its place, it is left out, or the import ends. */
export type OnExisting = "replace" | "keep" | "fail";

export type ImportCode = "FILE_INVALID" | "RECORD_INVALID" | "RECORD_EXISTS";

interface ImportFault {
  readonly code: ImportCode;
  readonly line: number;
  readonly column?: number;
  readonly records: number;
  readonly cause?: unknown;
}

/** An import ended before the end of its file. What stood before the place is in the table, and stays there. */
export class ImportError extends Error {
  override readonly name = "ImportError";
  readonly code: ImportCode;
  /** Where in the file, from 1. */
  readonly line: number;
  /** Records of this import that are in the table. */
  readonly records: number;

  /** `why` is the end of a sentence. */
  constructor(why: string, { code, line, column, records, cause }: ImportFault) {
    const place = column === undefined ? `line ${line}` : `line ${line}, column ${column}`;
    const before =
      records === 0
        ? "Nothing was imported"
        : `The ${records} before it ${records === 1 ? "is" : "are"} in the store`;
    super(`Cannot import ${place}: ${why}. ${before}`, { cause });
    this.code = code;
    this.line = line;
    this.records = records;
  }
}

/** Rows, and bytes of values, that are written in one transaction. */
const BATCH_ROWS = 500;
const BATCH_BYTES = 4 * 1024 * 1024;

/** Rows that wait for their transaction. */
export class Batch {
  readonly #table: Table;
  readonly #onExisting: OnExisting;
  #rows: NamedRow[] = [];
  #bytes = 0;
  records = 0;
  kept = 0;

  constructor(table: Table, onExisting: OnExisting) {
    this.#table = table;
    this.#onExisting = onExisting;
  }

  /** Tells whether it is time to flush. */
  add(row: NamedRow): boolean {
    this.#rows.push(row);
    this.#bytes += row.row.value.length;
    return this.#rows.length >= BATCH_ROWS || this.#bytes >= BATCH_BYTES;
  }

  async flush(): Promise<void> {
    let rows: readonly NamedRow[] = this.#rows;
    this.#rows = [];
    this.#bytes = 0;
    if (this.#onExisting === "keep") rows = await this.#withoutExisting(rows);
    while (rows.length > 0) {
      const failed = await this.#write(rows);
      if (failed === undefined) return;
      const { name, line } = rows[failed] as NamedRow;
      const before = rows.slice(0, failed);
      if (this.#onExisting === "fail") {
        if (before.length > 0) await this.#write(before);
        throw new ImportError(`there is a record ${quoted(name)} already`, {
          code: "RECORD_EXISTS",
          line,
          records: this.records,
        });
      }
      // The file names it twice, or somebody else was faster.
      this.kept += 1;
      rows = rows.filter((_, index) => index !== failed);
    }
  }

  async #withoutExisting(rows: readonly NamedRow[]): Promise<readonly NamedRow[]> {
    const there = await Promise.all(rows.map(({ name }) => this.#table.stat(name)));
    const left = rows.filter((_, index) => there[index] === undefined);
    this.kept += rows.length - left.length;
    return left;
  }

  /** Writes all of them or none; then it tells which of them was in the way. */
  async #write(rows: readonly NamedRow[]): Promise<number | undefined> {
    const expected: Expected | undefined = this.#onExisting === "replace" ? undefined : "absent";
    const steps = rows.map(({ name, row }): Step => ({ kind: "put", key: name, row, expected }));
    const outcome = await this.#table.transact(steps);
    if (!outcome.done) return outcome.failed;
    this.records += rows.length;
    return undefined;
  }
}
