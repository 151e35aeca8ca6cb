// How a table lies in LMDB: the bytes of keys and records. It knows neither LMDB nor the disk.
//
//   meta    "format" → JSON: what this is, and the table's id;  "last" → nothing, its version is the number of the last change
//   rows    key in UTF-8 → header, and a small value behind it
//   blobs   number of the put → a large value
//   order   place in the order of creation → key
//   expiry  when the time is over, then the key → nothing
//   log     number → what has changed
//
// Numbers in keys are 8 bytes, the highest first, so that LMDB's order is theirs.

import type { Kept, Numbered } from "../planning.ts";
import { numberOf, pointOf } from "../points.ts";
import type { Change, Key, RowInfo } from "../table.ts";

/** The number of this layout; another one is another store. */
export const FORMAT = 1;

/** The longest value, in bytes, that lies in its row: so much that a row never takes more than one page of the disk. */
export const INLINE_BYTES = 3072;

const NUMBER_BYTES = 8;
const HEADER_BYTES = 6 * 8 + 4;
const NEVER = Number.NaN;

export function numberKey(number: number): Buffer {
  const bytes = Buffer.allocUnsafe(NUMBER_BYTES);
  bytes.writeUInt32BE(Math.floor(number / 2 ** 32), 0);
  bytes.writeUInt32BE(number % 2 ** 32, 4);
  return bytes;
}

export function readNumber(bytes: Uint8Array): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return view.readUInt32BE(0) * 2 ** 32 + view.readUInt32BE(4);
}

export function expiryKey(expires: number, key: Key): Buffer {
  // A time before 1970 or at no time at all still has a place.
  const time = Math.min(Math.max(Math.floor(expires), 0), Number.MAX_SAFE_INTEGER);
  return Buffer.concat([numberKey(time), Buffer.from(key)]);
}

export function readExpiryKey(bytes: Uint8Array): { readonly expires: number; readonly key: Key } {
  return { expires: readNumber(bytes), key: textOf(bytes.subarray(NUMBER_BYTES)) };
}

/** The number of the put that made a row; its value lies under it when it is large. */
export function putNumber(info: RowInfo, tableId: string): number {
  return numberOf(info.version, tableId) as number;
}

/** A row as it is kept, with its value when that is small. */
export function rowRecord({ info, place }: Kept, value: Uint8Array, tableId: string): Buffer {
  const inside = value.length <= INLINE_BYTES ? value.length : 0;
  const media = Buffer.byteLength(info.mediaType);
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + media + inside);
  writeInfo(bytes, 0, info, place, media, tableId);
  if (inside > 0) bytes.set(value, HEADER_BYTES + media);
  return bytes;
}

export interface RowRecord {
  readonly kept: Kept;
  /** The value; undefined when it is large and lies elsewhere. */
  readonly value: Uint8Array | undefined;
}

export function readRowRecord(bytes: Uint8Array, key: Key, tableId: string): RowRecord {
  const { kept, end } = readInfo(bytes, 0, key, tableId);
  return { kept, value: kept.info.size > INLINE_BYTES ? undefined : bytes.subarray(end) };
}

const REMOVED = 0;
const EXPIRED = 1;
const REPLACED = 2;
const CREATED = 3;

/** A change: its kind, the length of the key, the key, and for a put the row's header. */
export function changeRecord(change: Change, tableId: string): Buffer {
  const keyBytes = Buffer.byteLength(change.key);
  const media = change.kind === "put" ? Buffer.byteLength(change.info.mediaType) : 0;
  const bytes = Buffer.allocUnsafe(3 + keyBytes + (change.kind === "put" ? HEADER_BYTES + media : 0));
  bytes.writeUInt16BE(keyBytes, 1);
  bytes.write(change.key, 3);
  if (change.kind === "remove") {
    bytes[0] = change.expired ? EXPIRED : REMOVED;
    return bytes;
  }
  bytes[0] = change.created ? CREATED : REPLACED;
  writeInfo(bytes, 3 + keyBytes, change.info, 0, media, tableId);
  return bytes;
}

export function readChange(number: number, bytes: Uint8Array, tableId: string): Numbered {
  const kind = bytes[0];
  const end = 3 + ((bytes[1] as number) << 8) + (bytes[2] as number);
  const key = textOf(bytes.subarray(3, end));
  const point = pointOf(number, tableId);
  if (kind === REMOVED || kind === EXPIRED) {
    return { number, change: { kind: "remove", key, point, expired: kind === EXPIRED } };
  }
  const { info } = readInfo(bytes, end, key, tableId).kept;
  return { number, change: { kind: "put", key, point, created: kind === CREATED, info } };
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

function writeInfo(
  bytes: Buffer,
  at: number,
  info: RowInfo,
  place: number,
  media: number,
  tableId: string,
): void {
  bytes.writeDoubleLE(putNumber(info, tableId), at);
  bytes.writeDoubleLE(place, at + 8);
  bytes.writeDoubleLE(info.created, at + 16);
  bytes.writeDoubleLE(info.changed, at + 24);
  bytes.writeDoubleLE(info.expires ?? NEVER, at + 32);
  bytes.writeDoubleLE(info.size, at + 40);
  bytes.writeUInt32LE(media, at + 48);
  bytes.write(info.mediaType, at + HEADER_BYTES);
}

function readInfo(
  bytes: Uint8Array,
  at: number,
  key: Key,
  tableId: string,
): { readonly kept: Kept; readonly end: number } {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const expires = view.readDoubleLE(at + 32);
  const begin = at + HEADER_BYTES;
  const end = begin + view.readUInt32LE(at + 48);
  const info: RowInfo = {
    key,
    size: view.readDoubleLE(at + 40),
    mediaType: view.toString("utf8", begin, end),
    version: pointOf(view.readDoubleLE(at), tableId),
    created: view.readDoubleLE(at + 16),
    changed: view.readDoubleLE(at + 24),
    expires: Number.isNaN(expires) ? undefined : expires,
  };
  return { kept: { info, place: view.readDoubleLE(at + 8) }, end };
}
