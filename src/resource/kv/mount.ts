// What the parts of a kv mount share: what it was told, and which methods it has where.

import type { Table } from "../../store/table.ts";

export interface KvMount {
  readonly table: Table;
  /** As mountPrefix() gives it. */
  readonly prefix: string;
  /** Bytes of the largest value; 0: no limit. */
  readonly maxValue: number;
  /** Milliseconds; see WatchResponseOptions. */
  readonly heartbeat: number | undefined;
  /** The clock, in milliseconds since 1970-01-01 UTC. */
  now(): number;
}

export const KEY_METHODS = "GET, HEAD, PUT, POST, DELETE, OPTIONS";
export const LIST_METHODS = "GET, HEAD, POST, OPTIONS";

export const PLAIN_TEXT = "text/plain; charset=utf-8";
