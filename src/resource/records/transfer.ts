// A whole table out into a JSON file, and a JSON file into a table: both streamed, in memory that does not grow with
// them. What a row looks like in the file is in records-form.ts.

import type { Table } from "../../store/table.ts";
import { Batch, ImportError, type NamedRow, type OnExisting } from "./batch.ts";
import { EntryFault, readEntry } from "./entry.ts";
import { formOf } from "./form.ts";
import { type FileEntry, FileFault, FileParser } from "./parser.ts";
import { RecordReader } from "./row.ts";
import { type RecordSchema, readSchema } from "./schema.ts";

/**
 * Writes a table as the text of one JSON object, a row on each line, in the order of creation; see
 * records-form.ts. Each page of rows is as it was at one moment. Throws what the table throws.
 */
export async function* exportRecords(table: Table): AsyncGenerator<string, void, void> {
  const reader = new RecordReader();
  yield "{";
  let separator = "\n";
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const page = await table.scan({ order: "created", after });
    let text = "";
    for (const row of page.rows) {
      text += `${separator}${JSON.stringify(row.key)}: ${formOf(row, reader)}`;
      separator = ",\n";
    }
    if (text !== "") yield text;
    after = page.next;
  }
  yield separator === "\n" ? "}\n" : "\n}\n";
}

export interface ImportOptions {
  /** What becomes of a record whose name is there already: it is replaced (default), the old one is kept, or the import ends. */
  readonly onExisting?: OnExisting | undefined;
  /** A JSON Schema that every record has to match. */
  readonly schema?: unknown;
  /** Called after each transaction. */
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

export interface ImportProgress {
  /** Of the file, as far as it has been read. */
  readonly bytes: number;
  /** Records that are in the table. */
  readonly records: number;
  /** Records that were left as they were, with `onExisting: "keep"`. */
  readonly kept: number;
}

/**
 * Reads a JSON file into a table: an object of names and records, as `exportRecords()` writes it, or a list of objects,
 * each with its name in the member "name", which is taken out, or in "id", which stays. In transactions of some
 * hundred rows, so that an error leaves what stood before it. Throws an ImportError, a SchemaError for the
 * schema, and what the table and the chunks throw.
 */
export async function importRecords(
  table: Table,
  chunks: AsyncIterable<Uint8Array>,
  options: ImportOptions = {},
): Promise<ImportProgress> {
  const { onExisting = "replace", onProgress } = options;
  const schema = options.schema === undefined ? undefined : readSchema(options.schema);
  const batch = new Batch(table, onExisting);
  const parser = new FileParser();
  let bytes = 0;
  const progress = (): ImportProgress => ({ bytes, records: batch.records, kept: batch.kept });

  const take = async (): Promise<void> => {
    for (const entry of parser.drain()) {
      const row = await readOrEnd(batch, entry, schema);
      if (batch.add(row)) {
        await batch.flush();
        onProgress?.(progress());
      }
    }
  };
  const parse = async (step: () => void): Promise<void> => {
    let fault: unknown;
    try {
      step();
    } catch (error) {
      fault = error;
    }
    await take();
    if (fault === undefined) return;
    await batch.flush();
    if (!(fault instanceof FileFault)) throw fault;
    const { message, line, column } = fault;
    const { records } = batch;
    throw new ImportError(message, { code: "FILE_INVALID", line, column, records, cause: fault });
  };

  for await (const chunk of chunks) {
    await parse(() => parser.write(chunk));
    bytes += chunk.length;
  }
  await parse(() => parser.end());
  await batch.flush();
  onProgress?.(progress());
  return progress();
}

/** Reads an entry; when it is wrong, puts what stands before it into the table first. */
async function readOrEnd(
  batch: Batch,
  entry: FileEntry,
  schema: RecordSchema | undefined,
): Promise<NamedRow> {
  try {
    return readEntry(entry, schema);
  } catch (error) {
    if (!(error instanceof EntryFault)) throw error;
    await batch.flush();
    const { line } = entry;
    throw new ImportError(error.message, {
      code: "RECORD_INVALID",
      line,
      records: batch.records,
      cause: error,
    });
  }
}
