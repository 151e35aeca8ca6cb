// What tests of answers and queries share: responses in few words, queries from their text.

import { Fields } from "../../protocol/fields.ts";
import { parseHurl } from "../hurl/parse.ts";
import type { Query } from "../hurl/tree.ts";
import { decodeBody } from "./answer-body.ts";
import type { CallResponse } from "./outcome.ts";

/** A response to GET http://localhost:8000/ with this body as it comes; fields as UTF-8, which they are on the wire. */
export async function responseWith(
  fields: readonly (readonly [string, string])[],
  body: string | Uint8Array = "",
  rest: Partial<CallResponse> = {},
): Promise<CallResponse> {
  const received = new Fields(fields.map(([name, value]) => [name, latin1(value)] as const));
  const rawBody = typeof body === "string" ? Buffer.from(body) : body;
  return {
    url: "http://localhost:8000/",
    version: "1.1",
    status: 200,
    reason: "OK",
    fields: received,
    rawBody,
    ...(await decodeBody(rawBody, received)),
    remote: { address: "127.0.0.1", port: 8000 },
    certificate: undefined,
    duration: 12.6,
    ...rest,
  };
}

function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** A query as it stands in an assert. */
export function parsedQuery(text: string): Query {
  const file = parseHurl(`GET http://a\nHTTP 200\n[Asserts]\n${text} exists\n`);
  const section = file.entries[0]?.response?.sections[0];
  const item = section?.kind === "asserts" ? section.items[0] : undefined;
  if (item === undefined) throw new TypeError(`there is no query in ${text}`);
  return item.query;
}
