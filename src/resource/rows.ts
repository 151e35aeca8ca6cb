// What all mounts on a table share: which key a target names and how it is linked to, the validators of a row,
// and how a write is made that must not undo somebody else's.

import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../message/problem.ts";
import type { Request } from "../message/request.ts";
import type { Response } from "../message/response.ts";
import { encodePath } from "../semantics/paths.ts";
import type { Validators } from "../semantics/preconditions.ts";
import type { Expected, Key, RowInfo } from "../store/table.ts";
import { movedTo } from "./mount.ts";

/** The entity tag of a row: its version in quotes. It is strong. */
export function rowTag(info: RowInfo): string {
  return `"${info.version}"`;
}

/** What the conditions of a request are held against; undefined when there is no row. */
export function rowValidators(info: RowInfo | undefined): Validators | undefined {
  return info === undefined ? undefined : { etag: rowTag(info), lastModified: info.changed };
}

/** What a write expects that must find the row as it was just seen. */
export function unchangedSince(info: RowInfo | undefined): Expected {
  return info === undefined ? "absent" : { version: info.version };
}

/**
 * Tells the key that a target's path names: everything behind the prefix and its slash, decoded as one text. "/"
 * and "%2F" are the same here, and every character may be in a key. "" is the mount itself, with its slash or
 * without (`isBare()` tells). Throws a Problem: 400 for an escape that is broken or no UTF-8, 404 outside.
 */
export function keyOf(prefix: string, path: string): Key {
  if (path === prefix) return "";
  if (!path.startsWith(`${prefix}/`)) {
    throw new Problem(404, { detail: "Cannot find it: nothing is served here" });
  }
  const text = path.slice(prefix.length + 1);
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw new Problem(400, {
      detail: `Cannot read a key from ${JSON.stringify(shortened(text))}: an escape is "%" and two hexadecimal digits, and escapes spell UTF-8`,
      members: { code: "PATH_ENCODING_INVALID" },
      cause: error,
    });
  }
}

/**
 * Writes the path that a key is reached by, or the mount for "". A slash is escaped, so that no client joins two of
 * them or resolves what stands between. The keys "." and ".." are resolved away by most clients nevertheless.
 */
export function keyHref(prefix: string, key: Key): string {
  return `${prefix}${encodePath([key])}`;
}

/** Whether a path is that of the mount without the slash at its end. */
export function isBare(prefix: string, path: string): boolean {
  return path === prefix;
}

/** Sends on from the mount without a slash to the one with it. */
export function withSlash(prefix: string, { query }: Request["target"]): Response {
  return movedTo(`${prefix}/`, query);
}

const ROUNDS = 100;
/** From this round on there is a wait before the next, so that those who write at the same time get out of step. */
const HURRIED = 3;
const LONGEST_WAIT = 50;

/**
 * Makes a change that rests on what was read before it: again as long as somebody else came between and it says
 * so. Throws a Problem, 503, after a hundred rounds, and whatever the change throws.
 */
export async function attempt<T>(change: () => Promise<T | "again">): Promise<T> {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const result = await change();
    if (result !== "again") return result;
    if (round >= HURRIED) await sleep(Math.random() * Math.min(round, LONGEST_WAIT));
  }
  throw new Problem(503, {
    detail: "Cannot make this change: others keep changing the same key. Try again in a moment",
    fields: { "Retry-After": "1" },
  });
}

/** A key as a person reads it, in quotes and not too long: for messages. */
export function quoted(key: Key): string {
  return JSON.stringify(shortened(key));
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
