// Prints exchanges: which of their parts, in which order, with which empty lines between them. On a terminal
// everything is made safe and readable; in a pipe a body is its bytes and nothing else.

import type { ResponseHead, SentRequest } from "../client/options.ts";
import type { ClientResponse } from "../client/response.ts";
import { paintFields, paintHead, takeHeadApart } from "./highlight.ts";
import type { Output } from "./output.ts";
import { formatBytes, formatElapsed } from "./quantities.ts";
import { type BodyToShow, type Look, showBody } from "./shown-body.ts";

/** H and B: request head and body; h and b: those of the response; m: what is known besides. */
export type Part = "H" | "B" | "h" | "b" | "m";

export const PARTS: readonly Part[] = ["H", "B", "h", "b", "m"];

export interface PrintPlan {
  readonly parts: ReadonlySet<Part>;
  readonly look: Look;
  /** Whether bodies are shown to a person; otherwise their bytes are written as they are. */
  readonly shown: boolean;
  /** Whether interim responses and every step of a redirect are printed, too. */
  readonly interim: boolean;
  /** What to do to get at the bytes of a binary answer. Default: "-o FILE saves it". */
  readonly wayOut?: string;
}

/** What is printed of an answer behind its head. */
export interface AnswerContent {
  readonly fields: ResponseHead["fields"];
  /** Complete when the body has been read. */
  readonly trailers: ResponseHead["fields"];
  readonly body: AsyncIterable<Uint8Array> & { readonly length: number | undefined; discard(): void };
}

/**
 * Prints parts in the order of the calls. What is called while something is still being written waits for it;
 * each call resolves when its part has been written.
 */
export class Printer {
  readonly #out: Output;
  readonly #plan: PrintPlan;
  /** Between two parts there is an empty line, and none before the first. */
  #printed = false;
  #tail: Promise<void> = Promise.resolve();

  constructor(out: Output, plan: PrintPlan) {
    this.#out = out;
    this.#plan = plan;
  }

  has(part: Part): boolean {
    return this.#plan.parts.has(part);
  }

  requestHead({ head }: Pick<SentRequest, "head">): Promise<void> {
    return this.#inTurn("H", () => this.#head("request", takeHeadApart(head)));
  }

  /** A request's body, as far as it was kept; undefined when it was too long for that. */
  requestBody(bytes: Uint8Array | undefined, size: number, type: string | undefined): Promise<void> {
    return this.#inTurn("B", () =>
      bytes === undefined
        ? this.#write(`${this.#plan.look.paint("dim", `(${formatBytes(size)}: not shown)`)}\n`)
        : this.#body({ pieces: once(bytes), length: bytes.length, type, wayOut: "it is sent as it is" }),
    );
  }

  interim(head: ResponseHead): Promise<void> {
    return this.#plan.interim ? this.responseHead(head) : this.#tail;
  }

  responseHead({ version, status, reason, fields }: ResponseHead): Promise<void> {
    const startLine = `HTTP/${version} ${status} ${reason}`.trimEnd();
    return this.#inTurn("h", () => this.#head("response", { startLine, fields }));
  }

  /** The body and the trailers; a body that is not to be printed is given up. */
  responseBody(response: AnswerContent): Promise<void> {
    const { body, fields } = response;
    const { wayOut = "-o FILE saves it" } = this.#plan;
    if (!this.has("b")) body.discard();
    return this.#inTurn("b", async () => {
      const type = fields.get("content-type");
      await this.#body({ pieces: body, length: body.length, type, wayOut });
      if (this.has("h") && response.trailers.size > 0) await this.#fields(response.trailers);
    });
  }

  about({ remote, reused, timing, redirects }: ClientResponse): Promise<void> {
    const { address, port } = remote;
    const peer =
      port === 0 ? address || "UNIX socket" : `${address.includes(":") ? `[${address}]` : address}:${port}`;
    const facts: [string, string][] = [
      ["Elapsed", formatElapsed(timing.total / 1000)],
      ["Peer", peer],
      ["Connection", reused ? "reused" : "new"],
    ];
    if (redirects.length > 0) facts.push(["Redirects", String(redirects.length)]);
    return this.#inTurn("m", () => this.#fields(facts));
  }

  /** Everything that was asked for has been written. */
  async written(): Promise<void> {
    await this.#tail.catch(() => undefined);
  }

  #inTurn(part: Part, print: () => Promise<void>): Promise<void> {
    if (!this.has(part)) return this.#tail;
    this.#tail = this.#tail.then(print);
    // Whoever waits for the end gets the error; a hook that does not wait must not end the process by it.
    this.#tail.catch(() => undefined);
    return this.#tail;
  }

  #head(
    kind: "request" | "response",
    {
      startLine,
      fields,
    }: { readonly startLine: string; readonly fields: Iterable<readonly [string, string]> },
  ): Promise<void> {
    if (this.#plan.shown) return this.#write(paintHead({ kind, startLine, fields }, this.#plan.look.paint));
    let text = `${startLine}\n`;
    for (const [name, value] of fields) text += `${name}: ${value}\n`;
    return this.#write(Buffer.from(text, "latin1"));
  }

  #fields(fields: Iterable<readonly [string, string]>): Promise<void> {
    return this.#write(paintFields(fields, this.#plan.look.paint));
  }

  async #body(body: BodyToShow): Promise<void> {
    const separated = this.#separated();
    if (this.#plan.shown) await showBody(body, separated, this.#plan.look);
    else await copy(body.pieces, separated, this.#plan.parts.size > 1);
  }

  /** The output, with the empty line before what comes, if anything comes. */
  #separated(): Output {
    let begun = false;
    const write = async (data: string | Uint8Array): Promise<void> => {
      if (data.length === 0) return;
      if (!begun) this.#begin();
      begun = true;
      await this.#out.write(data);
    };
    return { terminal: this.#out.terminal, write };
  }

  async #write(data: string | Uint8Array): Promise<void> {
    this.#begin();
    await this.#out.write(data);
  }

  #begin(): void {
    if (this.#printed) void this.#out.write("\n");
    this.#printed = true;
  }
}

/** Bytes that are all there as a body that comes in pieces. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Byte for byte; only when something else may follow, the last line is ended. */
async function copy(pieces: AsyncIterable<Uint8Array>, out: Output, ended: boolean): Promise<void> {
  let last: number | undefined;
  for await (const bytes of pieces) {
    if (bytes.length > 0) last = bytes[bytes.length - 1];
    await out.write(bytes);
  }
  if (ended && last !== undefined && last !== 0x0a) await out.write("\n");
}
