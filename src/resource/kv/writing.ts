// PUT, POST and DELETE of a key. What conditions are held against is what the write replaces: the table is told
// which row it expects, and everything begins again when somebody else was faster.

import { BodyTooLargeError } from "../../message/body.ts";
import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import { Response } from "../../message/response.ts";
import type { Conditions } from "../../semantics/preconditions.ts";
import { checkKey } from "../../store/keys.ts";
import { type Expected, type Key, putRow, type RowInfo, removeRow } from "../../store/table.ts";
import { printableLine } from "../../text/printable.ts";
import { conditionsOf, isNotModified } from "../conditions.ts";
import { requirePlainBody } from "../refusals.ts";
import { attempt, keyHref, rowValidators, unchangedSince } from "../rows.ts";
import { type KvMount, PLAIN_TEXT } from "./mount.ts";
import { missing } from "./reading.ts";
import { SANDBOX, sentLife, sentType, writtenFields } from "./row.ts";

/** Replaces a value whole, or creates it.  RFC 9110, 9.3.4 */
export async function put(request: Request, key: Key, mount: KvMount): Promise<Response> {
  if (request.fields.has("content-range")) {
    throw new Problem(400, {
      detail:
        "Cannot write a part of a value: PUT takes the whole of it, without Content-Range. POST adds to its end",
    });
  }
  const { mediaType, life, conditions } = planOf(request, key, mount);
  // Asked before the body as well: a condition that fails spares the upload.
  await expectedBy(conditions, request, key, mount);
  const value = await bodyOf(request, mount.maxValue);
  return attempt(async () => {
    const expected = await expectedBy(conditions, request, key, mount);
    const row = { value, mediaType, expires: endOf(life, mount) };
    const outcome = await putRow(mount.table, key, row, expected);
    if (!outcome.done) return "again";
    const fields = writtenFields(outcome.after as RowInfo);
    if (outcome.before !== undefined) return new Response(204, { fields });
    return new Response(201, { fields: fields.append("Location", keyHref(mount.prefix, key)) });
  });
}

/** Adds to the end of a value, or creates it, and sends back what was added.  RFC 9110, 9.3.3 */
export async function append(request: Request, key: Key, mount: KvMount): Promise<Response> {
  const { table, maxValue } = mount;
  const { mediaType, life, conditions } = planOf(request, key, mount);
  const seen = await table.stat(key);
  requireRoom((seen?.size ?? 0) + (request.body.length ?? 0), maxValue);
  isNotModified(conditions, request.method, rowValidators(seen));
  const added = await bodyOf(request, maxValue);
  return attempt(async () => {
    const current = await table.get(key);
    isNotModified(conditions, request.method, rowValidators(current));
    requireRoom((current?.size ?? 0) + added.length, maxValue);
    const row = {
      value: current === undefined ? added : Buffer.concat([current.value, added]),
      mediaType: current?.mediaType ?? mediaType,
      expires: life === undefined ? current?.expires : endOf(life, mount),
    };
    const outcome = await putRow(table, key, row, unchangedSince(current));
    if (!outcome.done) return "again";
    const fields = writtenFields(outcome.after as RowInfo);
    fields.append("Location", keyHref(mount.prefix, key));
    if (current === undefined) return new Response(201, { fields });
    fields.append("Content-Type", request.fields.has("content-type") ? mediaType : PLAIN_TEXT);
    fields.append("X-Content-Type-Options", "nosniff");
    fields.append("Content-Security-Policy", SANDBOX);
    return new Response(200, { fields, body: added });
  });
}

/** Removes a key with its value.  RFC 9110, 9.3.5 */
export async function remove(request: Request, key: Key, { table }: KvMount): Promise<Response> {
  const conditions = conditionsOf(request.fields);
  await attempt(async () => {
    let expected: Expected | undefined;
    if (conditions !== undefined) {
      const current = await table.stat(key);
      // Conditions count only where the request would succeed without them.  RFC 9110, 13.2.1
      if (current === undefined) throw missing(key);
      isNotModified(conditions, request.method, rowValidators(current));
      expected = unchangedSince(current);
    }
    const outcome = await removeRow(table, key, expected);
    if (!outcome.done) return "again";
    if (outcome.before === undefined) throw missing(key);
    return "removed";
  });
  return new Response(200, {
    fields: { "Content-Type": PLAIN_TEXT, "X-Content-Type-Options": "nosniff" },
    body: `Deleted ${printableLine(key)}\n`,
  });
}

interface Plan {
  readonly mediaType: string;
  /** Seconds. */
  readonly life: number | undefined;
  readonly conditions: Conditions | undefined;
}

/**
 * What a request's head says of the value that it brings. Throws for what is refused without reading it; conditions count
 * only where nothing of that is.  RFC 9110, 13.2.1
 */
function planOf(request: Request, key: Key, { maxValue }: KvMount): Plan {
  const { fields, body } = request;
  checkKey(key);
  requirePlainBody(request);
  requireRoom(body.length ?? 0, maxValue);
  return { mediaType: sentType(fields), life: sentLife(fields), conditions: conditionsOf(fields) };
}

/** Holds conditions against what is there, and gives what a write that keeps to them expects to find. */
async function expectedBy(
  conditions: Conditions | undefined,
  request: Request,
  key: Key,
  { table }: KvMount,
): Promise<Expected | undefined> {
  if (conditions === undefined) return undefined;
  const current = await table.stat(key);
  isNotModified(conditions, request.method, rowValidators(current));
  return unchangedSince(current);
}

async function bodyOf(request: Request, maxValue: number): Promise<Uint8Array> {
  try {
    return await request.body.bytes(maxValue);
  } catch (error) {
    throw error instanceof BodyTooLargeError ? tooLarge(maxValue) : error;
  }
}

function requireRoom(bytes: number, maxValue: number): void {
  if (maxValue > 0 && bytes > maxValue) throw tooLarge(maxValue);
}

/** The answer to a value that the mount does not take. */
export function tooLarge(maxValue: number): Problem {
  return new Problem(413, {
    detail: `Cannot keep a value of more than ${maxValue} bytes here`,
    members: { limit: maxValue },
  });
}

/** When a life that begins now ends, in milliseconds. */
export function endOf(life: number | undefined, { now }: KvMount): number | undefined {
  return life === undefined ? undefined : now() + life * 1000;
}
