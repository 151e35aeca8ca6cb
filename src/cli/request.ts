// `sockeye [METHOD] URL [ITEM…]`: words and options in, one exchange printed or saved, an exit code out.

import { Command } from "commander";
import { Client } from "../client/client.ts";
import { ClientError, type ClientErrorKind } from "../client/errors.ts";
import type { ClientResponse } from "../client/response.ts";
import { FORMS, type Form } from "../message/as/forms.ts";
import { Fields } from "../protocol/fields.ts";
import { download } from "./download.ts";
import { exchange, requestOptions } from "./exchange.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { type Output, streamOutput } from "./output.ts";
import { PartFile } from "./part-file.ts";
import { partsOf, printPlan } from "./print-plan.ts";
import { type Part, Printer, type PrintPlan } from "./printing.ts";
import { formatBytes } from "./quantities.ts";
import { sentBody } from "./request-body.ts";
import { addRequestOptions, type RequestFlags } from "./request-flags.ts";
import { headOf, planRequest, type RequestPlan } from "./request-plan.ts";
import { resumedUpload } from "./resumed-upload.ts";
import { readShownPlan } from "./shown-plan.ts";
import { painter, wantsColor } from "./terminal.ts";
import { timingTable } from "./timing-table.ts";

const ITEMS = `
Items:
  Name:value     header               name=value     JSON string (with -f: form field)
  Name:          leave a header out   name:=json     JSON number, list, true, null …
  Name;          empty header         name==value    query parameter
  @FILE          FILE as the body     name=@FILE     value from FILE; also :=@ ==@ :@
  @-             standard input       \\: \\= \\@       the character itself, in a name

URLs:
  :3091/x is http://localhost:3091/x, and example.com/x is http://example.com/x.
  OPTIONS :3091* asks the server itself; unix:/run/x.sock:/path goes through a UNIX socket.

Without a method it is GET, or POST when there is a body: items, @FILE, --raw, or standard
input when it is a file or a pipe with something in it. Standard input is left alone with
GET, HEAD, DELETE, OPTIONS and TRACE, and when without a method it stays silent for 2 s.`;

const EXAMPLES = `
Examples:
  sockeye :3091/                                   the folder that "sockeye serve" serves
  sockeye -v :3091/meow.html                       every header, both ways
  sockeye PUT :3091/cat.txt --raw 'Cat is meow'    send a text
  sockeye PUT :3091/사진.jpg @photo.jpg              send a file
  sockeye :3091/api name=Ping age:=2 q==x          POST JSON
  sockeye -d :3091/big.iso                         save a file; -dc goes on when it broke off
  sockeye PUT :3091/big.iso @big.iso -c            go on with an upload
  sockeye --check-status -h :3091/ && echo there
  sockeye PUT :3091/kv/fish --raw 연어 --as curl    print it as a curl command; also hurl, http, httpie
  echo hello | sockeye POST :3091/log.txt

Exit codes: 0 answered; 1 failed; 2 usage; with --check-status (and -d) 3, 4, 5 by the status;
6 no connection; 7 timeout; 8 not HTTP/1.1; 130 Ctrl-C.`;

export function requestCommand(): Command {
  const command = new Command("request")
    .summary("make one request; the word itself may be left out")
    .description("Makes one request and prints the answer.")
    .usage("[options] [method] <url> [item…]\n       sockeye [options] [method] <url> [item…]")
    .argument("[words...]", "method, URL and items")
    .configureHelp({ visibleArguments: () => [] })
    .addHelpText("after", `${ITEMS}\n${EXAMPLES}`)
    .action(run);
  return addRequestOptions(command);
}

/** What all parts of one run share. */
interface Run {
  readonly client: Client;
  readonly flags: RequestFlags;
  readonly signal: AbortSignal;
  readonly note: (message: string) => void;
}

async function run(words: readonly string[], flags: RequestFlags): Promise<void> {
  checkFlags(flags);
  const interruption = new AbortController();
  const interrupt = (): void => {
    // Whoever presses it twice will not wait for anything.
    if (interruption.signal.aborted) process.exit(EXIT.interrupted);
    interruption.abort();
  };
  process.on("SIGINT", interrupt);
  const client = new Client();
  let plan: RequestPlan | undefined;
  try {
    const own = { client, flags, signal: interruption.signal, note };
    plan = await planRequest(words, own);
    if (interruption.signal.aborted) throw new CommandError(EXIT.interrupted, "Interrupted");
    const status = await sendOrShow(plan, own);
    if (status !== undefined) process.exitCode = status;
  } catch (error) {
    throw interruption.signal.aborted
      ? new CommandError(EXIT.interrupted, "Interrupted", { cause: error })
      : named(error);
  } finally {
    process.off("SIGINT", interrupt);
    await client.destroy();
    await plan?.content?.file?.handle.close();
  }
}

/** Returns the exit code that an answer stands for, if it matters. */
function sendOrShow(plan: RequestPlan, own: Run): Promise<number | undefined> {
  const { flags } = own;
  if (flags.as !== undefined) return showAs(plan, flags, flags.as);
  return flags.offline === true ? showOffline(plan, flags) : send(plan, own);
}

/** Options that say two things at once. */
function checkFlags({ continue: goesOn, output, download: downloads, json, form }: RequestFlags): void {
  const say = (message: string): CommandError => new CommandError(EXIT.usage, message);
  if (json === true && form === true)
    throw say("Cannot send --json and --form together: a body has one type");
  if (output === "-" && downloads === true)
    throw say("Cannot download to standard output with -d; without -d, a pipe gets the body");
  if (goesOn === true && output !== undefined && downloads !== true)
    throw say("Cannot continue with -o alone: --continue takes -d, with or without -o");
}

const EXIT_OF: { readonly [kind in ClientErrorKind]: number } = {
  connection: EXIT.connection,
  timeout: EXIT.timeout,
  protocol: EXIT.protocol,
  usage: EXIT.usage,
  aborted: EXIT.failure,
};

function named(error: unknown): unknown {
  return error instanceof ClientError
    ? new CommandError(EXIT_OF[error.kind], error.message, { cause: error })
    : error;
}

/** Returns the exit code that the answer stands for, if it matters. */
async function send(plan: RequestPlan, own: Run): Promise<number | undefined> {
  const { flags } = own;
  if (flags.download === true) return save(plan, own);
  let whole = plan;
  if (flags.continue === true) {
    const rest = await resumedUpload(own.client, plan, requestOptions({ ...own, plan }), own.note);
    if (rest === undefined) return undefined;
    whole = rest;
  }
  return flags.output === undefined || flags.output === "-"
    ? print(whole, own)
    : printToFile(whole, own, flags.output);
}

async function print(plan: RequestPlan, own: Run): Promise<number | undefined> {
  const out = streamOutput(process.stdout);
  const response = await printExchange(plan, own, out, printPlan(own.flags, out, process.stdout));
  return statusCode(response, own);
}

/** Into a file goes what a pipe would get, and the file appears when all of it is there. */
async function printToFile(plan: RequestPlan, own: Run, path: string): Promise<number | undefined> {
  const part = await PartFile.create(path, undefined, true);
  const out: Output = {
    terminal: false,
    write: (data) => part.write(typeof data === "string" ? Buffer.from(data, "utf8") : data),
  };
  let response: ClientResponse;
  try {
    response = await printExchange(plan, own, out, printPlan(own.flags, out, {}));
    await part.finish();
  } catch (error) {
    await part.suspend();
    throw error;
  }
  if (process.stderr.isTTY === true)
    own.note(`${response.status} ${response.reason}: saved ${path}, ${formatBytes(part.size)}`);
  return statusCode(response, own);
}

async function printExchange(
  plan: RequestPlan,
  own: Run,
  out: Output,
  printing: PrintPlan,
): Promise<ClientResponse> {
  const printer = new Printer(out, printing);
  const response = await exchange({ ...own, plan, printer });
  await printer.responseBody(response);
  await printer.about(response);
  showTiming(response, own.flags);
  return response;
}

async function save(plan: RequestPlan, own: Run): Promise<number | undefined> {
  const { flags } = own;
  const out = streamOutput(process.stderr);
  // Standard output stays empty; heads are for who asks for them, the body for an answer that is not saved.
  const asked = flags.verbose === true || flags.print !== undefined || flags.headers === true;
  const parts = new Set<Part>(asked ? [...partsOf(flags, true), "b"] : ["b"]);
  const printer = new Printer(out, { ...printPlan(flags, out, process.stderr), parts, shown: true });
  const done = await download({
    url: plan.url.href,
    output: flags.output,
    resume: flags.continue === true,
    // What is announced as 30 MB should be 30 MB on the disk, too.
    send: (more) =>
      exchange({
        ...own,
        printer,
        plan: { ...plan, fields: withFields(plan, [["Accept-Encoding", "identity"], ...more]) },
      }),
    stream: process.stderr,
    paint: painter(wantsColor(process.stderr)),
    note: own.note,
  });
  if ("saved" in done) {
    showTiming(done.response, flags);
    return undefined;
  }
  const { refused } = done;
  await printer.responseBody(refused);
  const saying = `${refused.status} ${refused.reason}`.trim();
  throw new CommandError(
    codeOf(refused.status) ?? EXIT.failure,
    `Cannot save ${plan.url.href}: the server answered ${saying}`,
  );
}

function withFields(plan: RequestPlan, more: readonly (readonly [string, string])[]): RequestPlan["fields"] {
  const fields = new Fields(plan.fields);
  for (const [name, value] of more) if (!fields.has(name)) fields.append(name, value);
  return fields;
}

async function showOffline(plan: RequestPlan, flags: RequestFlags): Promise<undefined> {
  const out = streamOutput(process.stdout);
  const parts = new Set<Part>(flags.print === undefined ? ["H", "B"] : partsOf(flags, out.terminal));
  const printer = new Printer(out, { ...printPlan(flags, out, process.stdout), parts });
  const sent = sentBody(plan.content, flags.chunked === true, () => undefined);
  void printer.requestHead({
    head: headOf(plan, flags.decode, plan.content === undefined ? 0 : sent.length),
  });
  if (sent.body !== undefined && !(sent.body instanceof Uint8Array)) for await (const _ of sent.body);
  await printer.requestBody(sent.kept(), sent.size(), plan.fields.get("content-type"));
}

/** Nothing in it commands a terminal: what would is written as an escape of that form. */
async function showAs(plan: RequestPlan, flags: RequestFlags, form: Form): Promise<undefined> {
  const shown = await readShownPlan(plan, flags);
  await streamOutput(process.stdout).write(`${FORMS[form](shown)}\n`);
}

function statusCode(response: ClientResponse, { flags, note }: Run): number | undefined {
  if (flags.checkStatus !== true) return undefined;
  const code = codeOf(response.status);
  // Where the head is not seen, the reason would not be either.
  if (code !== undefined && process.stdout.isTTY !== true)
    note(`The server answered ${response.status} ${response.reason}`.trim());
  return code;
}

function codeOf(status: number): number | undefined {
  if (status < 300) return undefined;
  if (status < 400) return EXIT.redirect;
  return status < 500 ? EXIT.clientError : EXIT.serverError;
}

function showTiming({ timing }: ClientResponse, flags: RequestFlags): void {
  if (flags.timing === true) process.stderr.write(timingTable(timing, painter(wantsColor(process.stderr))));
}

function note(message: string): void {
  process.stderr.write(`${painter(wantsColor(process.stderr))("dim", message)}\n`);
}
