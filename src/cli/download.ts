// Saves an answer's body as a file: whole or not at all under its name, and going on where an earlier try
// broke off, if what is on the server is still the same.

import { ClientError } from "../client/errors.ts";
import type { ClientResponse } from "../client/response.ts";
import type { Fields } from "../protocol/fields.ts";
import { parseHttpDate } from "../semantics/dates.ts";
import { isWeak } from "../semantics/entity-tags.ts";
import { downloadName } from "./download-name.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { type Origin, PartFile } from "./part-file.ts";
import { Progress, type ProgressStream } from "./progress.ts";
import { formatBytes, formatElapsed } from "./quantities.ts";
import type { Painter } from "./terminal.ts";

export interface DownloadOrder {
  /** As it was asked for: what an earlier try is found by. */
  readonly url: string;
  /** Where to save it; undefined for the name that the answer gives it. */
  readonly output: string | undefined;
  readonly resume: boolean;
  /** Makes the request with some fields more. */
  send(fields: readonly (readonly [string, string])[]): Promise<ClientResponse>;
  readonly stream: ProgressStream;
  readonly paint: Painter;
  readonly note: (message: string) => void;
}

/** The file's path, or the answer that is not one to save. Throws ClientError and CommandError. */
export async function download(
  order: DownloadOrder,
): Promise<
  { readonly saved: string; readonly response: ClientResponse } | { readonly refused: ClientResponse }
> {
  const { url, output, resume, note } = order;
  const earlier = resume ? await PartFile.find(url, output) : undefined;
  let response: ClientResponse;
  if (earlier === undefined) {
    response = await order.send([]);
  } else {
    response = await sendOrSuspend(order, earlier);
    switch (continuation(response, earlier)) {
      case "goes on":
        return { saved: await receive(response, earlier, order), response };
      case "complete":
        response.body.discard();
        return { saved: await finish(earlier, order, undefined), response };
      case "refused":
        await earlier.suspend();
        return { refused: response };
      case "starts anew":
        note(
          `${earlier.name} is not the same on the server any more, or cannot be continued there; it is loaded anew`,
        );
        await earlier.suspend();
        break;
      case "does not fit":
        note(`${earlier.name} is loaded anew: the server sent a part that does not fit`);
        response.body.discard();
        await earlier.suspend();
        response = await order.send([]);
    }
  }
  if (response.status < 200 || response.status > 299) return { refused: response };
  const target = output ?? downloadName(response.fields, response.url);
  const part = await PartFile.create(target, originOf(url, response), output !== undefined);
  return { saved: await receive(response, part, order), response };
}

async function sendOrSuspend(order: DownloadOrder, earlier: PartFile): Promise<ClientResponse> {
  const validator = earlier.origin?.validator ?? "";
  try {
    return await order.send([
      ["Range", `bytes=${earlier.size}-`],
      ["If-Range", validator],
    ]);
  } catch (error) {
    await earlier.suspend();
    throw error;
  }
}

type Continuation = "goes on" | "complete" | "refused" | "starts anew" | "does not fit";

/** What an answer to Range with If-Range means for the bytes that are there.  RFC 9110, 14.4, 15.3.7 and 15.5.17 */
export function continuation(
  { status, fields }: Pick<ClientResponse, "status" | "fields">,
  { size, origin }: Pick<PartFile, "size" | "origin">,
): Continuation {
  const etag = fields.get("etag");
  const same =
    etag === undefined ||
    origin === undefined ||
    !origin.validator.includes('"') ||
    etag === origin.validator;
  const range = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/i.exec(fields.get("content-range") ?? "");
  const total = range?.[3] === undefined || range[3] === "*" ? undefined : Number(range[3]);
  if (status === 206) {
    const fits =
      Number(range?.[1]) === size &&
      (total === undefined || (Number(range?.[2]) === total - 1 && total === (origin?.length ?? total)));
    return fits && same && !fields.has("content-encoding") ? "goes on" : "does not fit";
  }
  // The range begins behind the end: there is nothing left to send.
  if (status === 416) return total === size && same ? "complete" : "does not fit";
  return status >= 200 && status < 300 ? "starts anew" : "refused";
}

/** What a later try needs to know; undefined when it could not tell whether the file is still the same. */
export function originOf(
  url: string,
  answer: Pick<ClientResponse, "status" | "fields"> & {
    readonly body: { readonly length: number | undefined };
  },
): Origin | undefined {
  const { status, fields, body } = answer;
  // A part of a coded form could not be decoded.
  if (status !== 200 || fields.has("content-encoding")) return undefined;
  if (fields.get("accept-ranges")?.toLowerCase() === "none") return undefined;
  const validator = validatorOf(fields);
  return validator === undefined ? undefined : { url, validator, length: body.length };
}

/** A strong entity tag, or a date that is strong: by then a second had passed without a change.  RFC 9110, 8.8.2.2 */
function validatorOf(fields: Fields): string | undefined {
  const etag = fields.get("etag");
  if (etag !== undefined) return isWeak(etag) ? undefined : etag;
  const modified = fields.get("last-modified");
  const changedAt = parseHttpDate(modified ?? "");
  const sentAt = parseHttpDate(fields.get("date") ?? "");
  return changedAt !== undefined && sentAt !== undefined && sentAt - changedAt >= 1000 ? modified : undefined;
}

async function receive(response: ClientResponse, part: PartFile, order: DownloadOrder): Promise<string> {
  const { length } = response.body;
  const before = part.size;
  const total = length === undefined ? undefined : before + length;
  const progress = new Progress(order.stream, { label: part.name, total, before, paint: order.paint });
  try {
    for await (const bytes of response.body) {
      await part.write(bytes);
      progress.advance(bytes.length);
    }
  } catch (error) {
    progress.clear();
    await tellWhatIsLeft(part, order, error);
    throw error;
  }
  progress.clear();
  const whole = part.origin?.length;
  if (whole !== undefined && part.size !== whole) {
    await part.suspend();
    throw new CommandError(
      EXIT.protocol,
      `Cannot save ${part.name}: ${part.size} bytes came, and ${whole} were announced`,
    );
  }
  return finish(part, order, progress);
}

async function finish(
  part: PartFile,
  { note }: DownloadOrder,
  progress: Progress | undefined,
): Promise<string> {
  const { size } = part;
  const path = await part.finish();
  const rate = progress?.averageRate;
  const speed = rate === undefined ? "" : `, ${formatBytes(rate)}/s`;
  const time = progress === undefined ? "" : ` in ${formatElapsed(progress.seconds)}${speed}`;
  note(`Saved ${path}: ${formatBytes(size)}${time}`);
  return path;
}

async function tellWhatIsLeft(part: PartFile, { note }: DownloadOrder, error: unknown): Promise<void> {
  const { size } = part;
  const kept = await part.suspend();
  if (kept) note(`${formatBytes(size)} of ${part.name} are kept; --continue goes on from there`);
  else if (error instanceof ClientError && size > 0) {
    note(`${part.name} is not kept: the server gives no entity tag to continue it by`);
  }
}
