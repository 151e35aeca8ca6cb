// A run as it happens, for who wants to see it: what is sent behind ">", what is received behind "<", and what is
// to be said about it behind "*", as curl and Hurl have it.

import type { Fields } from "../../protocol/fields.ts";
import type { Call, EntryOutcome } from "../../suite/run/outcome.ts";
import type { RunListener, Telling } from "../../suite/run/settings.ts";
import { valueText } from "../../suite/values/value-text.ts";
import { fieldText } from "../../text/field-text.ts";
import { printable, printableLine } from "../../text/printable.ts";
import { statusStyle, takeHeadApart } from "../highlight.ts";
import { formatBytes } from "../quantities.ts";
import { isUtf8Start } from "../shown-body.ts";
import type { Painter } from "../terminal.ts";

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
    this.#note(this.#paint("bold", `Entry ${index} of ${last}`), telling);
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

  #note(text: string, { redact }: Telling): void {
    const lines = printable(redact(text)).split("\n");
    this.#say(lines.map((line) => `${this.#paint("blue", "*")} ${line}\n`).join(""));
  }

  #brief({ request, response }: Call, telling: Telling): void {
    const status = this.#paint(
      statusStyle(response.status),
      `${response.status} ${fieldText(response.reason)}`,
    );
    this.#note(`${request.method} ${request.url}: ${status}, ${sizeAndTime(response)}`, telling);
  }

  #whole({ request, response, timing }: Call, telling: Telling): void {
    const debug = telling.options.verbosity === "debug";
    const { startLine, fields } = takeHeadApart(request.head);
    this.#head(">", startLine, fields, telling);
    if (debug) this.#body("Request body", request.body, telling);
    this.#note(`Response: ${sizeAndTime(response)}`, telling);
    const line = `HTTP/${response.version} ${response.status} ${response.reason}`;
    this.#head("<", line, response.fields, telling);
    if (!debug) return;
    this.#body("Response body", response.body, telling);
    const steps = Object.entries(timing).filter(([, value]) => value !== undefined);
    this.#note(
      `Times: ${steps.map(([name, value]) => `${name} ${Number(value).toFixed(1)} ms`).join(", ")}`,
      telling,
    );
  }

  #head(mark: ">" | "<", startLine: string, fields: Fields | [string, string][], { redact }: Telling): void {
    const style = mark === ">" ? "green" : "cyan";
    const show = (bytes: string): string => printableLine(redact(fieldText(bytes)));
    let text = `${mark} ${this.#paint("bold", show(startLine))}\n`;
    for (const [name, value] of fields) text += `${mark} ${this.#paint(style, name)}: ${show(value)}\n`;
    this.#say(`${text}${mark}\n`);
  }

  #body(title: string, bytes: Uint8Array, telling: Telling): void {
    if (bytes.length === 0) return;
    this.#note(`${title}:`, telling);
    const text = isUtf8Start(bytes)
      ? Buffer.from(bytes).toString("utf8")
      : `(binary, ${formatBytes(bytes.length)})`;
    this.#note(text.replace(/\n$/, ""), telling);
  }
}

function sizeAndTime({ rawBody, duration }: Call["response"]): string {
  return `${formatBytes(rawBody.length)} in ${Math.round(duration)} ms`;
}
