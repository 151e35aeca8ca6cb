// POST, PUT, PATCH and DELETE. Every one of them rests on what is there: the table is told which row it expects, and
// everything begins again when somebody else was faster.

import { randomInt } from "node:crypto";
import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import { Response } from "../../message/response.ts";
import type { Fields } from "../../protocol/fields.ts";
import { formatHttpDate } from "../../semantics/dates.ts";
import { checkKey } from "../../store/keys.ts";
import { type Key, type NewRow, putRow, type Row, type RowInfo, removeRow } from "../../store/table.ts";
import { printableLine } from "../../text/printable.ts";
import { conditionsOf, isNotModified } from "../conditions.ts";
import { depthOf, isJsonObject, type JsonObject, kindOf } from "../json/members.ts";
import { attempt, keyHref, quoted, rowTag, rowValidators, unchangedSince } from "../rows.ts";
import { readPatch, readRecord } from "./body.ts";
import { collectionTag } from "./collection.ts";
import { jsonFields, type RecordsMount } from "./mount.ts";
import { missing } from "./reading.ts";
import { JSON_TYPE, wrapped } from "./row.ts";
import { requireMatch } from "./schema.ts";

/** Creates a record under a name of the server's making.  RFC 9110, 9.3.3 */
export async function add(request: Request, mount: RecordsMount): Promise<Response> {
  const record = await readRecord(request, mount);
  const conditions = conditionsOf(request.fields);
  if (conditions !== undefined) {
    const { point } = await mount.table.list({ limit: 1 });
    isNotModified(conditions, request.method, { etag: collectionTag(point) });
  }
  return attempt(async () => {
    const name = newName();
    const row = rowOf(name, record, mount);
    const outcome = await putRow(mount.table, name, row, "absent");
    if (!outcome.done) return "again";
    return kept(201, outcome.after as RowInfo, row, mount);
  });
}

/** Creates a record; 409 when there is one.  RFC 9110, 9.3.3 */
export async function create(request: Request, name: Key, mount: RecordsMount): Promise<Response> {
  checkKey(name);
  const conditions = conditionsOf(request.fields);
  if ((await mount.table.stat(name)) !== undefined) throw taken(name);
  const row = rowOf(name, await readRecord(request, mount), mount);
  isNotModified(conditions, request.method, undefined);
  const outcome = await putRow(mount.table, name, row, "absent");
  if (!outcome.done) throw taken(name);
  return kept(201, outcome.after as RowInfo, row, mount);
}

/** Replaces a record whole, or creates it.  RFC 9110, 9.3.4 */
export async function put(request: Request, name: Key, mount: RecordsMount): Promise<Response> {
  checkKey(name);
  if (request.fields.has("content-range")) {
    throw new Problem(400, {
      detail:
        "Cannot write a part of a record: PUT takes the whole of it, without Content-Range. PATCH changes members",
    });
  }
  const conditions = conditionsOf(request.fields);
  const look = async (): Promise<Row | undefined> => {
    const current = await mount.table.get(name);
    if (current !== undefined) requireIsRecord(current, mount);
    isNotModified(conditions, request.method, rowValidators(current));
    return current;
  };
  // Conditions are asked before the body as well: one that fails spares the upload.
  const record = await readRecord(request, mount, conditions && look);
  const row = rowOf(name, record, mount);
  return attempt(async () => {
    const current = await look();
    const outcome = await putRow(mount.table, name, row, unchangedSince(current));
    if (!outcome.done) return "again";
    return kept(current === undefined ? 201 : 200, outcome.after as RowInfo, row, mount, "PUT");
  });
}

/** Changes a record by a patch.  RFC 5789 */
export async function patch(request: Request, name: Key, mount: RecordsMount): Promise<Response> {
  checkKey(name);
  const conditions = conditionsOf(request.fields);
  const look = async (): Promise<Row> => {
    const current = await mount.table.get(name);
    if (current === undefined) throw missing(name);
    requireIsRecord(current, mount);
    isNotModified(conditions, request.method, rowValidators(current));
    return current;
  };
  const apply = await readPatch(request, mount, conditions && look);
  return attempt(async () => {
    const current = await look();
    const record = mount.reader.parse(current) as JsonObject;
    // When the record is to go stays as it was.
    const row = { ...rowOf(name, asRecord(name, apply(record), mount), mount), expires: current.expires };
    requireRoom(name, row.value.length, mount);
    const outcome = await putRow(mount.table, name, row, unchangedSince(current));
    if (!outcome.done) return "again";
    return kept(200, outcome.after as RowInfo, row, mount);
  });
}

/** Removes a record.  RFC 9110, 9.3.5 */
export async function remove(request: Request, name: Key, mount: RecordsMount): Promise<Response> {
  checkKey(name);
  const conditions = conditionsOf(request.fields);
  await attempt(async () => {
    const current = await mount.table.get(name);
    if (current === undefined) throw missing(name);
    requireIsRecord(current, mount);
    isNotModified(conditions, request.method, rowValidators(current));
    const outcome = await removeRow(mount.table, name, unchangedSince(current));
    return outcome.done ? "removed" : "again";
  });
  return new Response(200, {
    fields: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" },
    body: `Deleted ${printableLine(name)}\n`,
  });
}

function taken(name: Key): Problem {
  return new Problem(409, {
    detail: `Cannot create ${quoted(name)}: there is one of this name. PUT replaces it, PATCH changes it`,
  });
}

/** Throws a Problem, 409, for what another mount has put there. */
function requireIsRecord(row: Row, { reader }: RecordsMount): void {
  if (reader.isRecord(row)) return;
  throw new Problem(409, {
    detail: `Cannot change ${quoted(row.key)} here: what stands there is no record but ${row.size} bytes of ${row.mediaType}. A kv mount on this store can read and remove it`,
  });
}

/** What a patch has made, if it is a record still. Throws a Problem, 422. */
function asRecord(name: Key, result: unknown, { maxDepth }: RecordsMount): JsonObject {
  const refused = (why: string): Problem =>
    new Problem(422, { detail: `Cannot apply the patch to ${quoted(name)}: ${why}` });
  if (!isJsonObject(result)) throw refused(`a record is an object, and it would become ${kindOf(result)}`);
  if (depthOf(result, maxDepth) > maxDepth)
    throw refused(`it would be nested deeper than ${maxDepth} levels`);
  return result;
}

function requireRoom(name: Key, bytes: number, { maxBody }: RecordsMount): void {
  if (maxBody === 0 || bytes <= maxBody) return;
  throw new Problem(413, {
    detail: `Cannot apply the patch to ${quoted(name)}: it would take ${bytes} bytes, and a record can have ${maxBody}`,
    members: { limit: maxBody },
  });
}

/** The row that a record is kept as. Throws a Problem, 422, when it does not match the schema. */
function rowOf(name: Key, record: JsonObject, { schema }: RecordsMount): NewRow {
  const value = Buffer.from(JSON.stringify(record));
  requireMatch(schema, name, record, value.length);
  return { value, mediaType: JSON_TYPE };
}

/** The answer with the record as it is now, in the form in which GET has it. */
function kept(status: 200 | 201, info: RowInfo, row: NewRow, mount: RecordsMount, method?: "PUT"): Response {
  const { prefix } = mount;
  const fields: Fields = jsonFields(mount);
  const href = keyHref(prefix, info.key);
  if (status === 201) fields.append("Location", href);
  fields.append("Content-Location", href);
  // A PUT whose answer had validators would say that GET gives exactly what was sent; it has the name around it.
  // RFC 9110, 9.3.4
  if (method !== "PUT") {
    fields.append("ETag", rowTag(info));
    fields.append("Last-Modified", formatHttpDate(info.changed));
  }
  return new Response(status, { fields, body: wrapped(info.key, row.value) });
}

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

/** Twelve characters of 0-9 and a-z: the time, so that names sort by it, and four of chance. */
function newName(): Key {
  let name = Date.now().toString(36).padStart(8, "0");
  for (let index = 0; index < 4; index += 1) name += DIGITS[randomInt(DIGITS.length)];
  return name;
}
