// The server's side of a connection: requests come, answers go, one exchange at a time. Pipelined requests wait.

import { Connection, type SwitchEvent } from "./connection.ts";
import { StateError } from "./errors.ts";
import type { Fields } from "./fields.ts";
import { type ResponseHead, writeInterimHead, writeResponseHead, writeSwitchHead } from "./head-writer.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import type { DataEvent, EndEvent, EofEvent, RequestEvent } from "./message-reader.ts";
import { CLIENT, SERVER } from "./states.ts";

type Received = RequestEvent | DataEvent | EndEvent | EofEvent;

export type ServerEvent = Received | SwitchEvent;

/** `next()` gives undefined also while the next request has to wait for `nextExchange`. */
export class ServerConnection extends Connection<Received> {
  #request: RequestEvent | undefined;
  #awaitsContinue = false;

  constructor(limits: Limits = DEFAULT_LIMITS) {
    super("request", SERVER, limits);
  }

  /** Whether the client holds its body back until it sees a 100. */
  get awaitsContinue(): boolean {
    return this.#awaitsContinue;
  }

  /** Whether the head of the next request has begun to come. */
  get insideHead(): boolean {
    return this.reader.insideHead;
  }

  /** Bytes of the request's body still to come, undefined when that is not known. */
  get bodyRemaining(): number | undefined {
    return this.theirState === "body" ? this.reader.bodyRemaining : 0;
  }

  protected isDue(): boolean {
    return this.theirState === "idle" || this.theirState === "body";
  }

  protected seen(event: Received): void {
    switch (event.type) {
      case "request":
        this.#request = event;
        this.lasting &&= event.keepAlive;
        this.#awaitsContinue = event.expectsContinue && event.framing.kind !== "none";
        this.theirState = "body";
        this.ourState = this.after(SERVER, this.ourState, "request");
        return;
      case "data":
        this.#awaitsContinue = false;
        return;
      case "end":
        this.#awaitsContinue = false;
        this.theirState = this.lasting ? "done" : "ended";
        return;
      case "eof":
        this.theirState = this.after(CLIENT, this.theirState, "close");
        return;
    }
  }

  /** Sends an interim response. HTTP/1.0 clients know none: for them nothing is sent (RFC 9110, 15.2). */
  interim(status: number, fields?: Fields): void {
    if (status < 100 || status > 199 || status === 101) {
      throw new StateError(`Cannot send ${status} as an interim response: it takes 100 or 102 to 199`);
    }
    this.ourState = this.after(SERVER, this.ourState, "interim");
    if (status === 100) this.#awaitsContinue = false;
    if (this.#request?.version === "1.1") this.out.push(writeInterimHead(status, fields));
  }

  /** Whether the answer whose head was sent has a body: not that to HEAD, no 204, no 304, no empty one. */
  get takesBody(): boolean {
    return this.writer !== undefined && this.writer.framing.kind !== "none";
  }

  /** Whether that body is chunked, and has room for trailers. */
  get takesTrailers(): boolean {
    return this.writer?.framing.kind === "chunked";
  }

  /** Whether that body ends where the connection does. */
  get endsByClosing(): boolean {
    return this.writer?.framing.kind === "close";
  }

  /**
   * Sends the head of the final response, and returns it. With a 101, or a 2xx to CONNECT, HTTP ends on this connection.
   * Throws StateError, or ProtocolError for a head that cannot be sent; nothing was sent then.
   */
  respond(head: ResponseHead): string {
    const request = this.#request;
    const tunnel = request?.method === "CONNECT" && head.status >= 200 && head.status < 300;
    if (head.status === 101 || tunnel) {
      return this.#switch(head);
    }
    if (head.status < 200)
      throw new StateError(`Cannot send ${head.status} as the final response: it takes 200 or more`);
    const next = this.after(SERVER, this.ourState, "response");
    // A body that the client holds back may come or not, so nothing can follow it (RFC 9110, 10.1.1).
    const keepAlive = this.lasting && !this.#awaitsContinue && request !== undefined;
    const written = writeResponseHead(head, {
      // Of a request that could not be read the method may be known all the same: HEAD gets no body.
      method: request?.method ?? this.reader.lastMethod ?? "",
      version: request?.version ?? "1.1",
      keepAlive,
    });
    this.ourState = next;
    this.begin(written);
    // "idle" when no request was waited for (408, 503): one that comes now would have no answer.
    if (!written.keepAlive && (this.theirState === "done" || this.theirState === "idle"))
      this.theirState = "ended";
    return written.text;
  }

  #switch(head: ResponseHead): string {
    // An Upgrade field in HTTP/1.0 is ignored (RFC 9110, 7.8).
    if (head.status === 101 && !(this.#request?.version === "1.1" && this.#request.fields.has("upgrade"))) {
      throw new StateError("Cannot send 101: the client did not ask for an upgrade");
    }
    if (this.theirState === "body")
      throw new StateError("Cannot switch protocols before the request was read to its end");
    const next = this.after(SERVER, this.ourState, "switch");
    const text = writeSwitchHead(head);
    this.ourState = next;
    this.theirState = "switched";
    this.out.push(text);
    return text;
  }

  /** Ends the response. */
  override end(trailers?: Fields): void {
    super.end(trailers);
    if (!this.lasting) this.ourState = "ended";
  }

  /** Makes this exchange the connection's last. Has to be said before `respond` for the client to be told. */
  lastExchange(): void {
    this.lasting = false;
    if (this.theirState === "done") this.theirState = "ended";
    if (this.ourState === "done") this.ourState = "ended";
  }

  override nextExchange(): boolean {
    const goesOn = super.nextExchange();
    if (goesOn) this.#request = undefined;
    return goesOn;
  }
}
