// The records resource: JSON objects by name. Here is what a mount can be told, and which method does what; how is in
// the files beside it.

import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import { type Handler, Response } from "../../message/response.ts";
import { Fields } from "../../protocol/fields.ts";
import type { Key, Table } from "../../store/table.ts";
import { cacheFields } from "../cache-fields.ts";
import { conditionsOf, isNotModified } from "../conditions.ts";
import { DEFAULT_MAX_DEPTH, depthLimit } from "../json/body.ts";
import { mountPrefix } from "../mount.ts";
import { asksFor, parametersOf } from "../query.ts";
import { notAllowed, READ_METHODS } from "../refusals.ts";
import { isBare, keyOf, withSlash } from "../rows.ts";
import { refusing } from "../store-problems.ts";
import { readCollection } from "./collection.ts";
import { ACCEPT_PATCH, COLLECTION_METHODS, RECORD_METHODS, type RecordsMount } from "./mount.ts";
import { pairsOf } from "./query.ts";
import { createRecordReader } from "./reading.ts";
import { JSON_TYPE, RecordReader } from "./row.ts";
import { readSchema } from "./schema.ts";
import { watchRecords } from "./watch.ts";
import { add, create, patch, put, remove } from "./writing.ts";

export interface RecordsOptions {
  /** The path that the table is mounted under, as in a URL: "/animals". A slash at its end counts for nothing. Default "/". */
  readonly base?: string | undefined;
  /** Whether POST, PUT, PATCH and DELETE are answered with 405. Default false. */
  readonly readOnly?: boolean | undefined;
  /** The JSON Schema, draft 2020-12 or draft-07, that every record which is written has to match. Default: none. */
  readonly schema?: unknown;
  /** Bytes of the largest body, and of the largest record that a patch may make. Default 1,048,576: more than people write by hand. 0: no limit. */
  readonly maxBody?: number | undefined;
  /** Objects and lists within each other. Default 64. 0, and more than 1,000: 1,000. */
  readonly maxDepth?: number | undefined;
  /** Milliseconds without a change after which a watch sends a sign of life. Default 15,000. 0: none. */
  readonly heartbeat?: number | undefined;
}

/** The methods that a records mount has for one resource or another: for `OPTIONS *`. */
export const RECORDS_METHODS: readonly string[] = RECORD_METHODS.split(", ");

const MIB = 1024 * 1024;

/**
 * Serves JSON objects by name: the collection with filters, sorting and pages; POST, PUT, PATCH (merge patch and JSON
 * Patch) and DELETE, each atomic and conditional; a JSON Schema; a watch. Throws Problems for whatever it
 * refuses, a TypeError for a `base` that is no path, and a SchemaError for a `schema` that is none.
 */
export function recordsHandler(table: Table, options: RecordsOptions = {}): Handler {
  const { readOnly = false } = options;
  const mount: RecordsMount = {
    table,
    prefix: mountPrefix(options.base ?? "/"),
    maxBody: options.maxBody ?? MIB,
    maxDepth: depthLimit(options.maxDepth ?? DEFAULT_MAX_DEPTH),
    schema: options.schema === undefined ? undefined : readSchema(options.schema),
    reader: new RecordReader(),
    heartbeat: options.heartbeat,
  };

  const read = createRecordReader(mount);

  function allowed(name: Key): string {
    if (readOnly) return READ_METHODS;
    return name === "" ? COLLECTION_METHODS : RECORD_METHODS;
  }

  function tell(name: Key): Response {
    const fields: Record<string, string> = { Allow: allowed(name) };
    if (!readOnly) fields["Accept-Post"] = JSON_TYPE;
    if (!readOnly && name !== "") fields["Accept-Patch"] = ACCEPT_PATCH;
    return new Response(200, { fields });
  }

  function refuse({ method }: Request, name: Key): never {
    const what = name === "" ? "the collection" : "a record";
    const why = readOnly ? "the records are served read-only" : `${what} takes ${allowed(name)}`;
    throw notAllowed(allowed(name), `Cannot ${method} here: ${why}`);
  }

  function ofCollection(request: Request): Promise<Response> {
    switch (request.method) {
      case "GET":
      case "HEAD":
        return readAll(request, mount);
      case "POST":
        if (readOnly) return refuse(request, "");
        parametersOf(request.target.query, []);
        return add(request, mount);
      default:
        return refuse(request, "");
    }
  }

  function ofRecord(request: Request, name: Key): Response | Promise<Response> {
    if (request.method === "GET" || request.method === "HEAD") return read(request, name);
    if (readOnly) refuse(request, name);
    // A "?" that belongs to a name must not silently end it.
    parametersOf(request.target.query, []);
    switch (request.method) {
      case "POST":
        return create(request, name, mount);
      case "PUT":
        return put(request, name, mount);
      case "PATCH":
        return patch(request, name, mount);
      case "DELETE":
        return remove(request, name, mount);
      default:
        return refuse(request, name);
    }
  }

  return (request) => {
    const { method, target } = request;
    const name = keyOf(mount.prefix, target.path);
    if (method === "OPTIONS") return tell(name);
    if (isBare(mount.prefix, target.path) && (method === "GET" || method === "HEAD"))
      return withSlash(mount.prefix, target);
    const result = name === "" ? ofCollection(request) : ofRecord(request, name);
    return result instanceof Response ? result : refusing(result, method);
  };
}

async function readAll(request: Request, mount: RecordsMount): Promise<Response> {
  const { query } = request.target;
  if (query === undefined) return readCollection(request, [], mount);
  if (asksFor("watch", query)) {
    parametersOf(query, ["watch", "after"]);
    return watchRecords(request, mount);
  }
  if (asksFor("schema", query)) {
    parametersOf(query, ["schema"]);
    return schemaResponse(request, mount);
  }
  return readCollection(request, pairsOf(query), mount);
}

function schemaResponse(request: Request, { schema }: RecordsMount): Response {
  if (schema === undefined) {
    throw new Problem(404, { detail: "Cannot find a schema: the records here have none" });
  }
  const fields = new Fields([
    ["Content-Type", "application/schema+json"],
    ["Cache-Control", "no-cache"],
    ["ETag", schema.tag],
    ["X-Content-Type-Options", "nosniff"],
  ]);
  if (isNotModified(conditionsOf(request.fields), request.method, { etag: schema.tag })) {
    return new Response(304, { fields: cacheFields(fields) });
  }
  return new Response(200, { fields, body: schema.text });
}
