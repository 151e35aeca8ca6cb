// The bodies that a records mount takes: records and patches. Which media types they have, and that a record is an
// object.

import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import { parseMediaType } from "../../semantics/media-types.ts";
import { readJson } from "../json/body.ts";
import { isJsonObject, type JsonObject, kindOf } from "../json/members.ts";
import { mergePatch } from "../json/merge-patch.ts";
import { applyJsonPatch, readJsonPatch } from "../json/patch.ts";
import { requirePlainBody } from "../refusals.ts";
import { ACCEPT_PATCH, JSON_PATCH, MERGE_PATCH, type RecordsMount } from "./mount.ts";
import { JSON_TYPE } from "./row.ts";

/** Called before a body is read that is not refused by its head alone: what it throws spares the upload. */
export type BeforeBody = (() => Promise<unknown>) | undefined;

/** Reads the record that a POST or PUT brings. Throws Problems: 415, those of readJson(), and 422 for JSON that is no object. */
export async function readRecord(
  request: Request,
  mount: RecordsMount,
  before?: BeforeBody,
): Promise<JsonObject> {
  const type = request.fields.get("content-type");
  // Without one, the body tells by itself whether it is JSON.
  if (type !== undefined && !isJson(type)) {
    const field = request.method === "POST" ? "Accept-Post" : "Accept";
    throw new Problem(415, {
      detail: `Cannot take a record as ${type}: it is sent as JSON, with the field Content-Type: ${JSON_TYPE}. With curl: -H 'Content-Type: ${JSON_TYPE}'`,
      fields: { [field]: JSON_TYPE },
    });
  }
  const value = await readBody(request, mount, before);
  if (isJsonObject(value)) return value;
  throw new Problem(422, {
    detail: `Cannot keep this: a record is a JSON object, {"name": value, …}, and this is ${kindOf(value)}`,
  });
}

/** Changes a record, in place; gives what it has become, which may be no record any more. */
export type Change = (record: JsonObject) => unknown;

/** Reads the patch that a PATCH brings. Throws Problems: 415, those of readJson(), and 400 for a malformed patch. */
export async function readPatch(request: Request, mount: RecordsMount, before?: BeforeBody): Promise<Change> {
  const type = request.fields.get("content-type");
  switch (essenceOf(type)) {
    case MERGE_PATCH: {
      const patch = await readBody(request, mount, before);
      return (record) => mergePatch(record, patch);
    }
    case JSON_PATCH: {
      const patch = readJsonPatch(await readBody(request, mount, before));
      const { maxDepth } = mount;
      return (record) => applyJsonPatch(record, patch, { maxCopied: MOST_COPIED, maxDepth });
    }
    default:
      throw new Problem(415, {
        detail: `Cannot take a patch as ${type ?? "a body without a Content-Type"}: ${MERGE_PATCH} has the members that change, null for those that go; ${JSON_PATCH} has a list of operations`,
        fields: { "Accept-Patch": ACCEPT_PATCH },
      });
  }
}

/** Values that one patch may copy: about as many as a body of the default size can hold. */
const MOST_COPIED = 500_000;

async function readBody(
  request: Request,
  { maxBody, maxDepth }: RecordsMount,
  before: BeforeBody,
): Promise<unknown> {
  requirePlainBody(request);
  // What is announced as too large is refused whatever the conditions say.  RFC 9110, 13.2.1
  if (maxBody === 0 || (request.body.length ?? 0) <= maxBody) await before?.();
  return readJson(request, { maxBytes: maxBody, maxDepth });
}

/** The media type without its parameters; undefined for one in another charset than UTF-8, which JSON does not have. */
function essenceOf(type: string | undefined): string | undefined {
  const mediaType = type === undefined ? undefined : parseMediaType(type);
  const charset = mediaType?.parameters.get("charset");
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) return undefined;
  return mediaType?.essence;
}

function isJson(type: string): boolean {
  const essence = essenceOf(type);
  if (essence === MERGE_PATCH || essence === JSON_PATCH) return false;
  return essence === JSON_TYPE || essence?.endsWith("+json") === true;
}
