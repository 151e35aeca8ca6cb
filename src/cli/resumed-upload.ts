// Goes on with an upload that broke off, in the terms of draft-ietf-httpbis-resumable-upload: HEAD tells where
// the file on the server ends, PATCH adds the rest there and nowhere else.

import type { Client } from "../client/client.ts";
import type { RequestOptions } from "../client/options.ts";
import type { ClientResponse } from "../client/response.ts";
import { Fields } from "../protocol/fields.ts";
import { isWeak } from "../semantics/entity-tags.ts";
import { parseInteger } from "../semantics/structured-fields.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { fileSource, type OpenFile } from "./file-source.ts";
import { formatBytes } from "./quantities.ts";
import type { RequestPlan } from "./request-plan.ts";

/** Compared before anything is added: enough to notice another file, little to load. */
const COMPARED = 64 * 1024;

/**
 * Makes the plan to PATCH what the server lacks of a file; undefined when it lacks nothing. Throws CommandError
 * when what is there is not the file's beginning, or cannot be added to.
 */
export async function resumedUpload(
  client: Client,
  plan: RequestPlan,
  options: RequestOptions,
  note: (message: string) => void,
): Promise<RequestPlan | undefined> {
  const { content } = plan;
  const file = content?.file;
  if (content === undefined || file?.size === undefined || !/^(?:PUT|PATCH)$/.test(plan.method)) {
    throw new CommandError(
      EXIT.usage,
      "Cannot continue this request: --continue takes a download, -d, or the upload of a file, PUT URL @FILE",
    );
  }
  const { size, path } = file;
  const fields = withoutContent(plan.fields);
  const head = await client.request(plan.url.href, { ...options, fields, method: "HEAD" });
  head.body.discard();
  const offset = offsetOf(head, plan);
  if (offset > size) throw refusal(path, `the server has ${offset} bytes of it, and it has ${size}`);
  await compareTail(client, plan, { ...options, fields }, file, offset);
  if (offset === size && head.status === 200) {
    note(`${path} is there already, all ${formatBytes(size)} of it`);
    return undefined;
  }
  if (offset > 0) note(`The server has ${formatBytes(offset)} of ${formatBytes(size)}; the rest is sent`);
  fields.append("Content-Type", "application/partial-upload");
  fields.append("Upload-Offset", String(offset));
  fields.append("Upload-Complete", "?1");
  const etag = head.status === 200 ? head.fields.get("etag") : undefined;
  if (head.status === 404) fields.append("If-None-Match", "*");
  else if (etag !== undefined && !isWeak(etag)) fields.append("If-Match", etag);
  const rest = {
    ...content,
    body: fileSource(file.handle.fd, offset, size),
    length: size - offset,
    label: path,
  };
  return { ...plan, method: "PATCH", fields, content: rest };
}

function offsetOf(head: ClientResponse, { url }: RequestPlan): number {
  // What is not there begins at 0.
  if (head.status === 404) return 0;
  if (head.status !== 200) {
    const exitCode =
      head.status >= 500 ? EXIT.serverError : head.status >= 400 ? EXIT.clientError : EXIT.redirect;
    throw new CommandError(
      exitCode,
      `Cannot continue the upload: HEAD ${url.href} was answered with ${head.status} ${head.reason}`,
    );
  }
  const offset = parseInteger(head.fields.get("upload-offset") ?? "");
  if (offset !== undefined && offset >= 0) return offset;
  throw new CommandError(
    EXIT.failure,
    `Cannot continue the upload: this server does not say where ${url.href} ends (Upload-Offset); PUT without --continue sends all of it`,
  );
}

/** The last bytes that are there have to be those of our file; otherwise it is another file's beginning. */
async function compareTail(
  client: Client,
  plan: RequestPlan,
  options: RequestOptions,
  file: OpenFile,
  offset: number,
): Promise<void> {
  if (offset === 0) return;
  const from = Math.max(0, offset - COMPARED);
  const fields = new Fields(options.fields).append("Range", `bytes=${from}-${offset - 1}`);
  const response = await client.request(plan.url.href, { ...options, fields, method: "GET" });
  // Who cannot show a part is believed.
  if (response.status !== 206 || response.body.length !== offset - from) {
    response.body.discard();
    return;
  }
  const there = await response.body.bytes();
  const ours = Buffer.alloc(there.length);
  await file.handle.read(ours, 0, ours.length, from);
  if (!there.equals(ours)) throw refusal(file.path, "what is on the server is not the beginning of it");
}

function refusal(path: string, why: string): CommandError {
  return new CommandError(
    EXIT.failure,
    `Cannot continue the upload of ${path}: ${why}. PUT without --continue replaces it`,
  );
}

function withoutContent(fields: Fields): Fields {
  const kept = new Fields(fields);
  kept.delete("content-type");
  return kept;
}
