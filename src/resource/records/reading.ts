// GET and HEAD of one record: its bytes are JSON already, and are sent with the name around them. What is asked for
// again is answered with what was made ready for it, as long as it is the same.

import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import { Response } from "../../message/response.ts";
import type { Fields } from "../../protocol/fields.ts";
import { formatHttpDate } from "../../semantics/dates.ts";
import type { Key, Row, RowInfo } from "../../store/table.ts";
import { cacheFields } from "../cache-fields.ts";
import { conditionsOf, isNotModified } from "../conditions.ts";
import { asksFor, parametersOf } from "../query.ts";
import { ReadyAnswers } from "../ready-answers.ts";
import { quoted, rowTag, rowValidators } from "../rows.ts";
import { project } from "./filter.ts";
import { jsonFields, type RecordsMount } from "./mount.ts";
import { readFields } from "./query.ts";
import { wrapped } from "./row.ts";
import { watchRecords } from "./watch.ts";

/** Makes the handler of GET and HEAD of records, `?watch` among them. It throws Problems: 404 when there is no such record, 400 for the query. */
export function createRecordReader(
  mount: RecordsMount,
): (request: Request, name: Key) => Response | Promise<Response> {
  const { table, reader } = mount;
  const answers = new ReadyAnswers(table);

  async function find(name: Key): Promise<Row> {
    const row = await table.get(name);
    if (row === undefined || !reader.isRecord(row)) throw missing(name);
    return row;
  }

  async function read(request: Request, name: Key): Promise<Response> {
    const known = await answers.confirmed(name);
    if (known !== undefined) return respond(request, known.info, known.response);
    const { generation } = table;
    const { value, ...info } = await find(name);
    const response = new Response(200, { fields: recordFields(info, mount), body: wrapped(name, value) });
    answers.keep(info, response, generation);
    return respond(request, info, response);
  }

  return (request, name) => {
    const { query } = request.target;
    if (query !== undefined) return readByQuery(request, name, query);
    const ready = answers.get(name);
    return ready === undefined ? read(request, name) : respond(request, ready.info, ready.response);
  };

  async function readByQuery(request: Request, name: Key, query: string): Promise<Response> {
    if (asksFor("watch", query)) {
      parametersOf(query, ["watch", "after"]);
      // A name that nobody can write is refused here, rather than watched for ever.
      await table.stat(name);
      return watchRecords(request, mount, name);
    }
    const shown = readFields(parametersOf(query, ["fields"]).get("fields"));
    const row = await find(name);
    const record = shown === undefined ? undefined : reader.parse(row);
    const value =
      shown === undefined || record === undefined
        ? row.value
        : Buffer.from(JSON.stringify(project(record, shown)));
    return respond(
      request,
      row,
      new Response(200, { fields: recordFields(row, mount), body: wrapped(name, value) }),
    );
  }
}

/** What conditions make of the answer. */
function respond(request: Request, info: RowInfo, whole: Response): Response {
  const conditions = conditionsOf(request.fields);
  if (conditions === undefined || !isNotModified(conditions, request.method, rowValidators(info)))
    return whole;
  return new Response(304, { fields: cacheFields(whole.fields) });
}

function recordFields(info: RowInfo, mount: RecordsMount): Fields {
  return jsonFields(mount).append("ETag", rowTag(info)).append("Last-Modified", formatHttpDate(info.changed));
}

/** The answer where a record has to be there and is not. */
export function missing(name: Key): Problem {
  return new Problem(404, { detail: `Cannot find ${quoted(name)}: there is no record of this name` });
}
