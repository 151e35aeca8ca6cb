// PUT, PATCH and POST of pages. What is inserted where is decided in pages-insert.ts; here is how it is written so that
// of several who write at once nobody's is lost, and what they are answered.

import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import { Response } from "../../message/response.ts";
import { Fields } from "../../protocol/fields.ts";
import { formatHttpDate } from "../../semantics/dates.ts";
import { mediaTypeOf } from "../../semantics/media-types.ts";
import type { FileInfo, Info, Tree, TreePath } from "../../store/tree.ts";
import { conditionsOf } from "../conditions.ts";
import { entityTag } from "../files/entity-tag.ts";
import { checkOf, notForFolders } from "../files/writing.ts";
import { hrefOf, nameOf, type Place } from "../mount.ts";
import { insertedKind, malformed, readText, requirePage } from "./body.ts";
import { type InsertionRefusal, insertIntoPage, type Piece } from "./insert.ts";

export interface PageWriting {
  readonly tree: Tree;
  /** As mountPrefix() gives it. */
  readonly prefix: string;
  /** Bytes of a body, and of a page that is edited. 0: no limit. */
  readonly maxPage: number;
  readonly turns: Turns;
}

/** Inserts the body into a page: PATCH, and in this kind of mount PUT as well.  RFC 5789 */
export async function edit(request: Request, place: Place, writing: PageWriting): Promise<Response> {
  const { tree, maxPage } = writing;
  if (request.fields.has("content-range")) {
    throw malformed(
      request,
      "Content-Range has no meaning here. What is sent goes to the beginning of the body",
    );
  }
  const kind = insertedKind(request);
  const check = checkOf(request, conditionsOf(request.fields), "there");
  // Everything that can be refused without the body is refused before a client sends it.
  const info = requireThere(await tree.stat(place.segments), place);
  check?.(info);
  requireSize(info.size, maxPage, place);
  const { text } = await readText(request, maxPage);
  const { bytes, info: changed } = await writing.turns.take(place.segments, () =>
    insert({ kind, text }, request, place, writing),
  );
  return new Response(200, { fields: describe(changed, place, writing, request.method), body: bytes });
}

interface Edited {
  readonly bytes: Uint8Array;
  readonly info: FileInfo;
}

// Our own writers wait for each other; another program, or another mount, may still come between.
const TRIES = 20;

async function insert(
  piece: Piece,
  request: Request,
  place: Place,
  { tree, maxPage }: PageWriting,
): Promise<Edited> {
  const conditions = checkOf(request, conditionsOf(request.fields), "there");
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const before = await readPage(tree, place, maxPage);
    conditions?.(before.info);
    const insertion = insertIntoPage(before.bytes, piece);
    if (insertion.kind === "refused") throw refused(request, insertion.reason, insertion.why);
    const { bytes } = insertion;
    requireSize(bytes.length, maxPage, place);
    try {
      const { info } = await tree.replace(place.segments, bytes, (current) => {
        if (current?.kind !== "file" || current.version !== before.info.version) throw new ChangedMeanwhile();
        conditions?.(current);
      });
      return { bytes, info };
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile)) throw error;
    }
  }
  throw new Problem(503, {
    detail: `Cannot change ${nameOf(place)}: others keep changing it. Try again in a moment`,
    fields: { "Retry-After": "1" },
  });
}

/** Somebody else has changed the page since it was read: it is read and changed again. */
class ChangedMeanwhile extends Error {
  override readonly name = "ChangedMeanwhile";
  readonly code = "CHANGED_MEANWHILE";

  constructor() {
    super("Cannot write the page: it has been changed since it was read");
  }
}

async function readPage(tree: Tree, place: Place, maxPage: number): Promise<Edited> {
  const file = await tree.open(place.segments);
  if (file === undefined) throw missing(place);
  try {
    requireSize(file.info.size, maxPage, place);
    return { bytes: await file.bytes(), info: file.info };
  } finally {
    await file.close();
  }
}

/** Makes a page of the body; never in the place of another.  RFC 9110, 9.3.3 */
export async function create(request: Request, place: Place, writing: PageWriting): Promise<Response> {
  requirePage(request);
  const conditions = checkOf(request, conditionsOf(request.fields), "there or not");
  const check = (current: Info | undefined): void => {
    if (current?.kind === "folder") throw notForFolders();
    // Before the conditions: they count only where the request would succeed without them.  RFC 9110, 13.2.1
    if (current !== undefined) throw exists(place);
    conditions?.(current);
  };
  check(await writing.tree.stat(place.segments));
  const { bytes } = await readText(request, writing.maxPage);
  const { info } = await writing.tree.replace(place.segments, bytes, check);
  const fields = describe(info, place, writing, request.method);
  fields.append("Location", hrefOf(writing.prefix, place));
  return new Response(201, { fields, body: bytes });
}

/**
 * The fields of an answer whose body is the page as it is now, which Content-Location says (RFC 9110, 8.7). After a PUT
 * there is no validator: it would say that what was sent is what is stored (9.3.4). PATCH and POST may have them.
 */
function describe(info: FileInfo, place: Place, { prefix }: PageWriting, method: string): Fields {
  const fields = new Fields([
    ["Content-Type", mediaTypeOf(place.segments.at(-1) ?? "")],
    ["Content-Location", hrefOf(prefix, place)],
    ["X-Content-Type-Options", "nosniff"],
  ]);
  if (method === "PUT") return fields;
  fields.append("ETag", entityTag(info.version));
  fields.append("Last-Modified", formatHttpDate(info.modified));
  return fields;
}

function requireThere(info: Info | undefined, place: Place): FileInfo {
  if (info === undefined) throw missing(place);
  if (info.kind === "folder") throw notForFolders();
  return info;
}

function requireSize(size: number, maxPage: number, place: Place): void {
  if (maxPage === 0 || size <= maxPage) return;
  throw new Problem(413, {
    detail: `Cannot change ${nameOf(place)}: pages of more than ${maxPage} bytes are not edited here, and it has or would have ${size}`,
  });
}

function missing(place: Place): Problem {
  return new Problem(404, {
    detail: `Cannot change ${nameOf(place)}: nothing of this name is here. POST creates a page`,
  });
}

function exists(place: Place): Problem {
  return new Problem(409, {
    detail: `Cannot create ${nameOf(place)}: it is there, and nothing is overwritten. PATCH inserts into it, DELETE removes it`,
  });
}

const STATUS: { readonly [reason in InsertionRefusal]: number } = {
  ENCODING: 415,
  // The structure that the change needs is not there.  RFC 5789, 2.2
  NO_BODY: 409,
  PIECE: 400,
};

function refused({ method }: Request, reason: InsertionRefusal, why: string): Problem {
  return new Problem(STATUS[reason], {
    detail: `Cannot do this ${method}: ${why}`,
    members: { code: reason },
  });
}

/** Lets those who change one page do it one after the other: none works in vain. */
export class Turns {
  readonly #last: Map<string, Promise<unknown>> = new Map();

  async take<T>(path: TreePath, work: () => Promise<T>): Promise<T> {
    const key = path.join("/");
    const before = this.#last.get(key) ?? Promise.resolve();
    // Whether the one before succeeded is nobody else's business.
    const turn = before.then(work, work);
    this.#last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    }
  }
}
