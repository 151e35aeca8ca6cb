// A planned request as data, to be written down in the language of another tool instead of being sent.

import type { ShownRequest } from "../message/as/shown-request.ts";
import { Fields } from "../protocol/fields.ts";
import { shownConnection } from "./connection-flags.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { formatBytes } from "./quantities.ts";
import type { RequestFlags } from "./request-flags.ts";
import { headOf, type RequestPlan } from "./request-plan.ts";

/** Who wants to send more names a file. */
const MOST_READ = 16 * 1024 * 1024;

/** What would be sent. A body that is neither in memory nor in a file is left out. */
export function shownPlan(
  plan: RequestPlan,
  flags: RequestFlags,
  bodyFile: string | undefined,
): ShownRequest {
  const { method, url, target, socketPath, omit, content } = plan;
  const fields = new Fields(plan.fields);
  const hasBody = content !== undefined && content.length !== 0;
  if (hasBody && flags.expectContinue === true && !fields.has("expect"))
    fields.append("Expect", "100-continue");
  return {
    method,
    url: url.href,
    target,
    socketPath,
    fields,
    omit,
    body: content?.body instanceof Uint8Array ? content.body : undefined,
    bodyFile,
    compressed: flags.decode,
    follow: flags.follow === true || flags.download === true,
    connection: shownConnection(flags),
    chunked: hasBody && (flags.chunked === true || content.length === undefined),
  };
}

/** What would be sent, with its body read from standard input where it comes from there. Throws CommandError. */
export async function readShownPlan(plan: RequestPlan, flags: RequestFlags): Promise<ShownRequest> {
  const { content } = plan;
  // What cannot be sent is not shown, either.
  headOf(plan, flags.decode, content === undefined ? 0 : content.length);
  const shown = shownPlan(plan, flags, content?.file?.path);
  if (content === undefined || shown.body !== undefined || shown.bodyFile !== undefined) return shown;
  return { ...shown, body: await wholeBody(content.body) };
}

async function wholeBody(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    pieces.push(piece);
    size += piece.length;
    if (size > MOST_READ)
      throw new CommandError(
        EXIT.usage,
        `Cannot write the request down: its body has more than ${formatBytes(MOST_READ)}. @FILE in place of standard input names the file`,
      );
  }
  return Buffer.concat(pieces);
}
