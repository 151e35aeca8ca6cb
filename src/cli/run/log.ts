// A run as it happens, for who wants to see it: what is sent behind ">", what is received behind "<", and what is
// to be said about it behind "*", as curl and Hurl have it.

import type { Fields } from "../../protocol/fields.ts";
import type { Call, CallResponse, EntryOutcome } from "../../suite/run/outcome.ts";
import type { RunListener, Telling } from "../../suite/run/settings.ts";
import { valueText } from "../../suite/values/value-text.ts";
import { fieldText } from "../../text/field-text.ts";
import { printable, printableLine } from "../../text/printable.ts";
import { statusStyle, takeHeadApart } from "../highlight.ts";
import { formatBytes } from "../quantities.ts";
import { isUtf8Start } from "../shown-body.ts";
import type { Painter } from "../terminal.ts";

type Redact = (text: string) => string;

export class RunLog implements RunListener {
  readonly #say: (text: string) => void;
  readonly #paint: Painter;

  /** `say` prints whole lines. */
  constructor(say: (text: string) => void, paint: Painter) {
    this.#say = say;
    this.#paint = paint;
  }

  entryStarted(index: number, last: number, telling: Telling): void {
    if (telling.options.verbosity === "quiet") return;
    this.#note(`Entry ${index} of ${last}`, telling, (line) => this.#paint("bold", line));
  }

  called(call: Call, telling: Telling): void {
    switch (telling.options.verbosity) {
      case "quiet":
        return;
      case "brief":
        this.#brief(call, telling);
        return;
      case "verbose":
      case "debug":
        this.#whole(call, telling);
    }
  }

  entryEnded({ captures, curl, failures, retried }: EntryOutcome, telling: Telling): void {
    if (telling.options.verbosity === "quiet") return;
    if (curl !== undefined) this.#note(`As a curl command: ${curl}`, telling);
    for (const { name, value } of captures)
      this.#note(`Captured ${name}: ${valueText(value) ?? value.kind}`, telling);
    if (retried) for (const failure of failures) this.#note(failure.message, telling);
  }

  note(text: string, telling: Telling): void {
    if (telling.options.verbosity !== "quiet") this.#note(text, telling);
  }

  /** An answer's head and body, whatever the verbosity. */
  answer(response: CallResponse, redact: Redact): void {
    this.#answerHead(response, redact);
    this.#body("Response body", response.body, redact);
  }

  #answerHead({ version, status, reason, fields }: CallResponse, redact: Redact): void {
    this.#head("<", `HTTP/${version} ${status} ${reason}`, fields, redact);
  }

  /** `style` comes last: what it writes is no text of others. */
  #note(text: string, { redact }: { readonly redact: Redact }, style: (line: string) => string = same): void {
    const lines = printable(redact(text)).split("\n");
    this.#say(lines.map((line) => `${this.#paint("blue", "*")} ${style(line)}\n`).join(""));
  }

  #brief({ request, response }: Call, telling: Telling): void {
    const status = `${response.status} ${fieldText(response.reason)}`;
    const style = (line: string): string => this.#paint(statusStyle(response.status), line);
    this.#note(`${request.method} ${request.url}: ${status}, ${sizeAndTime(response)}`, telling, style);
  }

  #whole({ request, response, timing }: Call, telling: Telling): void {
    const debug = telling.options.verbosity === "debug";
    const { startLine, fields } = takeHeadApart(request.head);
    this.#head(">", startLine, fields, telling.redact);
    if (debug) this.#body("Request body", request.body, telling.redact);
    this.#note(`Response: ${sizeAndTime(response)}`, telling);
    if (!debug) {
      this.#answerHead(response, telling.redact);
      return;
    }
    this.answer(response, telling.redact);
    const steps = Object.entries(timing).filter(([, value]) => value !== undefined);
    this.#note(
      `Times: ${steps.map(([name, value]) => `${name} ${Number(value).toFixed(1)} ms`).join(", ")}`,
      telling,
    );
  }

  #head(mark: ">" | "<", startLine: string, fields: Fields | [string, string][], redact: Redact): void {
    const style = mark === ">" ? "green" : "cyan";
    const show = (bytes: string): string => printableLine(redact(fieldText(bytes)));
    let text = `${mark} ${this.#paint("bold", show(startLine))}\n`;
    for (const [name, value] of fields) text += `${mark} ${this.#paint(style, show(name))}: ${show(value)}\n`;
    this.#say(`${text}${mark}\n`);
  }

  #body(title: string, bytes: Uint8Array, redact: Redact): void {
    if (bytes.length === 0) return;
    this.#note(`${title}:`, { redact });
    this.#note(bodyText(bytes, redact).replace(/\n$/, ""), { redact });
  }
}

/** More is nothing that somebody reads, and from some size on no string. */
const MOST_SHOWN = 2 ** 22;

function bodyText(bytes: Uint8Array, redact: Redact): string {
  if (!isUtf8Start(bytes)) return `(binary, ${formatBytes(bytes.length)})`;
  if (bytes.length <= MOST_SHOWN) return Buffer.from(bytes).toString("utf8");
  // Cut behind a piece that is not shown: a secret across the border is struck out as a whole.
  const text = redact(Buffer.from(bytes.subarray(0, MOST_SHOWN + 65_536)).toString("utf8"));
  return `${text.slice(0, MOST_SHOWN)}\n(and more: ${formatBytes(bytes.length)} in all)`;
}

function sizeAndTime({ rawBody, duration }: Call["response"]): string {
  return `${formatBytes(rawBody.length)} in ${Math.round(duration)} ms`;
}

function same(text: string): string {
  return text;
}
