// Where a change stands among all changes of a table, as a text: a number that grows with each, and the
// name that the table was given when it was made. The version of a row is the point of the put that made it.

import { randomBytes } from "node:crypto";
import { StoreError } from "./errors.ts";

/** A name for a table that is being made: eight characters of 0-9 and a-z. */
export function newTableId(): string {
  // 36^8 is less than 2^48.
  return (randomBytes(6).readUIntBE(0, 6) % 36 ** 8).toString(36).padStart(8, "0");
}

/** `number` is a whole number from 0. */
export function pointOf(number: number, tableId: string): string {
  return `${number.toString(36)}-${tableId}`;
}

const POINT = /^(0|[1-9a-z][0-9a-z]{0,10})-([0-9a-z]+)$/;

/** The number of a point; undefined for a text that is none, and for one of another table. */
export function numberOf(point: string, tableId: string): number | undefined {
  const match = POINT.exec(point);
  if (match === null || match[2] !== tableId) return undefined;
  const number = Number.parseInt(match[1] as string, 36);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The place in the order of creation behind which a page goes on. Throws a StoreError, INVALID_KEY, for a text that names none. */
export function placeOf(after: string): number {
  const place = /^\d{1,15}$/.test(after) ? Number(after) : undefined;
  if (place === undefined)
    throw new StoreError(
      "INVALID_KEY",
      `Cannot go on behind ${JSON.stringify(after)}: it is not where a page ended`,
    );
  return place;
}
