// One connection of a client: carries bytes between its transport and the protocol, and one exchange after
// the other. It does not know why a request is made, nor what follows from its answer.

import type { Connected } from "../net/connect.ts";
import { Deadline } from "../net/deadline.ts";
import { Outlet } from "../net/outlet.ts";
import type { Endpoint, Receiver, Transport } from "../net/transport.ts";
import { ClientConnection } from "../protocol/client-connection.ts";
import { ProtocolError } from "../protocol/errors.ts";
import { Fields } from "../protocol/fields.ts";
import type { RequestHead } from "../protocol/head-writer.ts";
import type { Limits } from "../protocol/limits.ts";
import type { ResponseEvent } from "../protocol/message-reader.ts";
import { brokenOff, noAnswer, stalledAnswer, stalledUpload, unreadable } from "./answer-errors.ts";
import { ClientError } from "./errors.ts";
import { announcedLength, Intake, type Source } from "./intake.ts";
import { keepAliveOf } from "./keep-alive.ts";
import type { Timeouts } from "./options.ts";
import { Upload } from "./upload.ts";

/** An exchange, as far as the connection that carries it is concerned. */
export interface Carried {
  readonly head: RequestHead;
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  readonly trailers: (() => Fields | undefined) | undefined;
  readonly expectsContinue: boolean;
  readonly timeouts: Timeouts;
  /** For messages: "GET http://host/path". */
  readonly title: string;
  /** Set once a part of the body was sent, or asked for. */
  bodyBegun: boolean;
  sending(head: string): void;
  interim(event: ResponseEvent): void;
  answered(event: ResponseEvent, intake: Intake): void;
  /** No answer came. `unheard`: the connection had been used before and broke before a byte of an answer came. */
  failed(error: ClientError, unheard: boolean): void;
  /** The answer is over: its body has come whole, or was given up, or broke off. May come before `answered`. */
  over(): void;
}

/** What a session needs of its pool. */
export interface SessionHost {
  readonly limits: Limits;
  /** The connection can carry another exchange. */
  sessionIdle(session: Session): void;
  /** The connection is of no use any more. Told once. */
  sessionGone(session: Session): void;
}

/** Milliseconds to wait for a 100 before the body is sent all the same: servers that know no 100 send none (RFC 9110, 10.1.1). */
const CONTINUE_WAIT = 1000;
/** An unread rest up to this size costs less than a new connection. */
const DRAIN_LIMIT = 65_536;
/** Milliseconds for that rest to come. */
const DRAIN_TIMEOUT = 1000;

export class Session implements Receiver, Source {
  readonly timing: Connected["timing"];
  readonly #host: SessionHost;
  readonly #connected: Connected;
  readonly #transport: Transport;
  readonly #connection: ClientConnection;
  readonly #deadline: Deadline;
  #outlet: Outlet;
  #outletTimeout: number;
  #exchanges = 0;
  #carried: Carried | undefined;
  /** Of the answer whose body is under way. */
  #intake: Intake | undefined;
  #upload: Upload | undefined;
  /** While the body waits for a 100. */
  #held: NodeJS.Timeout | undefined;
  /** Whether a byte of the answer has come. */
  #heard = false;
  #paused = false;
  /** Bytes of an unwanted body that may still be read away; undefined when nothing is. */
  #draining: number | undefined;
  #gone = false;
  /** Whether the process may end in spite of this connection. */
  #resting = false;
  /** By performance.now(): until when an idle connection is kept. */
  keptUntil = 0;
  /** What the server's Keep-Alive field of the last answer promised, in milliseconds. */
  promised: number | undefined;

  constructor(connected: Connected, host: SessionHost) {
    this.timing = connected.timing;
    this.#connected = connected;
    this.#host = host;
    this.#transport = connected.transport;
    this.#connection = new ClientConnection(host.limits);
    this.#deadline = new Deadline(() => this.#expired());
    this.#outletTimeout = 0;
    this.#outlet = new Outlet(this.#transport, 0);
    this.#transport.attach(this);
  }

  get remote(): Endpoint {
    return this.#transport.remote;
  }

  get local(): Endpoint {
    return this.#transport.local;
  }

  get certificate(): Connected["certificate"] {
    return this.#connected.certificate;
  }

  /** Whether an exchange before the one that runs has used this connection. */
  get reused(): boolean {
    return this.#exchanges > 1;
  }

  /** Nobody has used it for a while: it keeps neither the process running nor a timer. */
  rest(): void {
    if (this.#resting) return;
    this.#resting = true;
    this.#deadline.stop();
    this.#connected.unref();
  }

  // ── requests out ──────────────────────────────────────────────────────────────────────────────

  carry(carried: Carried): void {
    const { body, timeouts } = carried;
    this.#carried = carried;
    this.#heard = false;
    this.#exchanges++;
    if (this.#resting) {
      this.#resting = false;
      this.#connected.ref();
    }
    if (timeouts.idleTimeout !== this.#outletTimeout) {
      this.#outletTimeout = timeouts.idleTimeout;
      this.#outlet = new Outlet(this.#transport, timeouts.idleTimeout);
    }
    const atOnce = body === undefined || (body instanceof Uint8Array && !carried.expectsContinue);
    let out: (string | Uint8Array)[];
    try {
      this.#connection.request(carried.head);
      if (atOnce) this.#whole(carried, body);
      out = this.#connection.takeOutput();
    } catch (error) {
      this.#fail(new ClientError("REQUEST_INVALID", (error as Error).message, { cause: error }));
      return;
    }
    carried.sending(out[0] as string);
    if (this.#carried !== carried) return;
    this.#outlet.write(out);
    if (atOnce) this.#awaitAnswer(timeouts);
    else if (carried.expectsContinue) this.#held = setTimeout(() => this.#sendBody(), CONTINUE_WAIT);
    else this.#sendBody();
  }

  #whole(carried: Carried, body: Uint8Array | undefined): void {
    if (body !== undefined) {
      carried.bodyBegun = true;
      this.#connection.data(body);
    }
    this.#connection.end(carried.trailers?.());
  }

  /** Of a body that comes in pieces, or that waited for a 100. */
  #sendBody(): void {
    clearTimeout(this.#held);
    this.#held = undefined;
    const carried = this.#carried as Carried;
    const body = carried.body as Uint8Array | AsyncIterable<Uint8Array>;
    if (body instanceof Uint8Array) {
      this.#whole(carried, body);
      this.#outlet.write(this.#connection.takeOutput());
      this.#awaitAnswer(carried.timeouts);
    } else {
      carried.bodyBegun = true;
      this.#deadline.clear();
      this.#stream(carried, body);
    }
  }

  /** A request that the other side takes slowly is not out yet; `drained` tells when it is. */
  #awaitAnswer({ firstByteTimeout }: Timeouts): void {
    if (!this.#outlet.congested) this.#deadline.set(firstByteTimeout);
  }

  async #stream(carried: Carried, body: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      const upload = new Upload(this.#connection, this.#outlet, body);
      this.#upload = upload;
      if (!(await upload.run(carried.trailers))) return;
      this.#upload = undefined;
      if (this.#intake === undefined) this.#deadline.set(carried.timeouts.firstByteTimeout);
    } catch (error) {
      this.#upload = undefined;
      if (this.#carried !== carried) return;
      const why = error instanceof Error ? error.message : String(error);
      this.#fail(
        new ClientError("BODY_SOURCE", `Cannot send the body of ${carried.title} to its end: ${why}`, {
          cause: error,
        }),
      );
    }
  }

  /** The answer is there, or settled: the rest of the request interests nobody. The connection cannot go on after that. */
  #stopSending(): void {
    clearTimeout(this.#held);
    this.#held = undefined;
    this.#connection.abandonRequest();
    const upload = this.#upload;
    if (upload === undefined) return;
    this.#upload = undefined;
    upload.stop();
    this.#outlet.broken(new Error("Cannot send on: the server has answered"));
  }

  // ── from the transport ────────────────────────────────────────────────────────────────────────

  received(bytes: Uint8Array): void {
    if (this.#gone) return;
    // Bytes that nobody asked for: never to be taken for an answer.
    if (this.#carried === undefined && this.#draining === undefined) {
      this.#leave();
      return;
    }
    this.#heard = true;
    this.#connection.receive(bytes);
    this.#advance();
  }

  ended(): void {
    if (this.#gone) return;
    if (this.#carried === undefined && this.#draining === undefined) {
      this.#leave();
      return;
    }
    this.#connection.receiveEof();
    this.#advance();
  }

  drained(): void {
    this.#outlet.drained();
    const carried = this.#carried;
    if (carried !== undefined && this.#intake === undefined && this.#connection.ours === "done")
      this.#awaitAnswer(carried.timeouts);
  }

  stalled(): void {
    if (this.#outlet.waiting && this.#carried !== undefined) this.#fail(stalledUpload(this.#carried));
  }

  closed(error: Error | undefined): void {
    if (this.#gone) return;
    if (this.#carried === undefined) this.#leave();
    else this.#fail(brokenOff(this.#carried, error, this.#intake));
  }

  // ── answers in ────────────────────────────────────────────────────────────────────────────────

  /** Takes from the protocol what it has, as far as there is room for it. */
  #advance(): void {
    let answer: ResponseEvent | undefined;
    let ended: Fields | undefined;
    try {
      while (ended === undefined && !(this.#intake?.full ?? false)) {
        const event = this.#connection.next();
        if (event === undefined) break;
        switch (event.type) {
          case "interim":
            if (!this.#interim(event)) return;
            break;
          case "response":
            answer = event;
            this.#begin(event);
            break;
          case "data":
            if (!this.#data(event.bytes)) return;
            break;
          case "end":
            ended = event.trailers;
            break;
          case "switch":
          case "eof":
            // What follows a 101 is another protocol, which is not spoken here.
            ended = NO_TRAILERS;
            break;
        }
      }
    } catch (error) {
      this.#unreadable(error, answer);
      return;
    }
    if (answer !== undefined || ended !== undefined) this.#deliver(answer, ended);
    else if (this.#intake === undefined) return;
    this.#balance();
  }

  #deliver(answer: ResponseEvent | undefined, ended: Fields | undefined): void {
    const carried = this.#carried;
    const intake = this.#intake;
    if (ended !== undefined) this.#finish(ended);
    if (answer !== undefined) carried?.answered(answer, intake as Intake);
  }

  #begin(answer: ResponseEvent): void {
    this.#intake = new Intake(this, announcedLength(answer.framing));
    this.promised = keepAliveOf(answer.fields);
    this.#deadline.clear();
    // 2xx while the body is still being sent may be an answer to what has come so far; others refuse the rest.
    if (answer.status >= 300 || this.#held !== undefined) this.#stopSending();
  }

  #interim(event: ResponseEvent): boolean {
    const carried = this.#carried as Carried;
    if (this.#held === undefined && this.#upload === undefined)
      this.#deadline.set(carried.timeouts.firstByteTimeout);
    carried.interim(event);
    if (this.#carried !== carried) return false;
    if (event.status === 100 && this.#held !== undefined) this.#sendBody();
    return true;
  }

  /** False when an unwanted body turns out to be too long. */
  #data(bytes: Uint8Array): boolean {
    if (this.#draining === undefined) {
      (this.#intake as Intake).push(bytes);
      return true;
    }
    this.#draining -= bytes.length;
    if (this.#draining >= 0) return true;
    this.#leave();
    return false;
  }

  /** Lets bytes come while somebody waits for them, and holds them back while what has come lies unread. */
  #balance(): void {
    const intake = this.#intake;
    if (intake === undefined || this.#gone) return;
    if (intake.waiting || this.#draining !== undefined) {
      if (this.#draining === undefined) this.#deadline.set(this.#carried?.timeouts.idleTimeout ?? 0);
      this.#resume();
      return;
    }
    this.#deadline.clear();
    if (intake.ahead) this.#pause();
  }

  wanted(intake: Intake): void {
    // What is due next may need no more bytes, so the protocol is asked before the transport.
    if (intake === this.#intake) this.#advance();
  }

  dropped(intake: Intake): void {
    if (intake !== this.#intake) return;
    const carried = this.#carried;
    this.#carried = undefined;
    const rest = intake.length === undefined ? 0 : intake.length - intake.received;
    if (this.#connection.ours !== "done" || !this.#connection.keepAlive || rest > DRAIN_LIMIT) {
      this.#leave();
    } else {
      this.#draining = DRAIN_LIMIT;
      this.#deadline.set(DRAIN_TIMEOUT);
      this.#advance();
    }
    carried?.over();
  }

  /** The whole answer has come. */
  #finish(trailers: Fields): void {
    const carried = this.#carried;
    const intake = this.#intake;
    this.#carried = undefined;
    this.#intake = undefined;
    this.#draining = undefined;
    this.#deadline.clear();
    if (this.#connection.ours === "body") this.#stopSending();
    intake?.end(trailers);
    carried?.over();
    // Bytes of the request that still wait to be sent would hold up the next one.
    if (this.#gone || this.#outlet.congested || !this.#connection.nextExchange()) {
      this.#leave();
      return;
    }
    this.#outlet.rest();
    this.#resume();
    this.#host.sessionIdle(this);
  }

  // ── what goes wrong ───────────────────────────────────────────────────────────────────────────

  #unreadable(error: unknown, answer: ResponseEvent | undefined): void {
    if (!(error instanceof ProtocolError)) throw error;
    const carried = this.#carried;
    // The head came in the same piece as the fault in its body: the caller sees both.
    if (answer !== undefined) carried?.answered(answer, this.#intake as Intake);
    if (this.#gone) return;
    if (this.#carried === undefined) this.#leave();
    else this.#fail(unreadable(this.#carried, error, this.#intake));
  }

  #expired(): void {
    const carried = this.#carried;
    if (carried === undefined) this.#leave();
    else this.#fail(this.#intake === undefined ? noAnswer(carried) : stalledAnswer(carried, this.#intake));
  }

  /** Gives up on the exchange, for a reason of the caller's. */
  abort(carried: Carried, error: ClientError): void {
    if (this.#carried === carried) this.#fail(error);
  }

  #fail(error: ClientError): void {
    const carried = this.#carried as Carried;
    const intake = this.#intake;
    const unheard =
      this.reused &&
      !this.#heard &&
      (error.code === "CONNECTION_CLOSED" || error.code === "CONNECTION_RESET");
    this.#carried = undefined;
    this.#leave();
    if (intake === undefined) {
      carried.failed(error, unheard);
      return;
    }
    intake.fail(error);
    carried.over();
  }

  /** Breaks the connection. */
  destroy(): void {
    if (this.#carried === undefined) this.#leave();
    else
      this.#fail(
        new ClientError("CLIENT_CLOSED", `Cannot go on with ${this.#carried.title}: the client was closed`),
      );
  }

  #leave(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#intake = undefined;
    this.#deadline.stop();
    this.#stopSending();
    this.#transport.destroy();
    this.#host.sessionGone(this);
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#transport.pause();
  }

  #resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#transport.resume();
  }
}

const NO_TRAILERS = new Fields();
