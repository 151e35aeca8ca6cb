// Reading a table: every function reads within one turn of the event loop, and so from one snapshot.

import { StoreError } from "../errors.ts";
import { checkText } from "../keys.ts";
import { isExpired, type Kept, type Numbered } from "../planning.ts";
import { placeOf, pointOf } from "../points.ts";
import { type Key, MAX_KEY_BYTES, type Page, type Range, type Row, type RowInfo } from "../table.ts";
import type { Environment } from "./environment.ts";
import {
  numberKey,
  putNumber,
  type RowRecord,
  readChange,
  readExpiryKey,
  readNumber,
  readRowRecord,
  textOf,
} from "./format.ts";

const DEFAULT_LIMIT = 1000;
/** Bytes of values after which a page is full. */
const PAGE_BYTES = 1 << 20;
/** Rows that are looked at for one page: a prefix that few keys have must not hold everybody up. */
const MOST_LOOKED_AT = 10_000;

/** What is kept under a key, a row whose time is over included. */
export function keptOf(environment: Environment, key: Key): Kept | undefined {
  return recordOf(environment, key)?.kept;
}

export function readInfo(environment: Environment, key: Key, now: number): RowInfo | undefined {
  const info = keptOf(environment, key)?.info;
  return info === undefined || isExpired(info, now) ? undefined : info;
}

export function readRow(environment: Environment, key: Key, now: number): Row | undefined {
  const record = recordOf(environment, key);
  return record === undefined || isExpired(record.kept.info, now) ? undefined : rowOf(environment, record);
}

export function readRows(environment: Environment, range: Range, now: number): Page<Row> {
  return readPage(environment, range, now, PAGE_BYTES, (record) => rowOf(environment, record));
}

export function readInfos(environment: Environment, range: Range, now: number): Page<RowInfo> {
  return readPage(environment, range, now, Number.POSITIVE_INFINITY, ({ kept }) => kept.info);
}

/** Changes behind a number. */
export function readLog(environment: Environment, after: number, limit: number): readonly Numbered[] {
  const { databases, tableId } = environment;
  const found: Numbered[] = [];
  for (const { key, value } of databases.log.getRange({ start: numberKey(after + 1), limit })) {
    found.push(readChange(readNumber(key), value, tableId));
  }
  return found;
}

/** The number of the oldest change that is known. */
export function firstLogged({ databases }: Environment): number | undefined {
  for (const key of databases.log.getKeys({ limit: 1 })) return readNumber(key);
  return undefined;
}

/** When the time of a row will be over next; it may be over already. */
export function nextExpiry({ databases }: Environment): number | undefined {
  for (const key of databases.expiry.getKeys({ limit: 1 })) return readExpiryKey(key).expires;
  return undefined;
}

/** Keys whose time is over, at most so many. */
export function expiredKeys({ databases }: Environment, now: number, limit: number): readonly Key[] {
  const keys: Key[] = [];
  for (const bytes of databases.expiry.getKeys({ end: numberKey(Math.max(Math.floor(now), 0) + 1), limit })) {
    keys.push(readExpiryKey(bytes).key);
  }
  return keys;
}

function recordOf({ databases, tableId }: Environment, key: Key): RowRecord | undefined {
  const bytes = databases.rows.getBinary(Buffer.from(key));
  return bytes && readRowRecord(bytes, key, tableId);
}

function rowOf({ databases, tableId }: Environment, { kept, value }: RowRecord): Row {
  if (value !== undefined) return { ...kept.info, value };
  const bytes = databases.blobs.getBinary(numberKey(putNumber(kept.info, tableId)));
  if (bytes === undefined) {
    throw new StoreError(
      "IO",
      `Cannot read the value of ${JSON.stringify(kept.info.key)}: the store is damaged`,
    );
  }
  // The package makes properties of its own on large ones.
  return { ...kept.info, value: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
}

function readPage<R extends RowInfo>(
  environment: Environment,
  range: Range,
  now: number,
  maxBytes: number,
  take: (record: RowRecord) => R,
): Page<R> {
  const { prefix = "", limit = DEFAULT_LIMIT } = range;
  checkText(prefix, "prefix");
  const rows: R[] = [];
  let bytes = 0;
  let looked = 0;
  let next: string | undefined;
  let previous: string | undefined;
  for (const [cursor, record] of inOrder(environment, range)) {
    looked += 1;
    const info = record?.kept.info;
    if (info !== undefined && !isExpired(info, now)) {
      if (rows.length >= limit || (rows.length > 0 && bytes + info.size > maxBytes)) {
        next = previous;
        break;
      }
      rows.push(take(record as RowRecord));
      bytes += info.size;
    }
    previous = cursor;
    if (looked < MOST_LOOKED_AT) continue;
    next = cursor;
    break;
  }
  return { rows, next, point: pointOf(environment.last(), environment.tableId) };
}

type Places = Generator<readonly [cursor: string, record: RowRecord | undefined], void, void>;

/** Rows from where a range begins, each with what to give as `after` for what follows it; undefined is one that is not wanted. */
function inOrder(environment: Environment, range: Range): Places {
  return range.order === "created" ? byCreation(environment, range) : byKey(environment, range);
}

function* byKey({ databases, tableId }: Environment, { prefix = "", after }: Range): Places {
  if (after !== undefined) checkText(after, "place");
  const first = Buffer.from(prefix);
  if (first.length > MAX_KEY_BYTES) return;
  // A key never reaches into what is cut off.
  const behind = Buffer.from(after ?? "").subarray(0, MAX_KEY_BYTES + 1);
  const exclusive = behind.length > 0 && Buffer.compare(behind, first) >= 0;
  const start = exclusive ? behind : first;
  const options = {
    ...(start.length > 0 && { start }),
    ...(first.length > 0 && { end: endOfPrefix(first) }),
    exclusiveStart: exclusive,
  };
  for (const { key: keyBytes, value } of databases.rows.getRange(options)) {
    const key = textOf(keyBytes);
    yield [key, readRowRecord(value, key, tableId)];
  }
}

function* byCreation(environment: Environment, { prefix = "", after }: Range): Places {
  const start = numberKey(after === undefined ? 0 : placeOf(after) + 1);
  for (const { key: place, value: keyBytes } of environment.databases.order.getRange({ start })) {
    const cursor = String(readNumber(place));
    const key = textOf(keyBytes);
    yield [cursor, key.startsWith(prefix) ? recordOf(environment, key) : undefined];
  }
}

/** The first text behind all that begin with a prefix: no byte of UTF-8 is 255. */
function endOfPrefix(prefix: Buffer): Buffer {
  const end = Buffer.from(prefix);
  end[end.length - 1] = (end.at(-1) as number) + 1;
  return end;
}
