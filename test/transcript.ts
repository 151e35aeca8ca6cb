// What a connection makes of some bytes, as a list of short lines that a table of cases can hold.
// Data is joined, because where it is cut depends on how the bytes came. Sends nothing anywhere.

import { ClientConnection, type ClientEvent } from "../src/protocol/client-connection.ts";
import { ProtocolError } from "../src/protocol/errors.ts";
import { Fields } from "../src/protocol/fields.ts";
import type { RequestHead } from "../src/protocol/head-writer.ts";
import { DEFAULT_LIMITS, type Limits } from "../src/protocol/limits.ts";
import { ServerConnection, type ServerEvent } from "../src/protocol/server-connection.ts";

export interface Reading {
  /** The peer closes its side behind the bytes. */
  readonly eof?: boolean | undefined;
  readonly limits?: Limits | undefined;
  /** Whether the lines of heads show the fields, too. */
  readonly fields?: boolean | undefined;
}

export interface Feeding {
  readonly name: string;
  readonly pieces: readonly Uint8Array[];
}

/** A text as bytes, a byte for each character. */
export function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

/** Bytes as a text, a character for each byte. */
export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

/** The ways in which every case comes in: whole, byte by byte, and in pieces that fit nothing. */
export function feedings(input: string): Feeding[] {
  return [
    { name: "whole", pieces: [bytesOf(input)] },
    { name: "byte by byte", pieces: cut(input, 1) },
    { name: "in 7-byte pieces", pieces: cut(input, 7) },
  ];
}

function cut(input: string, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < input.length; at += size) pieces.push(bytesOf(input.slice(at, at + size)));
  return pieces;
}

class Transcript {
  readonly lines: string[] = [];
  readonly #showFields: boolean;
  #data = "";
  #failed = false;

  constructor(reading: Reading) {
    this.#showFields = reading.fields ?? false;
  }

  get failed(): boolean {
    return this.#failed;
  }

  add(event: ServerEvent | ClientEvent): void {
    if (event.type === "data") {
      this.#data += textOf(event.bytes);
      return;
    }
    this.line(this.#describe(event));
  }

  line(text: string): void {
    this.flush();
    this.lines.push(text);
  }

  flush(): void {
    if (this.#data !== "") this.lines.push(JSON.stringify(this.#data));
    this.#data = "";
  }

  /** Runs a step; a ProtocolError becomes the last line, anything else goes on to the caller. */
  attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.line(`! ${error.code} ${error.status}`);
      this.#failed = true;
      return undefined;
    }
  }

  #describe(event: Exclude<ServerEvent | ClientEvent, { type: "data" }>): string {
    switch (event.type) {
      case "request": {
        const { method, rawTarget, version, framing, keepAlive, expectsContinue } = event;
        return words(
          method,
          rawTarget,
          version === "1.0" && "1.0",
          framing.kind === "length" ? `length=${framing.length}` : framing.kind !== "none" && framing.kind,
          !keepAlive && "close",
          expectsContinue && "continue",
          this.#fields(event.fields),
        );
      }
      case "response":
      case "interim": {
        const { type, status, reason, version, framing, keepAlive } = event;
        return words(
          type === "interim" && "interim",
          String(status),
          reason,
          version === "1.0" && "1.0",
          framing.kind === "length" ? `length=${framing.length}` : framing.kind !== "none" && framing.kind,
          !keepAlive && framing.kind !== "close" && "close",
          this.#fields(event.fields),
        );
      }
      case "end":
        return words("end", event.trailers.size > 0 && showFields(event.trailers));
      case "eof":
      case "switch":
        return event.type;
    }
  }

  #fields(fields: Fields): string | false {
    return this.#showFields && showFields(fields);
  }
}

function words(...parts: readonly (string | false)[]): string {
  return parts.filter((part) => part !== false && part !== "").join(" ");
}

function showFields(fields: Fields): string {
  return `{${[...fields].map(([name, value]) => `${name}: ${value}`).join("; ")}}`;
}

/** Reads requests, and answers each with an empty 200 as soon as it has ended (CONNECT with 501). */
export function readRequests(pieces: readonly Uint8Array[], reading: Reading = {}): string[] {
  const connection = new ServerConnection(reading.limits ?? DEFAULT_LIMITS);
  const transcript = new Transcript(reading);
  let method = "";
  const drain = (): void => {
    while (!transcript.failed) {
      const event = transcript.attempt(() => connection.next());
      if (event === undefined) return;
      transcript.add(event);
      if (event.type === "eof") return;
      if (event.type === "request") method = event.method;
      if (event.type !== "end") continue;
      connection.respond({ status: method === "CONNECT" ? 501 : 200, fields: new Fields(), length: 0 });
      connection.end();
      connection.nextExchange();
    }
  };
  feed(connection, pieces, reading, drain);
  transcript.flush();
  return transcript.lines;
}

const GET: RequestHead = { method: "GET", target: "/", fields: new Fields({ Host: "a" }), length: 0 };

/**
 * Sends one request and reads its answer. The last line is "keep" when the connection can be used again, "close"
 * when not, "waits" when the answer is not complete, or the error; after a switch, the bytes that came behind it.
 */
export function readAnswer(
  pieces: readonly Uint8Array[],
  reading: Reading = {},
  request: Partial<RequestHead> = {},
): string[] {
  const connection = new ClientConnection(reading.limits ?? DEFAULT_LIMITS);
  const transcript = new Transcript(reading);
  connection.request({ ...GET, ...request });
  connection.end();
  const drain = (): void => {
    while (!transcript.failed && connection.theirs !== "switched") {
      const event = transcript.attempt(() => connection.next());
      if (event === undefined) return;
      transcript.add(event);
    }
  };
  feed(connection, pieces, reading, drain);
  transcript.flush();
  if (transcript.failed) return transcript.lines;
  if (connection.theirs === "switched")
    transcript.line(`switch ${JSON.stringify(textOf(connection.takeRest()))}`);
  else if (connection.theirs === "answer" || connection.theirs === "body") transcript.line("waits");
  else transcript.line(connection.nextExchange() ? "keep" : "close");
  return transcript.lines;
}

function feed(
  connection: ServerConnection | ClientConnection,
  pieces: readonly Uint8Array[],
  reading: Reading,
  drain: () => void,
): void {
  for (const piece of pieces) {
    connection.receive(piece);
    drain();
  }
  if (reading.eof !== true) return;
  connection.receiveEof();
  drain();
}
