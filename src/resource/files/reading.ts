// GET and HEAD of files and folders. A small file that was looked at lately is answered at once, without a
// promise and without a new object (bench: GET of a 1 KiB file); everything else looks at the disk first.

import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import { Response } from "../../message/response.ts";
import type { TreePath } from "../../store/tree.ts";
import { closing } from "../closing.ts";
import { conditionsOf, isNotModified } from "../conditions.ts";
import { hrefOf, locate, movedTo, nameOf, type Place } from "../mount.ts";
import { partialResponse, partsOf } from "../ranged.ts";
import { encodeStream } from "./codings.ts";
import type { Form, KeptFile } from "./kept-file.ts";
import { type Found, type KeptFiles, neighbourOf } from "./kept-files.ts";

export interface ReadingOptions {
  /** As mountPrefix() gives it. */
  readonly prefix: string;
  isHidden(segments: readonly string[]): boolean;
  /** Answers for a folder without an index.html. */
  list(request: Request, place: Place): Promise<Response>;
}

// A file that is replaced faster than it can be opened.
const TRIES = 3;

export function createReader(
  files: KeptFiles,
  options: ReadingOptions,
): (request: Request) => Response | Promise<Response> {
  const { prefix } = options;

  function read(request: Request): Response | Promise<Response> {
    const { path } = request.target;
    const kept = files.fresh(path);
    if (kept === undefined) return look(request);
    const answer = respond(request, path, kept);
    return answer instanceof Response ? answer : orAgain(request, answer);
  }

  async function orAgain(request: Request, answer: Promise<Response | undefined>): Promise<Response> {
    return (await answer) ?? look(request);
  }

  async function look(request: Request): Promise<Response> {
    const place = locate(prefix, request.target.path);
    if (options.isHidden(place.segments)) throw missing(place);
    // One key for all spellings of a path, and none for its queries: nobody can fill the memory with one file.
    const key = hrefOf(prefix, place);
    for (let tries = 1; tries <= TRIES; tries += 1) {
      const fresh = files.fresh(key);
      const found = fresh ?? (await find(key, place));
      if (found === "folder") return answerFolder(request, place);
      if (found === undefined) throw missing(place);
      const answer = await respond(request, key, found);
      if (answer !== undefined) return answer;
      files.forget(key);
    }
    throw new Problem(503, {
      detail: `Cannot read ${nameOf(place)}: another program keeps changing it`,
      fields: { "Retry-After": "1" },
    });
  }

  /** A path with a slash at its end names a folder, and so the index.html in it. */
  async function find(key: string, place: Place): Promise<Found> {
    if (!place.slash) return place.segments.length === 0 ? "folder" : files.look(key, place.segments);
    const index = await files.look(key, [...place.segments, "index.html"]);
    return index ?? "folder";
  }

  async function answerFolder(request: Request, place: Place): Promise<Response> {
    if (place.slash) return options.list(request, place);
    // The folder may be a file tomorrow.
    return movedTo(hrefOf(prefix, { ...place, slash: true }), request.target.query);
  }

  /** Undefined when the file is not what was kept any more. */
  function respond(request: Request, key: string, kept: KeptFile): Response | Promise<Response | undefined> {
    const { method, fields } = request;
    // HEAD tells of the whole: only GET has ranges.  RFC 9110, 14.2
    const range = method === "GET" ? fields.get("range") : undefined;
    // A range is counted in the bytes of the file as it is.
    const { offers } = kept;
    const coding =
      offers === undefined || range !== undefined ? "identity" : offers.choose(fields.get("accept-encoding"));
    if (coding === "identity") return send(request, kept, kept.identity, range);
    if (coding === "none") throw notAcceptable(offers?.codings ?? []);
    const form = files.form(key, kept, coding);
    return form instanceof Promise
      ? form.then((made) => made && send(request, kept, made, undefined))
      : send(request, kept, form, undefined);
  }

  function send(
    request: Request,
    kept: KeptFile,
    form: Form,
    range: string | undefined,
  ): Response | Promise<Response | undefined> {
    const conditions = conditionsOf(request.fields);
    if (conditions !== undefined && isNotModified(conditions, request.method, form)) return form.notModified;
    if (range === undefined) return form.whole ?? stream(request, kept, form);
    const parts = partsOf(range, request.fields, form);
    if (parts === undefined) return form.whole ?? stream(request, kept, form);
    const { bytes } = form;
    if (bytes !== undefined) {
      return partialResponse(parts, form, form.fields, ({ first, last }) => bytes.subarray(first, last + 1));
    }
    return withFile(kept.path, kept.info.version, (read, close) => {
      const { status, fields, body, length } = partialResponse(parts, form, form.fields, read);
      return new Response(status, {
        fields,
        body: closing(body as AsyncIterable<Uint8Array>, close),
        length,
      });
    });
  }

  function stream(request: Request, kept: KeptFile, form: Form): Response | Promise<Response | undefined> {
    const { coding, fields } = form;
    const length = form.length < 0 ? undefined : form.length;
    // Nobody reads it, so nothing is opened; a body is there when its length is not.
    if (request.method === "HEAD") {
      return new Response(200, { fields, length, body: length === undefined ? nothing() : undefined });
    }
    const neighbour = coding && kept.neighbours.get(coding);
    const path = coding && neighbour ? neighbourOf(kept.path, coding) : kept.path;
    return withFile(path, (neighbour ?? kept.info).version, (read, close) => {
      const content = read({ first: 0, last: Number.MAX_SAFE_INTEGER });
      const body = coding === undefined || neighbour !== undefined ? content : encodeStream(coding, content);
      return new Response(200, { fields, length, body: closing(body, close) });
    });
  }

  async function withFile(
    path: TreePath,
    version: string,
    respond: (read: Read, close: () => Promise<void>) => Response,
  ): Promise<Response | undefined> {
    const file = await files.tree.open(path);
    if (file === undefined) return undefined;
    if (file.info.version === version) {
      return respond(
        ({ first, last }) => file.read(first, last),
        () => file.close(),
      );
    }
    await file.close();
    return undefined;
  }

  return read;
}

type Read = (range: { readonly first: number; readonly last: number }) => AsyncIterable<Uint8Array>;

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}

function missing(place: Place): Problem {
  return new Problem(404, { detail: `Cannot find ${nameOf(place)}: nothing of this name is here` });
}

function notAcceptable(codings: readonly string[]): Problem {
  const list = [...codings, "identity"].join(", ");
  return new Problem(406, {
    detail: `Cannot send this in a content coding that Accept-Encoding accepts: there are ${list}`,
    fields: { Vary: "Accept-Encoding" },
  });
}
