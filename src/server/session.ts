// One connection of a server: carries bytes between its transport and the protocol, and requests between
// the protocol and the handler. One exchange runs at a time; pipelined requests wait their turn, unread.
// A handler that answers at once, from memory, is served without a promise: bytes in, one write out.

import { type Problem, problemResponse } from "../message/problem.ts";
import type { Peer, Request } from "../message/request.ts";
import { type Handler, Response } from "../message/response.ts";
import { Deadline } from "../net/deadline.ts";
import { Outlet } from "../net/outlet.ts";
import type { Receiver, Transport } from "../net/transport.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { Fields } from "../protocol/fields.ts";
import type { RequestEvent } from "../protocol/message-reader.ts";
import { ServerConnection, type ServerEvent } from "../protocol/server-connection.ts";
import { ConnectionLostError } from "./errors.ts";
import { Exchange, type Wire } from "./exchange.ts";
import { notATunnel, problemOf, serverFault, unreadable } from "./faults.ts";
import { type Flow, Intake } from "./intake.ts";
import type { ExchangeRecord, ServerSettings } from "./options.ts";

/** What a session needs of its server. */
export interface SessionHost {
  readonly settings: ServerSettings;
  readonly handler: Handler;
  readonly onExchange: ((record: ExchangeRecord) => void) | undefined;
  readonly onError: (error: unknown, request: Request | undefined) => void;
  /** The Date field's value for now. */
  date(): string;
  /** Told when the connection is gone. */
  sessionClosed(session: Session): void;
}

/** Bytes of pipelined answers that are written together; with more, what a client asks for at once would all be in memory. */
const FLUSH_AT = 65_536;

/** Milliseconds for which a head waits for the first piece of its body, to go out with it. */
const HEAD_PATIENCE = 10;

/**
 *   open ──last answer out, or nothing more to come──▶ lingering ──both sides done, or too late──▶ closed
 */
type Phase = "open" | "lingering" | "closed";

export class Session implements Receiver, Wire, Flow {
  readonly #host: SessionHost;
  readonly #transport: Transport;
  readonly #connection: ServerConnection;
  readonly #outlet: Outlet;
  readonly #deadline: Deadline;
  readonly #intake: Intake;
  #phase: Phase = "open";
  #exchange: Exchange | undefined;
  #paused = false;
  /** Whether the deadline that runs is that of a head. */
  #headTimed = true;
  /** Bytes of an unread body thrown away so far. */
  #drained = 0;
  /** Bytes of whole answers that have not been written yet. */
  #queued = 0;
  #requests = 0;
  /** performance.now() of the last event that moved a deadline: asked for once in an exchange that ends at once. */
  #clock = 0;
  #stopping = false;
  #advancing = false;
  #error: Error | undefined;

  constructor(transport: Transport, host: SessionHost) {
    this.#host = host;
    this.#transport = transport;
    this.#connection = new ServerConnection(host.settings);
    this.#outlet = new Outlet(transport, host.settings.bodyTimeout);
    this.#deadline = new Deadline(() => this.#tooLate());
    this.#intake = new Intake(this.#connection, this.#deadline, host.settings.bodyTimeout, this);
    this.#deadline.set(host.settings.headTimeout);
    transport.attach(this);
  }

  get remote(): Peer {
    return this.#transport.remote;
  }

  get local(): Peer {
    return this.#transport.local;
  }

  /** Whether no request is being read or answered. */
  get idle(): boolean {
    return this.#exchange === undefined && !this.#connection.insideHead && this.#connection.theirs !== "body";
  }

  /** Ends the connection in good order: at once when it is idle, else after the answer that is due. */
  stop(): void {
    this.#stopping = true;
    if (this.#phase !== "open") return;
    if (this.#exchange !== undefined) this.#connection.lastExchange();
    else if (this.idle) this.#close();
  }

  /** Breaks the connection. */
  destroy(): void {
    this.#transport.destroy();
  }

  /** Answers without looking at the request, and closes: for a server that is full. */
  turnAway(problem: Problem): void {
    this.#answerProblem(problem, undefined);
  }

  // ── from the transport ────────────────────────────────────────────────────────────────────────

  received(bytes: Uint8Array): void {
    if (this.#phase !== "open") return;
    this.#connection.receive(bytes);
    if (this.#exchange === undefined) this.#advance();
    else this.#intake.feed();
  }

  ended(): void {
    if (this.#phase !== "open") return;
    this.#connection.receiveEof();
    if (this.#exchange === undefined) this.#advance();
    else if (this.#intake.waiting) this.#intake.feed();
  }

  drained(): void {
    this.#outlet.drained();
    if (this.#phase === "open" && this.#exchange === undefined) this.#advance();
  }

  stalled(): void {
    if (this.#outlet.waiting) this.#transport.destroy();
  }

  closed(error: Error | undefined): void {
    this.#phase = "closed";
    this.#deadline.stop();
    const lost = new ConnectionLostError(this.#error ?? error);
    this.#intake.fail(lost);
    this.#outlet.broken(lost);
    const exchange = this.#exchange;
    if (exchange !== undefined) {
      exchange.lost(lost);
      // An answer that is on its way finds out by itself, and reports.
      if (exchange.sentHead === "") this.#report(exchange, undefined, false);
      this.#exchange = undefined;
    }
    this.#host.sessionClosed(this);
  }

  // ── requests in ───────────────────────────────────────────────────────────────────────────────

  /** Takes from the protocol what it has, until it needs more bytes or an exchange runs. */
  #advance(): void {
    if (this.#advancing) return;
    this.#advancing = true;
    while (this.#phase === "open" && this.#exchange === undefined && !this.#outlet.congested) {
      let event: ServerEvent | undefined;
      try {
        event = this.#connection.next();
      } catch (error) {
        this.#refuse(error);
        break;
      }
      if (event === undefined || !this.#take(event)) break;
      if (this.#queued >= FLUSH_AT) this.flush();
    }
    this.#advancing = false;
    this.flush();
    if (this.#phase === "open" && this.#exchange === undefined) this.#await();
  }

  /** False when there is nothing to go on with. */
  #take(event: ServerEvent): boolean {
    switch (event.type) {
      case "request":
        this.#begin(event);
        return true;
      case "data":
        this.#drained += event.bytes.length;
        if (this.#drained <= this.#host.settings.drainLimit) return true;
        this.#close();
        return false;
      case "end":
        return this.#nextOrClose();
      case "eof":
      case "switch":
        this.#close();
        return false;
    }
  }

  /** Between requests, or in the middle of a head: sets the deadline that fits. */
  #await(): void {
    const { settings } = this.#host;
    if (this.#outlet.congested) {
      // Who does not read the answers is not read either; how long that may last is the outlet's to watch.
      this.#headTimed = false;
      this.#deadline.clear();
      this.pause();
      return;
    }
    if (this.#connection.insideHead) {
      if (!this.#headTimed) this.#deadline.set(settings.headTimeout, this.#now());
      this.#headTimed = true;
    } else if (this.#requests > 0) {
      this.#headTimed = false;
      this.#deadline.set(settings.idleTimeout, this.#clock);
    }
    this.resume();
  }

  #begin(event: RequestEvent): void {
    const exchange = new Exchange(this, event, this.#now());
    this.#exchange = exchange;
    this.#requests++;
    this.#headTimed = false;
    this.#drained = 0;
    this.#deadline.clear();
    // A message without a body has ended with its head.
    if (event.framing.kind === "none") this.#connection.next();
    if (this.#stopping || this.#requests === this.#host.settings.maxRequests) this.#connection.lastExchange();

    let result: Response | Promise<Response>;
    try {
      result = this.#host.handler(exchange);
    } catch (error) {
      this.#answer(exchange, this.#errorResponse(error, exchange));
      return;
    }
    if (result instanceof Response) this.#answer(exchange, result);
    else this.#settle(exchange, result);
  }

  async #settle(exchange: Exchange, result: Promise<Response>): Promise<void> {
    let response: Response;
    try {
      response = await result;
      if (!(response instanceof Response))
        throw new TypeError("Cannot answer: the handler did not return a Response");
    } catch (error) {
      response = this.#errorResponse(error, exchange);
    }
    this.#now();
    this.#answer(exchange, response);
  }

  async pull(exchange: Exchange): Promise<Uint8Array | undefined> {
    if (exchange !== this.#exchange || this.#phase !== "open") throw new ConnectionLostError(this.#error);
    return this.#intake.pull(exchange);
  }

  // ── answers out ───────────────────────────────────────────────────────────────────────────────

  interim(exchange: Exchange, status: number, fields: Fields | undefined): void {
    if (exchange !== this.#exchange || this.#phase !== "open") return;
    this.#connection.interim(status, fields);
    this.#outlet.write(this.#connection.takeOutput());
  }

  #answer(exchange: Exchange, response: Response): void {
    if (exchange !== this.#exchange || this.#phase !== "open") {
      release(response);
      return;
    }
    if (switches(exchange, response)) {
      release(response);
      this.#answerProblem(notATunnel(exchange.method), exchange);
      return;
    }
    // A stream may be made of what is still to be read; any other answer leaves the rest unread.
    if (!exchange.bodyUsed || response.stream === undefined) this.#keepOrGiveUp();
    try {
      exchange.sentHead = this.#connection.respond({
        status: response.status,
        reason: response.reason,
        fields: response.fields,
        length: response.length,
        date: this.#host.date(),
      });
    } catch (error) {
      release(response);
      this.#answerProblem(serverFault(), exchange);
      this.#host.onError(error, exchange);
      return;
    }
    const { stream } = response;
    if (!this.#connection.takesBody) {
      release(response);
      this.#endAnswer(exchange, response);
    } else if (stream === undefined) {
      this.#sendWhole(exchange, response);
    } else {
      this.#sendStream(exchange, response, stream);
    }
  }

  #sendWhole(exchange: Exchange, response: Response): void {
    try {
      const body = response.wireBody();
      if (body !== undefined) this.#connection.data(body);
      exchange.bodyBytes = body?.length ?? 0;
      this.#queued += exchange.sentHead.length + exchange.bodyBytes;
      this.#endAnswer(exchange, response);
    } catch (error) {
      this.#breakOff(exchange, response, error);
    }
  }

  async #sendStream(exchange: Exchange, response: Response, body: AsyncIterable<Uint8Array>): Promise<void> {
    const pieces = body[Symbol.asyncIterator]();
    const patience = setTimeout(() => this.flush(), HEAD_PATIENCE);
    try {
      for (;;) {
        const piece = await pieces.next();
        clearTimeout(patience);
        if (exchange !== this.#exchange) throw new ConnectionLostError(this.#error);
        if (piece.done === true) break;
        exchange.bodyBytes += piece.value.length;
        this.#connection.data(piece.value);
        await this.#outlet.writeThrough(this.#connection.takeOutput());
      }
      this.#now();
      this.#endAnswer(exchange, response);
    } catch (error) {
      clearTimeout(patience);
      this.#breakOff(exchange, response, error);
      // The source may hold a file open, and need not answer for an error of ours.
      await pieces.return?.().catch(() => undefined);
    }
  }

  /** The head is out and its body cannot be finished: only a broken connection says so. */
  #breakOff(exchange: Exchange, response: Response, error: unknown): void {
    if (!(error instanceof ConnectionLostError)) {
      this.#error = error instanceof Error ? error : new Error(String(error));
      this.#host.onError(error, exchange);
    }
    this.#report(exchange, response, false);
    if (this.#exchange === exchange) this.#exchange = undefined;
    // Where the end of the connection is the end of the body, only a reset tells that there was more.
    if (this.#connection.endsByClosing) this.#transport.reset();
    else this.#transport.destroy();
  }

  #endAnswer(exchange: Exchange, response: Response): void {
    // Only a chunked body has room for trailers; they may always be left out (RFC 9110, 6.5.1).
    this.#connection.end(this.#connection.takesTrailers ? response.trailers?.() : undefined);
    this.#report(exchange, response, true);
    this.#exchange = undefined;
    this.#intake.forget();
    this.#outlet.rest();
    // A body that was not read to its end keeps its place: what is left of it is drained first.
    if (this.#connection.theirs === "body" && this.#connection.keepAlive) {
      this.#drained = 0;
      this.#keepOrGiveUp();
      if (this.#connection.keepAlive) this.#deadline.set(this.#host.settings.bodyTimeout);
      else this.#close();
    } else if (!this.#nextOrClose()) return;
    this.#advance();
  }

  /** An unread rest that is small, or that the client holds back, need not cost the connection; any other does. */
  #keepOrGiveUp(): void {
    if (this.#connection.theirs !== "body") return;
    const rest = this.#connection.bodyRemaining;
    if (rest === undefined || rest > this.#host.settings.drainLimit) this.#connection.lastExchange();
  }

  #nextOrClose(): boolean {
    if (this.#connection.nextExchange() && !this.#stopping) return true;
    this.#close();
    return false;
  }

  // ── what goes wrong ───────────────────────────────────────────────────────────────────────────

  /** The request could not be read: says why, and closes. */
  #refuse(error: unknown): void {
    if (!(error instanceof ProtocolError)) throw error;
    this.#error = error;
    const { ours } = this.#connection;
    if (ours === "idle" || ours === "answer") {
      this.#answerProblem(unreadable(error), undefined);
    } else this.#close();
  }

  #answerProblem(problem: Problem, exchange: Exchange | undefined): void {
    const response = problemResponse(exchange, problem);
    const body = response.wireBody() ?? "";
    this.#connection.lastExchange();
    const sentHead = this.#connection.respond({
      status: response.status,
      fields: response.fields,
      length: response.length,
      date: this.#host.date(),
    });
    const bodyBytes = this.#connection.takesBody ? body.length : 0;
    if (bodyBytes > 0) this.#connection.data(body);
    this.#connection.end();
    if (exchange !== undefined) {
      exchange.sentHead = sentHead;
      exchange.bodyBytes = bodyBytes;
    }
    this.#report(exchange, response, true, { sentHead, bodyBytes });
    this.#exchange = undefined;
    this.#intake.forget();
    this.#close();
  }

  #errorResponse(error: unknown, exchange: Exchange): Response {
    const problem = problemOf(error, this.#connection.theirs === "failed");
    if (problem === undefined) this.#host.onError(error, exchange);
    return problemResponse(exchange, problem ?? serverFault());
  }

  #tooLate(): void {
    if (this.#phase === "lingering") {
      this.#transport.destroy();
      return;
    }
    if (this.#intake.waiting) {
      this.#connection.lastExchange();
      this.#intake.tooLate();
    } else if (this.#exchange === undefined) {
      if (!this.#connection.insideHead) this.#close();
      else
        this.#refuse(
          new ProtocolError("HEAD_TIMEOUT", "Cannot wait longer for the rest of the request's head", 408),
        );
    }
  }

  // ── the end ───────────────────────────────────────────────────────────────────────────────────

  /**
   * Closes so that the client gets to read the last answer: sends FIN, and goes on reading until the
   * client has closed too. Bytes that met a closed socket would be answered by a reset, which throws
   * away what the client has not read yet (RFC 9112, 9.6).
   */
  #close(): void {
    if (this.#phase !== "open") return;
    this.#phase = "lingering";
    this.flush();
    this.#transport.end(() => this.#linger());
    // What the client still has to read may take any time, as long as it moves.
    if (this.#outlet.congested) this.#deadline.clear();
    else this.#linger();
    this.resume();
  }

  #linger(): void {
    if (this.#phase !== "lingering") return;
    this.#outlet.drained();
    const { lingerTimeout } = this.#host.settings;
    this.#deadline.set(lingerTimeout > 0 ? lingerTimeout : 1);
  }

  /** Hands on what the protocol has written so far. */
  flush(): void {
    this.#queued = 0;
    this.#outlet.write(this.#connection.takeOutput());
  }

  #now(): number {
    this.#clock = performance.now();
    return this.#clock;
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#transport.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#transport.resume();
  }

  #report(
    exchange: Exchange | undefined,
    response: Response | undefined,
    complete: boolean,
    sent: Pick<ExchangeRecord, "sentHead" | "bodyBytes"> = exchange ?? NOTHING_SENT,
  ): void {
    const { onExchange } = this.#host;
    if (onExchange === undefined) return;
    onExchange({
      request: exchange,
      response,
      sentHead: sent.sentHead,
      bodyBytes: sent.bodyBytes,
      complete,
      duration: exchange === undefined ? 0 : performance.now() - exchange.startedAt,
      remote: this.#transport.remote,
    });
  }
}

const NOTHING_SENT = { sentHead: "", bodyBytes: 0 };

/** Whether HTTP would end on the connection with this answer. */
function switches({ method }: Exchange, { status }: Response): boolean {
  return status === 101 || (method === "CONNECT" && status >= 200 && status < 300);
}

/** Tells a body that is not sent that nobody will ask for it. */
function release(response: Response): void {
  response.stream?.[Symbol.asyncIterator]()
    .return?.()
    .catch(() => undefined);
}
