// The kv resource: a table of keys over HTTP. Here is what a mount can be told, and which method does what;
// how is in the files beside it.

import type { Request } from "../../message/request.ts";
import { type Handler, Response } from "../../message/response.ts";
import type { Key, Table } from "../../store/table.ts";
import { mountPrefix } from "../mount.ts";
import { parametersOf } from "../query.ts";
import { notAllowed, READ_METHODS } from "../refusals.ts";
import { isBare, keyOf, withSlash } from "../rows.ts";
import { refusing } from "../store-problems.ts";
import { listKeys } from "./list.ts";
import { KEY_METHODS, type KvMount, LIST_METHODS } from "./mount.ts";
import { createKeyReader } from "./reading.ts";
import { transact } from "./transaction.ts";
import { append, put, remove } from "./writing.ts";

export interface KvOptions {
  /** The path that the table is mounted under, as in a URL: "/kv". A slash at its end counts for nothing. Default "/". */
  readonly base?: string | undefined;
  /** Whether PUT, POST and DELETE are answered with 405. Default false. */
  readonly readOnly?: boolean | undefined;
  /** Bytes of the largest value. Default 16,777,216: a value is in memory as a whole, files are for more. 0: no limit. */
  readonly maxValue?: number | undefined;
  /** Milliseconds without a change after which a watcher gets a sign of life. Default 15,000: proxies give up after 30 to 60 s. 0: none. */
  readonly heartbeat?: number | undefined;
  /** The clock, in milliseconds since 1970-01-01 UTC; the table's own should be the same. Default Date.now. */
  readonly now?: (() => number) | undefined;
}

/** The methods that a kv mount has for one resource or another: for `OPTIONS *`. */
export const KV_METHODS: readonly string[] = KEY_METHODS.split(", ");

const MAX_VALUE = 16 * 1024 * 1024;

/**
 * Serves a table: lists, watches and transactions at the mount itself; GET and HEAD with conditions and ranges, PUT,
 * POST (append), DELETE and watches at each key; OPTIONS. Every write is atomic, and its conditions hold when it is made,
 * whoever else writes to the table. Throws Problems for whatever it refuses, and a TypeError for options that are wrong.
 */
export function kvHandler(table: Table, options: KvOptions = {}): Handler {
  const { readOnly = false, maxValue = MAX_VALUE, heartbeat, now = Date.now } = options;
  if (!Number.isSafeInteger(maxValue) || maxValue < 0)
    throw new TypeError(`Cannot limit values to ${maxValue} bytes: it takes a whole number; 0 is no limit`);
  const mount: KvMount = { table, prefix: mountPrefix(options.base ?? "/"), maxValue, heartbeat, now };

  const readKey = createKeyReader(mount);

  function allowed(key: Key): string {
    if (readOnly) return READ_METHODS;
    return key === "" ? LIST_METHODS : KEY_METHODS;
  }

  function tell(key: Key): Response {
    const fields: Record<string, string> = { Allow: allowed(key) };
    if (key !== "") fields["Accept-Ranges"] = "bytes";
    else if (!readOnly) fields["Accept-Post"] = "application/json";
    return new Response(200, { fields });
  }

  async function write(request: Request, key: Key): Promise<Response> {
    const { method } = request;
    if (key === "") return transact(request, mount);
    parametersOf(request.target.query, []);
    switch (method) {
      case "PUT":
        return put(request, key, mount);
      case "POST":
        return append(request, key, mount);
      default:
        return remove(request, key, mount);
    }
  }

  function answer(request: Request): Response | Promise<Response> {
    const { method, target } = request;
    const key = keyOf(mount.prefix, target.path);
    if (method === "GET" || method === "HEAD") {
      if (key !== "") return readKey(request, key);
      return isBare(mount.prefix, target.path) ? withSlash(mount.prefix, target) : listKeys(request, mount);
    }
    if (method === "OPTIONS") return tell(key);
    const allow = allowed(key);
    if (allow.split(", ").includes(method)) return write(request, key);
    if (readOnly) throw notAllowed(allow, `Cannot ${method} here: the store is served read-only`);
    const what = key === "" ? "the list of keys takes" : "a key takes";
    throw notAllowed(allow, `Cannot ${method} here: ${what} ${allow}`);
  }

  return (request) => {
    const result = answer(request);
    return result instanceof Response ? result : refusing(result, request.method);
  };
}
