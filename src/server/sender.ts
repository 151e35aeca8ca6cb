// Answers on their way out: whole ones in one write, streams piece by piece as fast as the client takes them.

import { type Problem, problemResponse } from "../message/problem.ts";
import type { Response } from "../message/response.ts";
import type { Outlet } from "../net/outlet.ts";
import type { Transport } from "../net/transport.ts";
import type { ServerConnection } from "../protocol/server-connection.ts";
import { ConnectionLostError } from "./errors.ts";
import type { Exchange } from "./exchange.ts";
import { notATunnel, serverFault } from "./faults.ts";
import type { ExchangeRecord } from "./options.ts";
import type { SessionHost } from "./session-host.ts";

/** What a sender tells its session, and asks of it. */
export interface SenderSession {
  readonly transport: Transport;
  readonly connection: ServerConnection;
  readonly outlet: Outlet;
  readonly host: SessionHost;
  /** Whether an answer to this exchange is still wanted. */
  isRunning(exchange: Exchange): boolean;
  /** Hands on what the protocol has written. */
  flush(): void;
  /** The answer is out, to its end. */
  answered(): void;
  /** The answer is out, and it is the connection's last. */
  answeredForGood(): void;
  /** The answer broke off. `error`: why, undefined when the client is gone. */
  brokeOff(exchange: Exchange, error: unknown): void;
}

/** Milliseconds for which a head waits for the first piece of its body, to go out with it. */
const HEAD_PATIENCE = 10;

const NOTHING_SENT = { sentHead: "", bodyBytes: 0 };

export class Sender {
  readonly #session: SenderSession;
  /** Bytes of whole answers since the last flush. */
  queued = 0;

  constructor(session: SenderSession) {
    this.#session = session;
  }

  send(exchange: Exchange, response: Response): void {
    const { connection, host } = this.#session;
    if (!this.#session.isRunning(exchange)) {
      release(response);
      return;
    }
    if (switches(exchange, response)) {
      release(response);
      this.sendProblem(notATunnel(exchange.method), exchange);
      return;
    }
    // A stream may be made of what is still to be read; any other answer leaves the rest unread.
    if (!exchange.bodyUsed || response.stream === undefined) this.keepOrGiveUp();
    try {
      exchange.sentHead = connection.respond({
        status: response.status,
        reason: response.reason,
        fields: response.fields,
        length: response.length,
        date: host.date(),
      });
    } catch (error) {
      release(response);
      this.sendProblem(serverFault(), exchange);
      host.onError(error, exchange);
      return;
    }
    const { stream } = response;
    if (!connection.takesBody) {
      release(response);
      this.#end(exchange, response);
    } else if (stream === undefined) {
      this.#sendWhole(exchange, response);
    } else {
      this.#sendStream(exchange, response, stream);
    }
  }

  /** Answers with a problem document, and makes it the connection's last answer. */
  sendProblem(problem: Problem, exchange: Exchange | undefined): void {
    const { connection, host } = this.#session;
    const response = problemResponse(exchange, problem);
    const body = response.wireBody() ?? "";
    connection.lastExchange();
    const sentHead = connection.respond({
      status: response.status,
      fields: response.fields,
      length: response.length,
      date: host.date(),
    });
    const bodyBytes = connection.takesBody ? body.length : 0;
    if (bodyBytes > 0) connection.data(body);
    connection.end();
    if (exchange !== undefined) {
      exchange.sentHead = sentHead;
      exchange.bodyBytes = bodyBytes;
    }
    this.report(exchange, response, true, { sentHead, bodyBytes });
    this.#session.answeredForGood();
  }

  /** An unread rest that is small need not cost the connection; any other does. */
  keepOrGiveUp(): void {
    const { connection, host } = this.#session;
    if (connection.theirs !== "body") return;
    const rest = connection.bodyRemaining;
    if (rest === undefined || rest > host.settings.drainLimit) connection.lastExchange();
  }

  #sendWhole(exchange: Exchange, response: Response): void {
    try {
      const body = response.wireBody();
      if (body !== undefined) this.#session.connection.data(body);
      exchange.bodyBytes = body?.length ?? 0;
      this.queued += exchange.sentHead.length + exchange.bodyBytes;
      this.#end(exchange, response);
    } catch (error) {
      this.#breakOff(exchange, response, error);
    }
  }

  async #sendStream(exchange: Exchange, response: Response, body: AsyncIterable<Uint8Array>): Promise<void> {
    const { connection, outlet } = this.#session;
    const pieces = body[Symbol.asyncIterator]();
    const patience = setTimeout(() => this.#session.flush(), HEAD_PATIENCE);
    try {
      for (;;) {
        const piece = await pieces.next();
        clearTimeout(patience);
        if (!this.#session.isRunning(exchange)) throw new ConnectionLostError(undefined);
        if (piece.done === true) break;
        exchange.bodyBytes += piece.value.length;
        connection.data(piece.value);
        await outlet.writeThrough(connection.takeOutput());
      }
      this.#end(exchange, response);
    } catch (error) {
      clearTimeout(patience);
      this.#breakOff(exchange, response, error);
      // The source may hold a file open, and need not answer for an error of ours.
      await pieces.return?.().catch(() => undefined);
    }
  }

  #end(exchange: Exchange, response: Response): void {
    const { connection, outlet } = this.#session;
    // Only a chunked body has room for trailers; they may always be left out (RFC 9110, 6.5.1).
    connection.end(connection.takesTrailers ? response.trailers?.() : undefined);
    this.report(exchange, response, true);
    outlet.rest();
    this.#session.answered();
  }

  /** The head is out and its body cannot be finished: only a broken connection says so. */
  #breakOff(exchange: Exchange, response: Response, error: unknown): void {
    const { connection, transport, host } = this.#session;
    const gone = error instanceof ConnectionLostError;
    if (!gone) host.onError(error, exchange);
    this.report(exchange, response, false);
    this.#session.brokeOff(exchange, gone ? undefined : error);
    // Where the end of the connection is the end of the body, only a reset tells that there was more.
    if (connection.endsByClosing) transport.reset();
    else transport.destroy();
  }

  /** Tells who keeps the log that an exchange is over. `exchange` is undefined when the request could not be read. */
  report(
    exchange: Exchange | undefined,
    response: Response | undefined,
    complete: boolean,
    sent: Pick<ExchangeRecord, "sentHead" | "bodyBytes"> = exchange ?? NOTHING_SENT,
  ): void {
    const { host, transport } = this.#session;
    host.onExchange?.({
      request: exchange,
      response,
      sentHead: sent.sentHead,
      bodyBytes: sent.bodyBytes,
      complete,
      duration: exchange === undefined ? 0 : performance.now() - exchange.startedAt,
      remote: transport.remote,
    });
  }
}

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
