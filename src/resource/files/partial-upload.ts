// PATCH: adds to a file at exactly the offset where it ends, and keeps what has arrived when the upload
// breaks off. The names are those of draft-ietf-httpbis-resumable-upload; of that draft it is the append
// (its section 4.4) to a resource that is always there, without the creation of upload resources.

import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import type { Response } from "../../message/response.ts";
import { parseMediaType } from "../../semantics/media-types.ts";
import { parseBoolean, parseInteger, serializeBoolean } from "../../semantics/structured-fields.ts";
import { StoreError } from "../../store/errors.ts";
import type { Check, Info } from "../../store/tree.ts";
import { conditionsOf } from "../conditions.ts";
import type { Place } from "../mount.ts";
import { requirePlainBody } from "../refusals.ts";
import { changed, checkOf, requireFileName, type WritingOptions } from "./writing.ts";

export const PARTIAL_UPLOAD = "application/partial-upload";

export async function patch(request: Request, place: Place, options: WritingOptions): Promise<Response> {
  requireFileName(place, options);
  const offset = offsetOf(request);
  requirePlainBody(request);
  const check = checkAt(request, offset);
  try {
    const { created, info } = await options.tree.extend(place.segments, offset, request.body, check);
    const response = changed(created, info, place, options);
    response.fields.append("Upload-Offset", String(info.size));
    const complete = parseBoolean(request.fields.get("upload-complete") ?? "");
    if (complete !== undefined) response.fields.append("Upload-Complete", serializeBoolean(complete));
    return response;
  } catch (error) {
    if (error instanceof StoreError && error.code === "OFFSET_MISMATCH") throw mismatch(error, offset);
    throw error;
  } finally {
    options.written(place.segments);
  }
}

function offsetOf(request: Request): number {
  const type = request.fields.get("content-type");
  if (parseMediaType(type ?? "")?.essence !== PARTIAL_UPLOAD) {
    throw new Problem(415, {
      detail: `Cannot apply a patch of type ${JSON.stringify(type ?? "")}: this takes ${PARTIAL_UPLOAD}`,
      fields: { "Accept-Patch": PARTIAL_UPLOAD },
    });
  }
  const offset = parseInteger(request.fields.get("upload-offset") ?? "");
  if (offset !== undefined && offset >= 0) return offset;
  throw new Problem(400, {
    detail:
      "Cannot add to the file: Upload-Offset has to say at which byte, as an integer. HEAD tells where the file ends",
  });
}

// A wrong offset is the answer whatever the conditions are: they count only where the request would
// succeed without them.  RFC 9110, 13.2.1
function checkAt(request: Request, offset: number): Check | undefined {
  const check = checkOf(request, conditionsOf(request.fields), "there or not");
  if (check === undefined) return undefined;
  return (current: Info | undefined) => {
    const size = current?.kind === "file" ? current.size : 0;
    if (size === offset) check(current);
  };
}

function mismatch(error: StoreError, provided: number): Problem {
  const expected = error.offset ?? 0;
  return new Problem(409, {
    type: "https://iana.org/assignments/http-problem-types#mismatching-upload-offset",
    title: "offset from request does not match offset of resource",
    detail: error.message,
    members: { "expected-offset": expected, "provided-offset": provided },
    fields: { "Upload-Offset": String(expected) },
    cause: error,
  });
}
