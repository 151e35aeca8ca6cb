// What a run without --test leaves on standard output: the last answer's body, or what came of the file as JSON.

import { jsonLine } from "../../suite/report/json.ts";
import type { CallResponse, FileOutcome } from "../../suite/run/outcome.ts";
import { CommandError } from "../exit-codes.ts";
import { paintHead } from "../highlight.ts";
import type { Output } from "../output.ts";
import { once } from "../printing.ts";
import { type Look, showBody } from "../shown-body.ts";
import { painter, wantsColor } from "../terminal.ts";
import { RUN_EXIT } from "./exit-codes.ts";
import type { RunFlags } from "./flags.ts";
import { writeWhole } from "./whole-file.ts";

/** Prints what the flags ask for. Of a file that failed there is no body: what went wrong has been said. */
export async function printResult(outcome: FileOutcome, flags: RunFlags, out: Output): Promise<void> {
  if (flags.json === true) {
    await out.write(`${jsonLine(outcome)}\n`);
    return;
  }
  const response = outcome.entries.at(-1)?.calls.at(-1)?.response;
  if (!outcome.success || response === undefined || flags.as !== undefined) return;
  if (typeof flags.output === "string" && flags.output !== "-") {
    await save(flags.output, flags.include === true ? headBytes(response) : "", response.body);
    return;
  }
  if (flags.output === false) return;
  const colors = flags.color ?? wantsColor(process.stdout);
  const look: Look = { paint: painter(colors), colors, indent: flags.pretty ?? out.terminal };
  if (flags.include === true) {
    const startLine = statusLine(response);
    const { fields } = response;
    await out.write(`${paintHead({ kind: "response", startLine, fields }, look.paint)}\n`);
  }
  await printBody(response, look, flags, out);
}

async function printBody(response: CallResponse, look: Look, flags: RunFlags, out: Output): Promise<void> {
  const { body, fields } = response;
  const plain = flags.pretty === false || (!out.terminal && !look.indent && !look.colors);
  if (plain && !out.terminal) {
    await out.write(body);
    return;
  }
  const type = fields.get("content-type");
  const shown = flags.pretty === false ? { ...look, indent: false, colors: false } : look;
  await showBody({ pieces: once(body), length: body.length, type, wayOut: "-o FILE saves it" }, out, shown);
}

function statusLine({ version, status, reason }: CallResponse): string {
  return `HTTP/${version} ${status} ${reason}`;
}

function headBytes(response: CallResponse): string {
  const lines = [...response.fields].map(([name, value]) => `${name}: ${value}\n`);
  return `${statusLine(response)}\n${lines.join("")}\n`;
}

async function save(file: string, head: string, body: Uint8Array): Promise<void> {
  try {
    await writeWhole(file, Buffer.concat([Buffer.from(head, "latin1"), body]));
  } catch (error) {
    throw unwritable(file, error);
  }
}

function unwritable(file: string, cause: unknown): CommandError {
  const message = `Cannot write the body to ${JSON.stringify(file)}: ${(cause as Error).message}`;
  return new CommandError(RUN_EXIT.runtime, message, { cause });
}
