// GET and HEAD of a key: one look into the table, and what conditions and ranges make of it. A small value that is
// asked for again is answered with what was made ready for it, as long as it is the same.

import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import { Response } from "../../message/response.ts";
import type { Change, Key, RowInfo } from "../../store/table.ts";
import { conditionsOf, isNotModified } from "../conditions.ts";
import { watchResponse } from "../events.ts";
import { asksFor, parametersOf } from "../query.ts";
import { partialResponse, partsOf } from "../ranged.ts";
import { ReadyAnswers } from "../ready-answers.ts";
import { quoted, rowTag, rowValidators } from "../rows.ts";
import type { KvMount } from "./mount.ts";
import { rowFields, unmodifiedFields } from "./row.ts";

/** Makes the handler of GET and HEAD of keys, `?watch` among them. It throws a Problem, 404, when there is no such key. */
export function createKeyReader(
  mount: KvMount,
): (request: Request, key: Key) => Response | Promise<Response> {
  const { table, now } = mount;
  const answers = new ReadyAnswers(table);

  async function read(request: Request, key: Key): Promise<Response> {
    const known = await answers.confirmed(key);
    if (known !== undefined) return respond(request, known.info, known.response);
    // HEAD tells of a value without reading it.
    if (request.method === "HEAD") {
      const info = await table.stat(key);
      if (info === undefined) throw missing(key);
      return respond(request, info, new Response(200, { fields: rowFields(info, now()), length: info.size }));
    }
    const { generation } = table;
    const row = await table.get(key);
    if (row === undefined) throw missing(key);
    const { value, ...info } = row;
    const response = new Response(200, { fields: rowFields(info, now()), body: value });
    answers.keep(info, response, generation);
    return respond(request, info, response);
  }

  return (request, key) => {
    const { query } = request.target;
    if (query !== undefined) {
      if (asksFor("watch", query)) return watchKey(request, key, mount);
      parametersOf(query, ["watch"]);
    }
    const ready = answers.get(key);
    return ready === undefined ? read(request, key) : respond(request, ready.info, ready.response);
  };
}

/** What conditions and ranges make of the answer with the whole value. */
function respond(request: Request, info: RowInfo, whole: Response): Response {
  const { method, fields } = request;
  const conditions = conditionsOf(fields);
  if (conditions !== undefined && isNotModified(conditions, method, rowValidators(info)))
    return new Response(304, { fields: unmodifiedFields(whole.fields) });
  // Only GET has ranges.  RFC 9110, 14.2
  const range = method === "GET" ? fields.get("range") : undefined;
  if (range === undefined) return whole;
  const from = { ...rowValidators(info), length: info.size, mediaType: info.mediaType };
  const parts = partsOf(range, fields, from);
  if (parts === undefined) return whole;
  const value = whole.body as Uint8Array;
  return partialResponse(parts, from, whole.fields, ({ first, last }) => value.subarray(first, last + 1));
}

async function watchKey(request: Request, key: Key, { table, heartbeat }: KvMount): Promise<Response> {
  parametersOf(request.target.query, ["watch", "after"]);
  // A key that nobody can write is refused here, rather than watched for ever.
  await table.stat(key);
  return watchResponse(request, table, { key, describe: describeChanges, heartbeat });
}

/** What an event says of each change. */
export function describeChanges(changes: readonly Change[]): readonly object[] {
  return changes.map((change) => {
    const { key } = change;
    if (change.kind === "remove") return { key, expired: change.expired };
    const { info, created } = change;
    return { key, etag: rowTag(info), size: info.size, type: info.mediaType, created };
  });
}

/** The answer where a key has to be there and is not. */
export function missing(key: Key): Problem {
  return new Problem(404, { detail: `Cannot find ${quoted(key)}: there is no such key` });
}
