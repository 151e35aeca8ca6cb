// GET and HEAD of the collection: all records, or those that a query asks for. What fits is made ready in memory and
// counted; a longer answer is sent while the table is still being read.

import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import { Response } from "../../message/response.ts";
import type { Fields } from "../../protocol/fields.ts";
import type { Page, Row } from "../../store/table.ts";
import { cacheFields } from "../cache-fields.ts";
import { conditionsOf, isNotModified } from "../conditions.ts";
import { type Candidate, compareRanks, passes, project, rankOf } from "./filter.ts";
import { jsonFields, type RecordsMount } from "./mount.ts";
import { type CollectionQuery, type Pair, queryOf, readCollectionQuery } from "./query.ts";
import { listItem, namedMember } from "./row.ts";

/** Bytes up to which an answer without a limit is made in memory, so that its length and its number of records are known. */
const GATHERED = 8 * 1024 * 1024;
/** Bytes, and records, that are held for an answer that needs them all: one that is sorted, or of a huge limit. */
const HELD_BYTES = 64 * 1024 * 1024;
const HELD_RECORDS = 100_000;

/** The tag of the collection at a point of its table. Weak: whatever is changed in between shows in the next one. */
export function collectionTag(point: string): string {
  return `W/"${point}"`;
}

/** Answers GET and HEAD of the collection. Throws Problems: 400 for the query, 422 for one that would take too much memory. */
export async function readCollection(
  request: Request,
  pairs: readonly Pair[],
  mount: RecordsMount,
): Promise<Response> {
  const query = readCollectionQuery(pairs);
  const first = await mount.table.scan({ order: "created" });
  const fields = jsonFields(mount).append("ETag", collectionTag(first.point));
  const validators = { etag: collectionTag(first.point) };
  if (isNotModified(conditionsOf(request.fields), request.method, validators)) {
    return new Response(304, { fields: cacheFields(fields) });
  }
  const matches = matching(first, query, mount);
  const gathered = query.sort.length > 0 ? await sorted(matches, query) : await inOrder(matches, query);
  if (gathered.total === undefined) {
    return new Response(200, { fields, body: streamed(gathered.pieces, matches, query) });
  }
  fields.append("X-Total-Count", String(gathered.total));
  addPages(fields, gathered.total, pairs, query, mount);
  return new Response(200, { fields, body: joined(gathered.pieces, query) });
}

interface Match {
  /** As it stands in the answer. */
  readonly piece: Buffer;
  readonly rank: readonly unknown[];
}

/** Every record that the filters let through, in the order of creation, page by page. */
async function* matching(
  first: Page<Row>,
  query: CollectionQuery,
  mount: RecordsMount,
): AsyncGenerator<readonly Match[], void, void> {
  for (let page = first; ; ) {
    const matches: Match[] = [];
    for (const row of page.rows) {
      const match = matchOf(row, query, mount);
      if (match !== undefined) matches.push(match);
    }
    yield matches;
    if (page.next === undefined) return;
    page = await mount.table.scan({ order: "created", after: page.next });
  }
}

function matchOf(row: Row, query: CollectionQuery, { reader }: RecordsMount): Match | undefined {
  const { form, filters, sort, fields } = query;
  const name = row.key;
  if (form === "object" && filters.length === 0 && sort.length === 0 && fields === undefined) {
    return reader.isRecord(row) ? { piece: namedMember(name, row.value), rank: [] } : undefined;
  }
  const record = reader.parse(row);
  if (record === undefined) return undefined;
  const candidate: Candidate = { name, record };
  if (!passes(candidate, filters)) return undefined;
  const rank = rankOf(candidate, sort);
  const shown = fields === undefined ? record : project(record, fields);
  if (form === "list") return { piece: Buffer.from(JSON.stringify(listItem(name, shown))), rank };
  const value = fields === undefined ? row.value : Buffer.from(JSON.stringify(shown));
  return { piece: namedMember(name, value), rank };
}

interface Gathered {
  readonly pieces: readonly Buffer[];
  /** Records that match; undefined: so much that the rest is to be read while it is sent. */
  readonly total: number | undefined;
}

async function inOrder(
  matches: AsyncGenerator<readonly Match[], void, void>,
  { offset, limit }: CollectionQuery,
): Promise<Gathered> {
  const end = offset + (limit ?? Number.POSITIVE_INFINITY);
  const pieces: Buffer[] = [];
  let bytes = 0;
  let total = 0;
  for (let next = await matches.next(); next.done !== true; next = await matches.next()) {
    for (const { piece } of next.value) {
      if (total >= offset && total < end) {
        pieces.push(piece);
        bytes += piece.length;
      }
      total += 1;
    }
    // The generator stays where it is: who goes on reading gets the next page.
    if (limit === undefined && bytes > GATHERED) return { pieces, total: undefined };
    if (bytes > HELD_BYTES) throw tooMuch("send so much at once", "A smaller limit");
  }
  return { pieces, total };
}

async function sorted(
  matches: AsyncGenerator<readonly Match[], void, void>,
  { sort, offset, limit }: CollectionQuery,
): Promise<Gathered> {
  const all: Match[] = [];
  let bytes = 0;
  for await (const some of matches) {
    for (const match of some) {
      all.push(match);
      bytes += match.piece.length;
    }
    if (all.length > HELD_RECORDS || bytes > HELD_BYTES) throw tooMuch("sort so many records", "A filter");
  }
  all.sort((a, b) => compareRanks(a.rank, b.rank, sort));
  const end = limit === undefined ? undefined : offset + limit;
  return { pieces: all.slice(offset, end).map(({ piece }) => piece), total: all.length };
}

function tooMuch(what: string, way: string): Problem {
  return new Problem(422, {
    detail: `Cannot ${what}: ${HELD_RECORDS} records and ${HELD_BYTES / 1024 / 1024} MiB are what one answer holds in memory. ${way}, or fewer fields, would do`,
  });
}

function brackets({ form }: CollectionQuery): readonly [open: string, close: string] {
  return form === "list" ? ["[", "]"] : ["{", "}"];
}

const COMMA = Buffer.from(",");

function withCommas(pieces: readonly Buffer[]): Buffer[] {
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [COMMA, piece]));
}

function joined(pieces: readonly Buffer[], query: CollectionQuery): Buffer {
  const [open, close] = brackets(query);
  return Buffer.concat([Buffer.from(open), ...withCommas(pieces), Buffer.from(close)]);
}

/** What has been gathered, which is something, and then the rest as it is read. Its offset is behind it already. */
async function* streamed(
  pieces: readonly Buffer[],
  rest: AsyncGenerator<readonly Match[], void, void>,
  query: CollectionQuery,
): AsyncGenerator<Uint8Array, void, void> {
  const [open, close] = brackets(query);
  yield Buffer.from(open);
  yield Buffer.concat(withCommas(pieces));
  for await (const matches of rest) {
    if (matches.length > 0) yield Buffer.concat(matches.flatMap(({ piece }) => [COMMA, piece]));
  }
  yield Buffer.from(close);
}

/** The way to the other pages.  RFC 8288, 3.3 */
function addPages(
  fields: Fields,
  total: number,
  pairs: readonly Pair[],
  { limit, offset }: CollectionQuery,
  { prefix }: RecordsMount,
): void {
  if (limit === undefined || limit === 0) return;
  const others = pairs.filter(([name]) => name !== "limit" && name !== "offset");
  const add = (rel: string, at: number): void => {
    const query = queryOf([...others, ["limit", String(limit)], ["offset", String(at)]]);
    fields.append("Link", `<${prefix}/?${query}>; rel="${rel}"`);
  };
  const last = total === 0 ? 0 : Math.floor((total - 1) / limit) * limit;
  add("first", 0);
  if (offset > 0) add("prev", Math.max(0, Math.min(offset - limit, last)));
  if (offset + limit < total) add("next", offset + limit);
  add("last", last);
}
