// One connection of a server: carries bytes between its transport and the protocol, and requests between
// the protocol and the handler. One exchange runs at a time; pipelined requests wait their turn, unread.
// A handler that answers at once, from memory, is served without a promise: bytes in, one write out.

import { type Problem, problemResponse } from "../message/problem.ts";
import type { Peer } from "../message/request.ts";
import { Response } from "../message/response.ts";
import { Deadline } from "../net/deadline.ts";
import { Outlet } from "../net/outlet.ts";
import type { Receiver, Transport } from "../net/transport.ts";
import { ProtocolError } from "../protocol/errors.ts";
import type { Fields } from "../protocol/fields.ts";
import type { RequestEvent } from "../protocol/message-reader.ts";
import { ServerConnection, type ServerEvent } from "../protocol/server-connection.ts";
import { ConnectionLostError } from "./errors.ts";
import { Exchange, type Wire } from "./exchange.ts";
import { problemOf, serverFault, unreadable } from "./faults.ts";
import { type Flow, Intake } from "./intake.ts";
import { Sender, type SenderSession } from "./sender.ts";
import type { SessionHost } from "./session-host.ts";

/** Bytes of pipelined answers that are written together; with more, what a client asks for at once would all be in memory. */
const FLUSH_AT = 65_536;

/** Milliseconds that an idle connection gets to close its side when the server stops. */
const IDLE_LINGER = 500;

/**
 *   open ──last answer out, or nothing more to come──▶ lingering ──both sides done, or too late──▶ closed
 */
type Phase = "open" | "lingering" | "closed";

export class Session implements Receiver, Wire, Flow, SenderSession {
  readonly host: SessionHost;
  readonly transport: Transport;
  readonly connection: ServerConnection;
  readonly outlet: Outlet;
  readonly #closed: (session: Session) => void;
  readonly #sender: Sender;
  readonly #deadline: Deadline;
  readonly #intake: Intake;
  #phase: Phase = "open";
  #exchange: Exchange | undefined;
  #paused = false;
  /** Whether the deadline that runs is that of a head. */
  #headTimed = true;
  /** Bytes of an unread body thrown away so far. */
  #drained = 0;
  #requests = 0;
  /** performance.now() of the last event that moved a deadline: asked for once in an exchange that ends at once. */
  #clock = 0;
  #stopping = false;
  #advancing = false;
  /** Whether the connection was idle when it was closed: then its last answer has long been read. */
  #hurry = false;
  #error: Error | undefined;

  /** `closed` is told when the connection is gone. */
  constructor(transport: Transport, host: SessionHost, closed: (session: Session) => void) {
    this.#closed = closed;
    this.host = host;
    this.transport = transport;
    this.connection = new ServerConnection(host.settings);
    this.outlet = new Outlet(transport, host.settings.bodyTimeout);
    this.#sender = new Sender(this);
    this.#deadline = new Deadline(() => this.#tooLate());
    this.#intake = new Intake(this.connection, this.#deadline, host.settings.bodyTimeout, this);
    this.#deadline.set(host.settings.headTimeout);
    transport.attach(this);
  }

  get remote(): Peer {
    return this.transport.remote;
  }

  get local(): Peer {
    return this.transport.local;
  }

  get stopping(): AbortSignal {
    return this.host.stopping;
  }

  /** Whether no request is being read or answered. */
  get idle(): boolean {
    return this.#exchange === undefined && !this.connection.insideHead && this.connection.theirs !== "body";
  }

  /** Ends the connection in good order: at once when it is idle, else after the answer that is due. */
  stop(): void {
    this.#stopping = true;
    if (this.#phase !== "open") return;
    if (this.#exchange !== undefined) this.connection.lastExchange();
    else if (this.idle) {
      this.#hurry = true;
      this.#close();
    }
  }

  /** Breaks the connection. */
  destroy(): void {
    this.transport.destroy();
  }

  /** Answers without looking at the request, and closes: for a server that is full. */
  turnAway(problem: Problem): void {
    this.#sender.sendProblem(problem, undefined);
  }

  // ── from the transport ────────────────────────────────────────────────────────────────────────

  received(bytes: Uint8Array): void {
    if (this.#phase !== "open") return;
    this.connection.receive(bytes);
    if (this.#exchange === undefined) this.#advance();
    else this.#intake.feed();
  }

  ended(): void {
    if (this.#phase !== "open") return;
    this.connection.receiveEof();
    if (this.#exchange === undefined) this.#advance();
    else if (this.#intake.waiting) this.#intake.feed();
  }

  drained(): void {
    this.outlet.drained();
    if (this.#phase === "open" && this.#exchange === undefined) this.#advance();
  }

  stalled(): void {
    if (this.outlet.waiting) this.transport.destroy();
  }

  closed(error: Error | undefined): void {
    this.#phase = "closed";
    this.#deadline.stop();
    const lost = new ConnectionLostError(this.#error ?? error);
    this.#intake.fail(lost);
    this.outlet.broken(lost);
    const exchange = this.#exchange;
    if (exchange !== undefined) {
      exchange.lost(lost);
      // An answer that is on its way finds out by itself, and reports.
      if (exchange.sentHead === "") this.#sender.report(exchange, undefined, false);
      this.#exchange = undefined;
    }
    this.#closed(this);
  }

  // ── requests in ───────────────────────────────────────────────────────────────────────────────

  /** Takes from the protocol what it has, until it needs more bytes or an exchange runs. */
  #advance(): void {
    if (this.#advancing) return;
    this.#advancing = true;
    while (this.#phase === "open" && this.#exchange === undefined && !this.outlet.congested) {
      let event: ServerEvent | undefined;
      try {
        event = this.connection.next();
      } catch (error) {
        this.#refuse(error);
        break;
      }
      if (event === undefined || !this.#take(event)) break;
      if (this.#sender.queued >= FLUSH_AT) this.flush();
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
        if (this.#drained <= this.host.settings.drainLimit) return true;
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
    const { settings } = this.host;
    if (this.outlet.congested) {
      // Who does not read the answers is not read either; how long that may last is the outlet's to watch.
      this.#headTimed = false;
      this.#deadline.clear();
      this.pause();
      return;
    }
    if (this.connection.insideHead) {
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
    if (event.framing.kind === "none") this.connection.next();
    if (this.#stopping || this.#requests === this.host.settings.maxRequests) this.connection.lastExchange();

    let result: Response | Promise<Response>;
    try {
      result = this.host.handler(exchange);
    } catch (error) {
      this.#sender.send(exchange, this.#errorResponse(error, exchange));
      return;
    }
    if (result instanceof Response) this.#sender.send(exchange, result);
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
    this.#sender.send(exchange, response);
  }

  async pull(exchange: Exchange): Promise<Uint8Array | undefined> {
    if (exchange !== this.#exchange || this.#phase !== "open") throw new ConnectionLostError(this.#error);
    return this.#intake.pull(exchange);
  }

  // ── answers out ───────────────────────────────────────────────────────────────────────────────

  interim(exchange: Exchange, status: number, fields: Fields | undefined): void {
    if (exchange !== this.#exchange || this.#phase !== "open") return;
    this.connection.interim(status, fields);
    this.outlet.write(this.connection.takeOutput());
  }

  isRunning(exchange: Exchange): boolean {
    return exchange === this.#exchange && this.#phase === "open";
  }

  answered(): void {
    this.#exchange = undefined;
    this.#intake.forget();
    // One that took its time is not idle since its request came.
    if (!this.#advancing) this.#now();
    // A body that was not read to its end keeps its place: what is left of it is drained first.
    if (this.connection.theirs === "body" && this.connection.keepAlive) {
      this.#drained = 0;
      this.#sender.keepOrGiveUp();
      if (this.connection.keepAlive) this.#deadline.set(this.host.settings.bodyTimeout);
      else this.#close();
    } else if (!this.#nextOrClose()) return;
    this.#advance();
  }

  answeredForGood(): void {
    this.#exchange = undefined;
    this.#intake.forget();
    this.#close();
  }

  brokeOff(exchange: Exchange, error: unknown): void {
    if (error !== undefined) this.#error = error instanceof Error ? error : new Error(String(error));
    if (this.#exchange === exchange) this.#exchange = undefined;
  }

  #nextOrClose(): boolean {
    if (this.connection.nextExchange() && !this.#stopping) return true;
    this.#close();
    return false;
  }

  // ── what goes wrong ───────────────────────────────────────────────────────────────────────────

  /** The request could not be read: says why, and closes. */
  #refuse(error: unknown): void {
    if (!(error instanceof ProtocolError)) throw error;
    this.#error = error;
    const { ours } = this.connection;
    if (ours === "idle" || ours === "answer") {
      this.#sender.sendProblem(unreadable(error), undefined);
    } else this.#close();
  }

  #errorResponse(error: unknown, exchange: Exchange): Response {
    const problem = problemOf(error, this.connection.theirs === "failed");
    if (problem === undefined) this.host.onError(error, exchange);
    return problemResponse(exchange, problem ?? serverFault());
  }

  #tooLate(): void {
    if (this.#phase === "lingering") {
      this.transport.destroy();
      return;
    }
    if (this.#intake.waiting) {
      this.connection.lastExchange();
      this.#intake.tooLate();
    } else if (this.#exchange === undefined) {
      if (!this.connection.insideHead) this.#close();
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
    this.transport.end(() => this.#linger());
    // What the client still has to read may take any time, as long as it moves.
    if (this.outlet.congested) this.#deadline.clear();
    else this.#linger();
    this.resume();
  }

  #linger(): void {
    if (this.#phase !== "lingering") return;
    this.outlet.drained();
    const { lingerTimeout } = this.host.settings;
    const patience = this.#hurry ? Math.min(lingerTimeout, IDLE_LINGER) : lingerTimeout;
    this.#deadline.set(Math.max(patience, 1));
  }

  /** Hands on what the protocol has written so far. */
  flush(): void {
    this.#sender.queued = 0;
    this.outlet.write(this.connection.takeOutput());
  }

  #now(): number {
    this.#clock = performance.now();
    return this.#clock;
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.transport.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.transport.resume();
  }
}
