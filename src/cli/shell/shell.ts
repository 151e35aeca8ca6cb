// The shell itself: where it is, what it sends by default, and what each line does. How lines come and where
// words are shown is its caller's.

import { createReadStream } from "node:fs";
import { ClientError } from "../../client/errors.ts";
import { FORMS } from "../../message/as/forms.ts";
import { printableLine } from "../../text/printable.ts";
import { CommandError, EXIT } from "../exit-codes.ts";
import { paintFields } from "../highlight.ts";
import { fileError, type Item } from "../items.ts";
import type { RequestFlags } from "../request-flags.ts";
import type { RequestPlan } from "../request-plan.ts";
import { shownPlan } from "../shown-plan.ts";
import { askRecord } from "./ask-record.ts";
import { type Base, baseText, changeBase, encodeName, isSameOrigin, readBase } from "./base.ts";
import { helpText } from "./commands.ts";
import { type ClosedBy, Connection } from "./connection.ts";
import { type Exchange, exchangeBytes, perform, printAgain } from "./exchanges.ts";
import { DefaultHeaders } from "./headers.ts";
import type { History } from "./history.ts";
import { readLine, type ShellLine, type TypedBody, type TypedRequest } from "./line.ts";
import { type Lines, linesOf, WrittenLines } from "./lines.ts";
import { fieldsQuestion } from "./record-fields.ts";
import { complain, remark, type Screen } from "./screen.ts";
import { ServerFacts } from "./server-facts.ts";
import { planTyped } from "./typed-plan.ts";

/** What became of a line. */
export type Outcome = "done" | "failed" | "quit";

export interface ShellSettings {
  readonly url: string;
  readonly flags: RequestFlags;
  /** Whether an answer of 300 and above counts as a failed line. */
  readonly checkStatus: boolean;
  /** Whether a file's first failed line is its last. */
  readonly failFast: boolean;
  readonly screen: Screen;
  readonly history: History;
  /** Told when the connection was closed, before anything is said of it: the prompt shows it. */
  readonly onState: () => void;
}

/** Files that run files. */
const DEEPEST = 16;

export class Shell {
  readonly #settings: ShellSettings;
  readonly #screen: Screen;
  readonly #headers = new DefaultHeaders();
  readonly #home: Base;
  readonly #seen = new Set<string>();
  #base: Base;
  #connection: Connection;
  #facts: ServerFacts;
  #last: Exchange | undefined;
  /** Of the line that runs. */
  #interruption: AbortController | undefined;
  #closedBy: ClosedBy | undefined;
  #depth = 0;

  /** Throws CommandError and ClientError for a URL that cannot be used. */
  constructor(settings: ShellSettings) {
    this.#settings = settings;
    this.#screen = settings.screen;
    this.#home = readBase(settings.url);
    this.#base = this.#home;
    this.#connection = this.#connect();
    this.#facts = this.#ask();
    if (this.#home.authorization !== undefined) this.#headers.set("Authorization", this.#home.authorization);
    const { user } = settings.flags;
    if (user !== undefined) this.#headers.authorize({ kind: "basic", pair: user });
  }

  get prompt(): string {
    const mark = this.#connection.open ? this.#screen.paint("green", "●") : this.#screen.paint("dim", "○");
    return `${mark} ${this.#screen.paint("bold", baseText(this.#base))}> `;
  }

  /** Targets that may be meant: seen in this session, or listed by the server. */
  async targets(): Promise<readonly string[]> {
    // The one connection is taken, and nobody waits for a list.
    const listed = this.#interruption === undefined ? await this.#facts.names(this.#base) : [];
    return [...new Set([...this.#seen, ...listed.map(encodeName)])];
  }

  get headerNames(): readonly string[] {
    return this.#headers.names;
  }

  /** Cancels what runs; false when nothing does. */
  interrupt(): boolean {
    this.#interruption?.abort();
    return this.#interruption !== undefined;
  }

  /** Does what a line says; says itself what went wrong. What it has to ask, it asks where the line came from. */
  async run(typed: string, lines: Lines): Promise<Outcome> {
    const outer = this.#interruption;
    const interruption = outer ?? new AbortController();
    this.#interruption = interruption;
    try {
      return await this.#do(readLine(typed), lines, interruption.signal);
    } catch (error) {
      if (interruption.signal.aborted) {
        // Said once, for the line that was typed.
        if (outer === undefined) remark(this.#screen, "Cancelled");
      } else if (error instanceof CommandError || error instanceof ClientError)
        complain(this.#screen, lines.place, error.message);
      else throw error;
      // The message says it already.
      this.#closedBy = undefined;
      return "failed";
    } finally {
      this.#interruption = outer;
      this.#tellClosed();
    }
  }

  /** Closes the connection in good order. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  async #do(line: ShellLine, lines: Lines, signal: AbortSignal): Promise<Outcome> {
    switch (line.kind) {
      case "nothing":
        return "done";
      case "quit":
        return "quit";
      case "wrong":
        return this.#wrong(line.hint, lines);
      case "request":
        return this.#request(line, lines, signal);
      case "cd":
        return this.#changeBase(line.where);
      case "headers":
        return this.#show(paintFields(this.#headers.shown(this.#base.url), this.#paint));
      case "header":
        this.#headers.set(line.name, line.value);
        return "done";
      case "unset":
        if (this.#headers.unset(line.name)) return "done";
        throw new CommandError(EXIT.usage, `Cannot unset ${line.name}: no header of that name was set`);
      case "auth":
        if (line.credentials === undefined) this.#headers.unset("authorization");
        else this.#headers.authorize(line.credentials);
        return "done";
      case "schema":
        this.#facts.forget(this.#base);
        return this.#showFields(signal);
      case "source":
        return this.#source(line.path, signal);
      case "history":
        return this.#show(this.#settings.history.lines.map((text, index) => numbered(index, text)).join(""));
      case "last":
        return this.#showLast(line.verbose);
      case "as": {
        const { plan, bodyFile } = this.#lastExchange();
        return this.#show(`${FORMS[line.form](shownPlan(plan, this.#settings.flags, bodyFile))}\n`);
      }
      case "help": {
        const text = helpText(line.about);
        return text === undefined
          ? this.#wrong(`There is no command ${line.about}; "help" shows all`, lines)
          : this.#show(text);
      }
    }
  }

  // ── requests ──────────────────────────────────────────────────────────────────────────────────

  async #request(typed: TypedRequest, lines: Lines, signal: AbortSignal): Promise<Outcome> {
    let { target, body } = typed;
    if (body.kind === "none" && typed.method === "GET" && target?.toLowerCase() === "all") {
      if ((await this.#facts.collection(this.#base, signal)) !== undefined) target = undefined;
    }
    if (body.kind === "none" && target !== undefined && (typed.method === "POST" || typed.method === "PUT")) {
      const collection = await this.#facts.collection(this.#base, signal);
      if (collection?.fields !== undefined && collection.fields.names.length > 0) {
        const record = await askRecord(collection.fields, lines, this.#screen, signal);
        if (record === undefined) return "failed";
        body = record;
      }
    }
    const plan = await this.#plan(typed.method, target, body, signal);
    // A list that Tab has asked for is no part of the exchange.
    await this.#facts.settled();
    const file = body.kind === "items" ? body.items.find((item) => item.kind === "body") : undefined;
    const { status } = await this.#apart(typed, () =>
      perform({
        connection: this.#connection,
        plan,
        flags: this.#settings.flags,
        destination: typed.destination,
        screen: this.#screen,
        signal,
        keep: (wire, answer) => {
          this.#last = { plan, bodyFile: file?.path, wire, answer };
        },
      }),
    );
    if (target !== undefined && status < 400) this.#seen.add(target);
    return this.#settings.checkStatus && status >= 300 ? "failed" : "done";
  }

  #apart<Result>({ destination }: TypedRequest, act: () => Promise<Result>): Promise<Result> {
    return destination?.kind === "command" ? this.#screen.apart(act) : act();
  }

  #plan(
    method: string,
    target: string | undefined,
    body: TypedBody,
    signal: AbortSignal,
  ): Promise<RequestPlan> {
    const { user: _user, ...flags } = this.#settings.flags;
    const note = (text: string): void => remark(this.#screen, text);
    return planTyped({ method, target, body }, this.#base, this.#headers, { flags, signal, note });
  }

  // ── commands ──────────────────────────────────────────────────────────────────────────────────

  async #changeBase(where: string | undefined): Promise<Outcome> {
    const from = this.#base;
    const to = where === undefined ? this.#home : changeBase(from, where);
    this.#base = to;
    this.#seen.clear();
    if (!isSameOrigin(from, to)) {
      await this.#connection.close();
      const forgotten = this.#headers.forgetSecrets();
      if (forgotten.length > 0)
        remark(this.#screen, `Not for this server, and unset: ${forgotten.join(", ")}`);
      this.#connection = this.#connect();
      this.#facts = this.#ask();
    }
    if (to.authorization !== undefined) this.#headers.set("Authorization", to.authorization);
    return "done";
  }

  async #showFields(signal: AbortSignal): Promise<Outcome> {
    const collection = await this.#facts.collection(this.#base, signal);
    if (collection?.fields !== undefined) return this.#show(`${fieldsQuestion(collection.fields)}\n`);
    const why = collection === undefined ? "it is no collection of records" : "its records have no schema";
    throw new CommandError(EXIT.failure, `Cannot find the fields of ${baseText(this.#base)}: ${why}`);
  }

  async #source(path: string, signal: AbortSignal): Promise<Outcome> {
    if (this.#depth >= DEEPEST)
      throw new CommandError(EXIT.usage, `Cannot run ${path}: ${DEEPEST} files run each other already`);
    const lines = new WrittenLines(linesOf(createReadStream(path)), `${printableLine(path)}:`);
    let outcome: Outcome = "done";
    this.#depth += 1;
    try {
      for (
        let typed = await readNext(lines, path);
        typed !== undefined;
        typed = await readNext(lines, path)
      ) {
        signal.throwIfAborted();
        const one = await this.run(typed, lines);
        if (one === "quit") return "quit";
        if (one === "failed") outcome = "failed";
        if (outcome === "failed" && this.#settings.failFast) break;
      }
      signal.throwIfAborted();
      return outcome;
    } finally {
      this.#depth -= 1;
    }
  }

  async #showLast(verbose: boolean): Promise<Outcome> {
    const last = this.#lastExchange();
    if (verbose) return this.#show(exchangeBytes(last));
    await printAgain(last, this.#settings.flags, this.#screen);
    return "done";
  }

  #lastExchange(): Exchange {
    if (this.#last === undefined) throw new CommandError(EXIT.usage, "There was no request yet");
    return this.#last;
  }

  async #show(text: string): Promise<Outcome> {
    await this.#screen.out.write(text);
    return "done";
  }

  #wrong(hint: string, { place }: Lines): Outcome {
    this.#screen.say(this.#paint("red", "Wrong Input: try again"));
    this.#screen.say(`${place === undefined ? "" : `${place}: `}${printableLine(hint)}`);
    return "failed";
  }

  get #paint(): Screen["paint"] {
    return this.#screen.paint;
  }

  // ── the connection ────────────────────────────────────────────────────────────────────────────

  #connect(): Connection {
    return new Connection((by) => {
      this.#closedBy = by;
      if (this.#interruption === undefined) this.#tellClosed();
    });
  }

  /** Said when it has happened, and once. */
  #tellClosed(): void {
    const by = this.#closedBy;
    if (by === undefined || this.#interruption !== undefined) return;
    this.#closedBy = undefined;
    this.#settings.onState();
    if (this.#connection.open)
      remark(this.#screen, "The server had closed the connection; the request went over a new one");
    else if (by === "server")
      remark(this.#screen, "The server closed the connection; the next request opens a new one");
    else
      remark(
        this.#screen,
        "The connection was closed, as the server does not keep it; the next request opens a new one",
      );
  }

  #ask(): ServerFacts {
    return new ServerFacts(this.#connection.client, (method, href, accept) => {
      const own: Item[] =
        accept === undefined ? [] : [{ kind: "header", name: "Accept", value: accept, fromFile: false }];
      return this.#plan(method, href, { kind: "items", items: own }, NEVER);
    });
  }
}

const NEVER = new AbortController().signal;

async function readNext(lines: WrittenLines, path: string): Promise<string | undefined> {
  try {
    return await lines.next();
  } catch (error) {
    throw fileError(path, error);
  }
}

function numbered(index: number, text: string): string {
  return `${String(index + 1).padStart(5)}  ${printableLine(text)}\n`;
}
