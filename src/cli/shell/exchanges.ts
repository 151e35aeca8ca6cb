// The shell's exchanges: one made and printed as the one-shot command does, and kept to be shown again.

import type { ResponseHead } from "../../client/options.ts";
import type { ClientResponse } from "../../client/response.ts";
import { exchange } from "../exchange.ts";
import { takeHeadApart } from "../highlight.ts";
import { type AnswerContent, Printer } from "../printing.ts";
import { formatBytes } from "../quantities.ts";
import type { RequestFlags } from "../request-flags.ts";
import type { RequestPlan } from "../request-plan.ts";
import { type Connection, Recording, type WireRecord } from "./connection.ts";
import { openDestination, ReaderGone, screenPlan } from "./destinations.ts";
import type { Screen } from "./screen.ts";
import { wireText } from "./wire-text.ts";
import type { Destination } from "./words.ts";

/** An exchange that was made, as far as it came. */
export interface Exchange {
  readonly plan: RequestPlan;
  /** The file that the body came from. */
  readonly bodyFile: string | undefined;
  readonly wire: WireRecord;
  /** Undefined when no answer came. The body is decoded. */
  readonly answer: { readonly response: ClientResponse; readonly body: Recording } | undefined;
}

export interface ExchangeRequest {
  readonly connection: Connection;
  readonly plan: RequestPlan;
  readonly flags: RequestFlags;
  readonly destination: Destination | undefined;
  readonly screen: Screen;
  readonly signal: AbortSignal;
  /** Told of the exchange when it is over, whether it went well or not. */
  readonly keep: (wire: WireRecord, answer: Exchange["answer"]) => void;
}

/** Makes a request, prints the answer, and returns its head. Throws ClientError and CommandError. */
export async function perform(request: ExchangeRequest): Promise<ResponseHead> {
  const { connection, plan, flags, screen, signal } = request;
  const to = await openDestination(request.destination, flags, screen).catch(async (error: unknown) => {
    await plan.content?.file?.handle.close();
    throw error;
  });
  connection.record();
  const printer = new Printer(to.out, to.printing);
  let answer: Exchange["answer"];
  try {
    const response = await exchange({ client: connection.client, plan, flags, signal, printer });
    const body = new Recording();
    answer = { response, body };
    await printer.responseBody(copied(response, body)).catch((error: unknown) => {
      response.body.discard();
      if (!(error instanceof ReaderGone)) throw error;
    });
  } catch (error) {
    await printer.written();
    await to.abandon();
    throw error;
  } finally {
    await plan.content?.file?.handle.close();
    request.keep(connection.recorded, answer);
  }
  const said = await to.finish();
  const { response } = answer;
  if (said !== undefined && screen.interactive)
    screen.say(screen.paint("dim", `${`${response.status} ${response.reason}`.trim()}: ${said}`));
  return response;
}

/** An answer whose body is kept while it is read. */
function copied(response: ClientResponse, kept: Recording): AnswerContent {
  const { body, fields } = response;
  return {
    fields,
    get trailers() {
      return response.trailers;
    },
    body: {
      length: body.length,
      discard: () => body.discard(),
      async *[Symbol.asyncIterator]() {
        for await (const bytes of body) {
          kept.push(bytes);
          yield bytes;
        }
      },
    },
  };
}

/** Prints an exchange again, request and answer. */
export async function printAgain(made: Exchange, flags: RequestFlags, screen: Screen): Promise<void> {
  const { plan, wire, answer } = made;
  const printing = screenPlan({ ...flags, verbose: true }, screen);
  const printer = new Printer(screen.out, printing);
  const head = headIn(wire.sent.bytes());
  if (head === undefined) {
    screen.say("(nothing was sent)");
    return;
  }
  await screen.begin();
  await printer.requestHead({ head });
  const body = plan.content?.body;
  const type = plan.fields.get("content-type");
  if (body instanceof Uint8Array) await printer.requestBody(body, body.length, type);
  else if (body !== undefined) await printer.requestBody(undefined, plan.content?.length ?? 0, type);
  if (answer === undefined) {
    screen.say("(no answer came)");
    return;
  }
  const { response, body: kept } = answer;
  await printer.responseHead(response);
  await printer.responseBody({
    fields: response.fields,
    trailers: response.trailers,
    body: keptBody(kept),
  });
  if (kept.left > 0) screen.say(`(and ${formatBytes(kept.left)} more, not kept)`);
}

/** Every byte of both messages, as far as they were kept. */
export function exchangeBytes({ wire }: Exchange): string {
  const text = wireText(wire.sent, ">") + wireText(wire.received, "<");
  return text === "" ? "(nothing was sent)\n" : text;
}

function headIn(sent: Buffer): string | undefined {
  const end = sent.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const head = sent.subarray(0, end + 4).toString("latin1");
  return takeHeadApart(head).startLine === "" ? undefined : head;
}

function keptBody(kept: Recording): AnswerContent["body"] {
  const bytes = kept.bytes();
  return {
    length: bytes.length,
    discard: () => undefined,
    async *[Symbol.asyncIterator]() {
      if (bytes.length > 0) yield bytes;
    },
  };
}
