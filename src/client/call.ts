// One call of `request`: its way through connections, a second try, redirects, to its answer.

import { Fields } from "../protocol/fields.ts";
import { isToken, quote } from "../protocol/grammar.ts";
import type { RequestHead } from "../protocol/head-writer.ts";
import type { ResponseEvent } from "../protocol/message-reader.ts";
import { isIdempotent } from "../semantics/methods.ts";
import { Way } from "./connecting.ts";
import { contentCodings } from "./decoding.ts";
import { abortedError, ClientError } from "./errors.ts";
import type { Intake } from "./intake.ts";
import { type RequestOptions, type Timeouts, type Timing, timeoutsOf } from "./options.ts";
import type { Pool, Waiting } from "./pool.ts";
import { absoluteForm, forwardFields } from "./proxy.ts";
import { redirectFields, redirectLocation, redirectMethod, redirectTarget } from "./redirects.ts";
import { requestFields } from "./request-fields.ts";
import { ClientResponse, type Redirect } from "./response.ts";
import type { Carried, Session } from "./session.ts";
import { type HttpUrl, parseUrl } from "./url.ts";

/** What a call needs of its client. */
export interface CallHost {
  readonly timeouts: Timeouts;
  pool(url: HttpUrl, socketPath: string | undefined, way: Way | undefined): Pool;
  callEnded(): void;
}

export interface Promised {
  readonly resolve: (response: ClientResponse) => void;
  readonly reject: (error: unknown) => void;
}

/** From this size on "auto" waits for a 100: what it may save is then worth the wait. */
const WORTH_ASKING = 1_048_576;
const NO_REDIRECTS: readonly Redirect[] = [];
const NO_CODINGS: readonly string[] = [];

export class Call implements Carried, Waiting {
  readonly timeouts: Timeouts;
  readonly #host: CallHost;
  readonly #options: RequestOptions;
  readonly #firstOrigin: string;
  readonly #way: Way | undefined;
  #promised: Promised | undefined;
  #url: HttpUrl;
  #method: string;
  /** The caller's fields, as far as redirects left them. */
  #given: RequestOptions["fields"];
  body: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  #length: number | undefined;
  head: RequestHead = NO_HEAD;
  expectsContinue = false;
  bodyBegun = false;
  #pool: Pool | undefined;
  #session: Session | undefined;
  #retried = false;
  #over = false;
  #finished = false;
  #redirects: Redirect[] | undefined;
  #totalTimer: NodeJS.Timeout | undefined;
  // Marks by performance.now(); 0 while they are not reached.
  readonly #startedAt: number = performance.now();
  #askedAt = 0;
  #queued = false;
  #grantedAt = 0;
  #sentAt = 0;
  #answeredAt = 0;
  #endedAt = 0;

  /** Throws ClientError for what cannot be sent. */
  constructor(host: CallHost, url: string | URL, options: RequestOptions, promised: Promised) {
    this.#host = host;
    this.#options = options;
    this.#promised = promised;
    this.#url = parseUrl(url);
    this.#firstOrigin = this.#url.origin;
    this.#way = options.connection === undefined ? undefined : new Way(options.connection);
    this.#method = checkedMethod(options.method);
    this.#given = options.fields;
    const { authorization } = this.#url;
    if (authorization !== undefined) this.#given = withAuthorization(options.fields, authorization);
    const { body } = options;
    this.body = typeof body === "string" ? Buffer.from(body, "utf8") : body;
    this.#length =
      this.body === undefined ? 0 : this.body instanceof Uint8Array ? this.body.length : options.length;
    this.timeouts = timeoutsOf(options, host.timeouts);
  }

  get title(): string {
    return `${this.#method} ${this.#url.href}`;
  }

  get connectTimeout(): number {
    return this.timeouts.connectTimeout;
  }

  get trailers(): RequestOptions["trailers"] {
    return this.body === undefined ? undefined : this.#options.trailers;
  }

  /** The UNIX socket for the URL that is asked for now. */
  get #socketPath(): string | undefined {
    const { socketPath } = this.#options;
    return socketPath !== undefined && this.#url.origin === this.#firstOrigin ? socketPath : undefined;
  }

  start(): void {
    const { signal } = this.#options;
    if (signal !== undefined) {
      if (signal.aborted) {
        this.#stop(abortedError(signal));
        return;
      }
      signal.addEventListener("abort", this);
    }
    const { totalTimeout } = this.timeouts;
    if (totalTimeout > 0) this.#totalTimer = setTimeout(() => this.#tooLong(), totalTimeout);
    this.#guarded(() => this.#hop());
  }

  /** Of the signal. */
  handleEvent(): void {
    this.#stop(abortedError(this.#options.signal));
  }

  /** Makes one request of the chain. */
  #hop(): void {
    const url = this.#url;
    const options = this.#options;
    let fields: Fields;
    try {
      fields = requestFields(url, this.#given, options.decode !== false, options.omit);
    } catch (error) {
      throw unsendable(error);
    }
    this.expectsContinue = this.body !== undefined && this.#length !== 0 && this.#asksFirst(fields);
    if (this.expectsContinue && !fields.has("expect"))
      fields = new Fields(fields).append("Expect", "100-continue");
    let target = options.target ?? url.target;
    const { version } = options;
    if (this.#way !== undefined && this.#socketPath === undefined) {
      const proxy = this.#way.forwarder(url);
      if (proxy !== undefined) {
        target = absoluteForm(url, target);
        fields = forwardFields(fields, proxy);
      }
    }
    this.head = { method: this.#method, target, fields, length: this.#length, version };
    this.bodyBegun = false;
    this.#retried = false;
    this.#acquire(false);
  }

  #asksFirst(fields: Fields): boolean {
    const { expectContinue, version } = this.#options;
    if (fields.get("expect")?.toLowerCase() === "100-continue") return expectContinue !== false;
    // A server passes over an expectation of HTTP/1.0 (RFC 9110, 10.1.1).
    if (version === "1.0") return false;
    if (expectContinue !== "auto") return expectContinue === true;
    return this.#length === undefined || this.#length > WORTH_ASKING;
  }

  #acquire(fresh: boolean): void {
    this.#pool = this.#host.pool(this.#url, this.#socketPath, this.#way);
    this.#askedAt = performance.now();
    this.#over = false;
    this.#answeredAt = 0;
    this.#endedAt = 0;
    this.#queued = this.#pool.acquire(this, fresh);
  }

  // ── from the pool ─────────────────────────────────────────────────────────────────────────────

  granted(session: Session): void {
    this.#session = session;
    this.#grantedAt = performance.now();
    session.carry(this);
  }

  refused(error: ClientError): void {
    this.#stop(error);
  }

  // ── from the connection ───────────────────────────────────────────────────────────────────────

  sending(head: string): void {
    this.#sentAt = performance.now();
    const { onRequest } = this.#options;
    if (onRequest === undefined) return;
    const { remote, local, reused } = this.#session as Session;
    this.#guarded(() =>
      onRequest({ method: this.#method, url: this.#url.href, head, remote, local, reused }),
    );
  }

  interim(event: ResponseEvent): void {
    const { onInterim } = this.#options;
    if (onInterim !== undefined) this.#guarded(() => onInterim(event));
  }

  answered(event: ResponseEvent, intake: Intake): void {
    this.#answeredAt = this.#over ? this.#endedAt : performance.now();
    const { onResponse } = this.#options;
    if (onResponse !== undefined)
      this.#guarded(() =>
        onResponse(event, { url: this.#url.href, timing: this.#timing(), bodyBegun: this.bodyBegun }),
      );
    if (this.#finished) return;
    if (event.status === 417 && this.expectsContinue && !this.bodyBegun) {
      this.#guarded(() => this.#withoutExpect(intake));
      return;
    }
    const location =
      this.#options.redirect === "manual" || this.#options.target !== undefined
        ? undefined
        : redirectLocation(event);
    if (location === undefined) this.#deliver(event, intake);
    else {
      this.#guarded(() => {
        intake.discard();
        this.#follow(event, location);
      });
    }
  }

  over(): void {
    this.#over = true;
    this.#endedAt = performance.now();
    // Of an answer that redirects the end is not that of the call; `answered` decides.
    if (this.#promised === undefined) this.#finish();
  }

  failed(error: ClientError, unheard: boolean): void {
    if (unheard && !this.#retried && !this.#finished && isIdempotent(this.#method) && this.#canSendAgain) {
      this.#retried = true;
      this.#guarded(() => this.#acquire(true));
    } else this.#stop(error);
  }

  get #canSendAgain(): boolean {
    return this.body === undefined || this.body instanceof Uint8Array || !this.bodyBegun;
  }

  // ── what follows from the answer ──────────────────────────────────────────────────────────────

  /** A server that does not know the expectation may know the request (RFC 9110, 10.1.1). */
  #withoutExpect(intake: Intake): void {
    intake.discard();
    const fields = new Fields(this.head.fields);
    fields.delete("expect");
    this.head = { ...this.head, fields };
    this.expectsContinue = false;
    this.#acquire(false);
  }

  #follow(event: ResponseEvent, location: string): void {
    const { redirect, maxRedirects = 20 } = this.#options;
    const from = this.#url;
    const to = redirectTarget(location, from);
    if (redirect === "error") {
      throw new ClientError(
        "REDIRECT_UNWANTED",
        `Cannot take the answer to ${this.title}: it redirects to ${to.href}, and no redirect was wanted`,
      );
    }
    this.#redirects ??= [];
    const redirects = this.#redirects;
    if (redirects.length >= maxRedirects) {
      throw new ClientError(
        "TOO_MANY_REDIRECTS",
        `Cannot follow the redirect from ${from.href} to ${to.href}: it would be number ${redirects.length + 1}, and ${maxRedirects} are allowed`,
      );
    }
    redirects.push({ url: from.href, method: this.#method, status: event.status, fields: event.fields });
    const method = redirectMethod(event.status, this.#method);
    if (
      redirects.some((one) => one.method === method && withoutFragment(one.url) === withoutFragment(to.href))
    ) {
      throw new ClientError(
        "REDIRECT_LOOP",
        `Cannot follow the redirects: they lead in a circle, back to ${to.href}`,
      );
    }
    const dropsContent = method !== this.#method;
    if (dropsContent) {
      this.body = undefined;
      this.#length = 0;
    } else if (!this.#canSendAgain) {
      throw new ClientError(
        "REDIRECT_BODY",
        `Cannot follow the redirect from ${from.href} to ${to.href}: it asks for the body again, and a streamed body can be sent once. Send it there directly, or let the server ask for it first (Expect: 100-continue)`,
      );
    }
    this.#given = redirectFields(new Fields(this.#given), {
      origin: from.origin !== to.origin,
      content: dropsContent,
    });
    this.#method = method;
    this.#url = to;
    this.#hop();
  }

  #deliver(event: ResponseEvent, intake: Intake): void {
    const { resolve } = this.#promised as Promised;
    this.#promised = undefined;
    // A part of a compressed file is not a compressed file.
    const decodes = this.#options.decode !== false && intake.length !== 0 && event.status !== 206;
    const codings = decodes ? (contentCodings(event.fields) ?? NO_CODINGS) : NO_CODINGS;
    const session = this.#session as Session;
    const response = new ClientResponse({
      url: this.#url.href,
      method: this.#method,
      head: event,
      intake,
      codings,
      redirects: this.#redirects ?? NO_REDIRECTS,
      remote: session.remote,
      local: session.local,
      reused: session.reused,
      certificate: session.certificate,
      timing: () => this.#timing(),
    });
    if (this.#over) this.#finish();
    resolve(response);
  }

  #timing(): Timing {
    const session = this.#session;
    const steps = session === undefined || session.reused ? undefined : session.timing;
    const opening = (steps?.dns ?? 0) + (steps?.connect ?? 0) + (steps?.tls ?? 0);
    return {
      queue: this.#queued ? this.#grantedAt - this.#askedAt - opening : undefined,
      dns: steps?.dns,
      connect: steps?.connect,
      tls: steps?.tls,
      firstByte: this.#answeredAt === 0 ? undefined : this.#answeredAt - this.#sentAt,
      transfer: this.#endedAt === 0 || this.#answeredAt === 0 ? undefined : this.#endedAt - this.#answeredAt,
      total: (this.#endedAt === 0 ? performance.now() : this.#endedAt) - this.#startedAt,
    };
  }

  // ── the end ───────────────────────────────────────────────────────────────────────────────────

  #tooLong(): void {
    this.#stop(
      new ClientError(
        "TOTAL_TIMEOUT",
        `Cannot wait longer for ${this.title}: it took more than ${this.timeouts.totalTimeout / 1000} s in all`,
      ),
    );
  }

  /** Ends the call with an error, wherever it stands. */
  #stop(error: unknown): void {
    if (this.#finished) return;
    const promised = this.#promised;
    this.#promised = undefined;
    this.#finish();
    this.#pool?.forget(this);
    const reason =
      error instanceof ClientError
        ? error
        : new ClientError("ABORTED", "Cannot go on with the request: a function of its caller threw", {
            cause: error,
          });
    this.#session?.abort(this, reason);
    promised?.reject(error);
  }

  /** What is thrown on the way, by rules or by the caller's functions, ends the call and nothing else. */
  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#stop(error);
    }
  }

  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    clearTimeout(this.#totalTimer);
    this.#options.signal?.removeEventListener("abort", this);
    this.#host.callEnded();
  }
}

const NO_HEAD: RequestHead = { method: "", target: "", fields: new Fields(), length: 0, version: undefined };

function checkedMethod(method: string = "GET"): string {
  if (method === "GET" || (isToken(method) && method !== "CONNECT")) return method;
  const why = method === "CONNECT" ? "a tunnel is not made by this client" : "it is not a token";
  throw new ClientError("REQUEST_INVALID", `Cannot send the method ${quote(method)}: ${why}`);
}

function unsendable(cause: unknown): ClientError {
  return new ClientError("REQUEST_INVALID", (cause as Error).message, { cause });
}

function withAuthorization(given: RequestOptions["fields"], authorization: string): Fields {
  const fields = new Fields(given);
  return fields.has("authorization") ? fields : fields.append("Authorization", authorization);
}

function withoutFragment(url: string): string {
  return url.split("#", 1)[0] as string;
}
