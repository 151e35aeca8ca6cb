// One request and its answer, printed while they happen, in the order in which they cross the wire.

import type { Client } from "../client/client.ts";
import type { RequestOptions, ResponseHead, SentRequest } from "../client/options.ts";
import type { ClientResponse } from "../client/response.ts";
import type { Printer } from "./printing.ts";
import { Progress } from "./progress.ts";
import { type SentBody, sentBody } from "./request-body.ts";
import type { RequestFlags } from "./request-flags.ts";
import type { RequestPlan } from "./request-plan.ts";
import { painter, wantsColor } from "./terminal.ts";

export interface ExchangeOrder {
  readonly client: Client;
  readonly plan: RequestPlan;
  readonly flags: RequestFlags;
  readonly signal: AbortSignal;
  readonly printer: Printer;
}

/** Makes the request and prints all but the final answer's body. Throws ClientError. */
export async function exchange(order: ExchangeOrder): Promise<ClientResponse> {
  const { client, plan, flags, printer } = order;
  let progress: Progress | undefined;
  const sent = sentBody(plan.content, flags.chunked === true, () => progress);
  const story = new Story(
    printer,
    sent,
    plan.fields.get("content-type"),
    flags.all === true || flags.verbose === true,
  );
  try {
    const response = await client.request(plan.url.href, {
      ...requestOptions(order),
      body: sent.body,
      length: sent.length,
      onRequest: (request) => {
        story.requested(request);
        progress ??= uploadProgress(plan);
      },
      onInterim: (head) => {
        progress?.clear();
        story.interim(head);
      },
      onResponse: (head, { bodyBegun }) => {
        progress?.clear();
        story.answered(head, bodyBegun);
      },
    });
    story.end();
    return response;
  } catch (error) {
    story.brokenOff();
    // The error is told behind what led to it.
    await printer.written();
    throw error;
  } finally {
    progress?.clear();
  }
}

/** What holds for every request of a command. */
export function requestOptions({
  plan,
  flags,
  signal,
}: Pick<ExchangeOrder, "plan" | "flags" | "signal">): RequestOptions {
  const { method, fields, omit, target, socketPath, connection, version } = plan;
  const { decode, connectTimeout, firstByteTimeout, idleTimeout, maxRedirects } = flags;
  const follows = flags.follow === true || flags.download === true;
  const total = flags.timeout === undefined ? flags.totalTimeout : Math.ceil(flags.timeout * 1000);
  return {
    method,
    fields,
    omit,
    target,
    socketPath,
    connection,
    version,
    signal,
    decode,
    redirect: follows ? "follow" : "manual",
    maxRedirects,
    expectContinue: flags.expectContinue,
    ...(connectTimeout === undefined ? {} : { connectTimeout }),
    ...(firstByteTimeout === undefined ? {} : { firstByteTimeout }),
    ...(idleTimeout === undefined ? {} : { idleTimeout }),
    ...(total === undefined ? {} : { totalTimeout: total }),
  };
}

function uploadProgress({ content, method }: RequestPlan): Progress | undefined {
  if (content?.label === undefined || process.stderr.isTTY !== true) return undefined;
  const paint = painter(wantsColor(process.stderr));
  return new Progress(process.stderr, { label: `${method} ${content.label}`, total: content.length, paint });
}

/**
 * What has happened so far, and what of it has been printed. A redirect shows only afterwards that an exchange
 * was not the last one, so a head waits until the next event tells.
 */
class Story {
  readonly #printer: Printer;
  readonly #sent: SentBody;
  readonly #type: string | undefined;
  readonly #everyStep: boolean;
  #request: SentRequest | undefined;
  #response: ResponseHead | undefined;
  #bodySent = false;

  constructor(printer: Printer, sent: SentBody, type: string | undefined, everyStep: boolean) {
    this.#printer = printer;
    this.#sent = sent;
    this.#type = type;
    this.#everyStep = everyStep;
  }

  requested(request: SentRequest): void {
    const followed = this.#response !== undefined;
    if (followed && this.#everyStep) this.#printAnswer();
    this.#response = undefined;
    this.#request = request;
    // Only what has a body itself printed one.
    this.#bodySent = followed && !/^(?:content-length: [1-9]|transfer-encoding:)/im.test(request.head);
    if (this.#everyStep) this.#printRequest();
  }

  interim(head: ResponseHead): void {
    this.#printRequest();
    void this.#printer.interim(head);
  }

  answered(head: ResponseHead, bodyBegun: boolean): void {
    // A body that waited for a 100 and was not asked for has not crossed the wire.
    if (!bodyBegun) this.#bodySent = true;
    if (this.#everyStep) this.#printRequestWithBody();
    this.#response = head;
  }

  end(): void {
    this.#printRequestWithBody();
    this.#printAnswer();
  }

  /** What came before the error is part of the story, too. */
  brokenOff(): void {
    if (this.#everyStep) this.end();
  }

  #printRequest(): void {
    if (this.#request !== undefined) void this.#printer.requestHead(this.#request);
    this.#request = undefined;
  }

  #printRequestWithBody(): void {
    this.#printRequest();
    if (!this.#bodySent) void this.#printer.requestBody(this.#sent.kept(), this.#sent.size(), this.#type);
    this.#bodySent = true;
  }

  #printAnswer(): void {
    if (this.#response !== undefined) void this.#printer.responseHead(this.#response);
    this.#response = undefined;
  }
}
