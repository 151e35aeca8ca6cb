// PUT, POST and DELETE of files. What holds for every write is at the top: which names can be written, which
// bodies are taken, and that conditions are asked twice, before the body is read and right before the change.

import type { Body } from "../../message/body.ts";
import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import { Response } from "../../message/response.ts";
import { Fields } from "../../protocol/fields.ts";
import { formatHttpDate } from "../../semantics/dates.ts";
import { parseMediaType } from "../../semantics/media-types.ts";
import { isHiddenName, reservedName } from "../../semantics/paths.ts";
import type { Conditions } from "../../semantics/preconditions.ts";
import type { Check, Content, FileInfo, Info, Tree } from "../../store/tree.ts";
import { conditionsOf, isNotModified } from "../conditions.ts";
import { hrefOf, nameOf, type Place } from "../mount.ts";
import { notAllowed, requirePlainBody } from "../refusals.ts";
import { entityTag, validatorsOf } from "./entity-tag.ts";

/** Which names can be written. */
interface Naming {
  readonly dotfiles: boolean;
  readonly platform: NodeJS.Platform;
}

export interface WritingOptions extends Naming {
  readonly tree: Tree;
  /** As mountPrefix() gives it. */
  readonly prefix: string;
  /** Bytes of an append that are sent back at most; see FilesOptions. */
  readonly echoBytes: number;
  /** Told of the path after each write. */
  written(path: readonly string[]): void;
}

/** Replaces a file whole, or creates it.  RFC 9110, 9.3.4 */
export async function put(request: Request, place: Place, options: WritingOptions): Promise<Response> {
  requireFileName(place, options);
  if (request.fields.has("content-range")) {
    throw new Problem(400, {
      detail:
        "Cannot write a part of a file: PUT takes the whole of it, without Content-Range. PATCH with application/partial-upload adds to its end",
    });
  }
  requirePlainBody(request);
  const check = await conditional(request, place, options);
  const { created, info } = await options.tree.replace(place.segments, await small(request.body), check);
  options.written(place.segments);
  return changed(created, info, place, options);
}

/** Bytes up to which a body of known length is taken whole before a file is opened for it. */
const SMALL = 64 * 1024;

async function small(body: Body): Promise<Content> {
  return body.length !== undefined && body.length <= SMALL ? body.bytes() : body;
}

/** Adds to the end of a file, or creates it, and sends back what was added.  RFC 9110, 9.3.3 */
export async function post(request: Request, place: Place, options: WritingOptions): Promise<Response> {
  requireFileName(place, options);
  requirePlainBody(request);
  const check = await conditional(request, place, options);
  const echo = new Echo(request.body, options.echoBytes);
  const { created, info } = await options.tree.append(place.segments, echo, check);
  options.written(place.segments);
  if (created) return changed(created, info, place, options);
  const sent = request.fields.get("content-type");
  const known = sent !== undefined && echo.bytes !== undefined && parseMediaType(sent) !== undefined;
  const fields = validatorFields(info);
  fields.append("Location", hrefOf(options.prefix, place));
  fields.append("Content-Type", known ? sent : PLAIN_TEXT);
  fields.append("X-Content-Type-Options", "nosniff");
  return new Response(200, { fields, body: echo.bytes ?? `Appended ${echo.length} bytes\n` });
}

/** Removes a file or an empty folder.  RFC 9110, 9.3.5 */
export async function remove(request: Request, place: Place, options: WritingOptions): Promise<Response> {
  const { tree } = options;
  requireVisible(place, options);
  if (place.segments.length === 0)
    throw notAllowed(FOLDER_METHODS, "Cannot delete the folder that is served");
  if (place.slash && (await tree.stat(place.segments))?.kind !== "folder") throw nothingThere(place);
  const removed = await tree.remove(place.segments, checkOf(request, conditionsOf(request.fields), "there"));
  if (!removed) throw nothingThere(place);
  options.written(place.segments);
  return new Response(200, { fields: { "Content-Type": PLAIN_TEXT }, body: `Deleted ${nameOf(place)}\n` });
}

const PLAIN_TEXT = "text/plain; charset=utf-8";

export const FILE_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
export const FOLDER_METHODS = "GET, HEAD, DELETE, OPTIONS";

export function notForFolders(): Problem {
  return notAllowed(
    FOLDER_METHODS,
    "Cannot write to a folder: name a file in it. Folders come with their files",
  );
}

/** Throws a Problem when no file of this name can be written: 400, 403 or 405. */
export function requireFileName(place: Place, options: Naming): void {
  requireVisible(place, options);
  if (place.slash || place.segments.length === 0) throw notForFolders();
  for (const name of place.segments) {
    const reason = reservedName(name, options.platform);
    if (reason === undefined) continue;
    throw new Problem(400, {
      detail: `Cannot write ${nameOf(place)}: ${reason}`,
      members: { code: "RESERVED_NAME" },
    });
  }
}

function requireVisible(place: Place, { dotfiles }: Naming): void {
  if (dotfiles || !place.segments.some(isHiddenName)) return;
  throw new Problem(403, {
    detail: `Cannot change ${nameOf(place)}: names that begin with a dot are hidden here. --dotfiles opens them`,
  });
}

/**
 * Holds a request's conditions against what is there now, so that one that fails spares the upload of the body,
 * and gives the check to be made under the lock.
 */
async function conditional(
  request: Request,
  place: Place,
  { tree }: WritingOptions,
): Promise<Check | undefined> {
  const check = checkOf(request, conditionsOf(request.fields), "there or not");
  if (check !== undefined) check(await tree.stat(place.segments));
  return check;
}

/** A check that throws a Problem, 412. Conditions count only where the request would succeed without them. */
export function checkOf(
  request: Request,
  conditions: Conditions | undefined,
  succeeds: "there" | "there or not",
): Check | undefined {
  if (conditions === undefined) return undefined;
  return (current: Info | undefined) => {
    if (current === undefined && succeeds === "there") return;
    // A write to a folder fails by itself.
    if (current?.kind === "folder" && succeeds === "there or not") return;
    isNotModified(conditions, request.method, validatorsOf(current));
  };
}

/** The answer to a whole write: 201 with its place when it is new, else 204. */
export function changed(
  created: boolean,
  info: FileInfo,
  place: Place,
  { prefix }: WritingOptions,
): Response {
  const fields = validatorFields(info);
  if (!created) return new Response(204, { fields });
  fields.append("Location", hrefOf(prefix, place));
  return new Response(201, { fields });
}

function validatorFields(info: FileInfo): Fields {
  return new Fields([
    ["ETag", entityTag(info.version)],
    ["Last-Modified", formatHttpDate(info.modified)],
  ]);
}

function nothingThere(place: Place): Problem {
  return new Problem(404, { detail: `Cannot delete ${nameOf(place)}: nothing of this name is here` });
}

/** Passes a body on, and keeps a copy of it as long as it is small. */
class Echo implements AsyncIterable<Uint8Array> {
  readonly #body: AsyncIterable<Uint8Array>;
  readonly #limit: number;
  #pieces: Uint8Array[] | undefined = [];
  length = 0;

  constructor(body: AsyncIterable<Uint8Array>, limit: number) {
    this.#body = body;
    this.#limit = limit;
  }

  /** What has passed; undefined when it was too much. */
  get bytes(): Uint8Array | undefined {
    return this.#pieces && Buffer.concat(this.#pieces);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    for await (const piece of this.#body) {
      this.length += piece.length;
      if (this.length > this.#limit) this.#pieces = undefined;
      // A copy: a piece's memory is used again.
      this.#pieces?.push(Uint8Array.from(piece));
      yield piece;
    }
  }
}
