// An answer as the caller gets it.

import { Body, BodyTooLargeError, BodyUsedError } from "../message/body.ts";
import type { PeerCertificate } from "../net/certificate.ts";
import type { Endpoint } from "../net/transport.ts";
import { Fields } from "../protocol/fields.ts";
import type { Version } from "../protocol/start-line.ts";
import { decode } from "./decoding.ts";
import type { Intake } from "./intake.ts";
import type { ResponseHead, Timing } from "./options.ts";

/** A redirect that was followed. */
export interface Redirect {
  readonly url: string;
  readonly method: string;
  readonly status: number;
  readonly fields: Fields;
}

/** A body that nobody holds any more will not be read: its connection must not wait for that. */
const forgotten = new FinalizationRegistry<Intake>((intake) => intake.discard());

/**
 * The body of an answer, to be read once. A connection carries nothing else before it was read to its end: who
 * does not want it calls `discard`. Leaving a `for await` early does so too.
 */
export class ResponseBody extends Body {
  readonly #intake: Intake;
  readonly #codings: readonly string[];
  #taken = false;

  constructor(intake: Intake, codings: readonly string[]) {
    super(() => intake.pull(), codings.length === 0 ? intake.length : undefined);
    this.#intake = intake;
    this.#codings = codings;
    if (!intake.ended) forgotten.register(this, intake);
  }

  override get used(): boolean {
    return this.#taken;
  }

  /** Whether the whole body has come from the server. */
  get complete(): boolean {
    return this.#intake.ended;
  }

  /** Bytes that have come from the server so far, before any decoding. */
  get received(): number {
    return this.#intake.received;
  }

  override async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    this.#take();
    const intake = this.#intake;
    const raw = rawPieces(intake);
    try {
      yield* this.#codings.length === 0 ? raw : decode(raw, this.#codings);
    } finally {
      intake.discard();
    }
  }

  override async bytes(limit: number = 0): Promise<Buffer> {
    if (limit > 0 && this.length !== undefined && this.length > limit) throw new BodyTooLargeError(limit);
    // What came together with the head needs no further turn: the client's row of the benchmark.
    const whole = this.#codings.length === 0 ? this.#whole() : undefined;
    if (whole === undefined) return super.bytes(limit);
    const total = this.#intake.received;
    if (limit > 0 && total > limit) throw new BodyTooLargeError(limit);
    const only = whole[0];
    // The bytes are nobody else's, so there is nothing to copy.
    return whole.length === 1 && Buffer.isBuffer(only) ? only : Buffer.concat(whole, total);
  }

  /** Gives up on what was not read yet. A short rest is read away so that the connection can be used again. */
  discard(): void {
    this.#taken = true;
    this.#intake.discard();
  }

  #whole(): Uint8Array[] | undefined {
    if (!this.#intake.ended) return undefined;
    this.#take();
    return this.#intake.whole();
  }

  #take(): void {
    // As every body: an empty one may be read any number of times.
    if (this.#taken && this.#intake.length !== 0) throw new BodyUsedError();
    this.#taken = true;
  }
}

async function* rawPieces(intake: Intake): AsyncGenerator<Uint8Array, void, undefined> {
  for (let bytes = await intake.pull(); bytes !== undefined; bytes = await intake.pull()) yield bytes;
}

/** What a response is made of, besides its head. */
export interface Delivery {
  readonly url: string;
  readonly method: string;
  readonly head: ResponseHead;
  readonly intake: Intake;
  readonly codings: readonly string[];
  readonly redirects: readonly Redirect[];
  readonly remote: Endpoint;
  readonly local: Endpoint;
  readonly reused: boolean;
  readonly certificate: (() => PeerCertificate) | undefined;
  readonly timing: () => Timing;
}

/** The final answer to a request. */
export class ClientResponse implements ResponseHead {
  /** Of the last request, after redirects; its fragment included. */
  readonly url: string;
  /** Of the last request. */
  readonly method: string;
  readonly status: number;
  readonly reason: string;
  readonly version: Version;
  /** As received: Content-Encoding and Content-Length are those of the bytes on the wire, also when `body` is decoded. */
  readonly fields: Fields;
  readonly body: ResponseBody;
  /** The content codings that `body` undoes, in the order they were applied; empty when it gives the bytes as received. */
  readonly decoded: readonly string[];
  readonly redirects: readonly Redirect[];
  readonly remote: Endpoint;
  readonly local: Endpoint;
  /** Whether an earlier exchange had used the connection. */
  readonly reused: boolean;
  readonly #intake: Intake;
  readonly #certificate: (() => PeerCertificate) | undefined;
  readonly #timing: () => Timing;

  constructor(delivery: Delivery) {
    const { head, intake } = delivery;
    this.url = delivery.url;
    this.method = delivery.method;
    this.status = head.status;
    this.reason = head.reason;
    this.version = head.version;
    this.fields = head.fields;
    this.body = new ResponseBody(intake, delivery.codings);
    this.decoded = delivery.codings;
    this.redirects = delivery.redirects;
    this.remote = delivery.remote;
    this.local = delivery.local;
    this.reused = delivery.reused;
    this.#intake = intake;
    this.#certificate = delivery.certificate;
    this.#timing = delivery.timing;
  }

  /** The trailer section; empty until the body has come to its end. */
  get trailers(): Fields {
    return this.#intake.trailers ?? new Fields();
  }

  /** What the server's certificate says; undefined without TLS. */
  get certificate(): PeerCertificate | undefined {
    return this.#certificate?.();
  }

  get timing(): Timing {
    return this.#timing();
  }
}
