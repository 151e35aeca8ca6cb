// What the parts of a records mount share: what it was told, and which methods and media types it has where.

import { Fields } from "../../protocol/fields.ts";
import type { Table } from "../../store/table.ts";
import { JSON_TYPE, type RecordReader } from "./row.ts";
import type { RecordSchema } from "./schema.ts";

export interface RecordsMount {
  readonly table: Table;
  /** As mountPrefix() gives it. */
  readonly prefix: string;
  /** Bytes of the largest body, and of the largest record that a patch may make; 0: no limit. */
  readonly maxBody: number;
  /** Objects and lists within each other, at least 1. */
  readonly maxDepth: number;
  readonly schema: RecordSchema | undefined;
  readonly reader: RecordReader;
  /** Milliseconds; see WatchResponseOptions. */
  readonly heartbeat: number | undefined;
}

export const RECORD_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
export const COLLECTION_METHODS = "GET, HEAD, POST, OPTIONS";

export const MERGE_PATCH = "application/merge-patch+json";
export const JSON_PATCH = "application/json-patch+json";
export const ACCEPT_PATCH: string = `${MERGE_PATCH}, ${JSON_PATCH}`;

/** The fields of an answer that has a record, or some, in its body. */
export function jsonFields({ prefix, schema }: RecordsMount): Fields {
  const fields = new Fields([
    ["Content-Type", JSON_TYPE],
    ["Cache-Control", "no-cache"],
    ["X-Content-Type-Options", "nosniff"],
  ]);
  if (schema !== undefined) fields.append("Link", `<${prefix}/?schema>; rel="describedby"`);
  return fields;
}
