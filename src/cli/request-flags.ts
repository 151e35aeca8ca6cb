// The options of a request's command line: one row for each, in the groups of the help.

import { type Command, InvalidArgumentError, Option } from "commander";
import { DEFAULT_TIMEOUTS, type Timeouts } from "../client/options.ts";
import { FORM_NAMES, type Form } from "../message/as/forms.ts";
import { addConnectionOptions, type ConnectionFlags } from "./connection-flags.ts";
import { wholeNumber } from "./server-flags.ts";

export type Pretty = "all" | "colors" | "format" | "none";

export interface RequestFlags extends Partial<Timeouts>, ConnectionFlags {
  readonly json?: true;
  readonly form?: true;
  readonly raw?: string;
  readonly chunked?: true;
  readonly ignoreStdin?: true;
  readonly user?: string;
  readonly target?: string;
  readonly socket?: string;
  readonly expectContinue?: true;
  readonly "http1.0"?: true;
  readonly offline?: true;
  readonly as?: Form;
  readonly verbose?: true;
  readonly headers?: true;
  readonly body?: true;
  readonly meta?: true;
  readonly print?: string;
  readonly pretty?: Pretty;
  readonly timing?: true;
  readonly decode: boolean;
  readonly output?: string;
  readonly download?: true;
  readonly continue?: true;
  readonly follow?: true;
  readonly maxRedirects?: number;
  readonly all?: true;
  readonly checkStatus?: true;
  /** Seconds. */
  readonly timeout?: number;
}

const GROUPS: readonly { readonly title: string; readonly options: readonly Option[] }[] = [
  {
    title: "Request:",
    options: [
      new Option("-j, --json", "ask for JSON, and call the body JSON"),
      new Option("-f, --form", "send name=value items as a form (urlencoded) instead of JSON"),
      new Option("--raw <text>", "send this text as the body").conflicts(["form"]),
      new Option("--chunked", "send the body chunked, without Content-Length"),
      new Option("--ignore-stdin", "never take standard input for the body"),
      new Option("-a, --user <user:pass>", "credentials, sent as Basic authentication"),
      new Option("--target <target>", "send this request target as it is, in place of the URL's path"),
      new Option("--socket <path>", "connect to a UNIX socket; the URL says the rest"),
      new Option("-0, --http1.0", "send HTTP/1.0"),
      new Option("--expect-continue", "send the body only when the server asks for it (100), or after 1 s"),
      new Option("--offline", "print the request and send nothing"),
      new Option(
        "--as <form>",
        "print the request as a command or a file for this tool, and send nothing",
      ).choices(FORM_NAMES),
    ],
  },
  {
    title: "Output:",
    options: [
      new Option("-v, --verbose", "print the request, too, interim responses and each redirect"),
      new Option("-h, --headers", "print the response's head only").conflicts(["body", "print"]),
      new Option("-b, --body", "print the response's body only").conflicts(["print"]),
      new Option("-m, --meta", "print what is known besides: time, peer").conflicts(["print"]),
      new Option(
        "--print <parts>",
        "print these: H B request head, body; h b of the response; m meta",
      ).argParser(printParts),
      new Option("--pretty <how>", "colour and indent; a terminal gets all, a pipe none").choices([
        "all",
        "colors",
        "format",
        "none",
      ]),
      new Option("--timing", "show how long each step took, on standard error"),
      new Option("--no-decode", "ask for no compression, and leave a body compressed as it came"),
      new Option("--check-status", "end with 3, 4 or 5 for an answer of that class"),
    ],
  },
  {
    title: "Files:",
    options: [
      new Option(
        "-o, --output <file>",
        "save the body as FILE, which appears when it is whole; - is standard output",
      ),
      new Option("-d, --download", "save the body under its own name; follows redirects, overwrites nothing"),
      new Option(
        "-c, --continue",
        "go on with a download, or with an upload (PUT URL @file), that broke off",
      ),
    ],
  },
  {
    title: "Redirects:",
    options: [
      new Option("-F, --follow", "follow redirects"),
      new Option("--max-redirects <n>", "follow so many at most (default: 20)").argParser(wholeNumber),
      new Option("--all", "print every response on the way").implies({ follow: true }),
    ],
  },
  {
    title: "Time limits (0: none):",
    options: [
      new Option("--timeout <seconds>", "for everything").argParser(seconds).conflicts(["totalTimeout"]),
      timeoutOption("connectTimeout", "for name, connection and TLS together"),
      timeoutOption("firstByteTimeout", "from the request's end to the answer's head"),
      timeoutOption("idleTimeout", "in which a body must move"),
      timeoutOption("totalTimeout", "for everything"),
    ],
  },
];

/** Adds the options to a command, in their groups. */
export function addRequestOptions(command: Command): Command {
  for (const { title, options } of GROUPS)
    for (const option of options) command.addOption(option.helpGroup(title));
  return addConnectionOptions(command);
}

function timeoutOption(name: keyof Timeouts, help: string): Option {
  const dashed = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const standard = DEFAULT_TIMEOUTS[name];
  const shown = standard === 0 ? "none" : standard.toLocaleString("en");
  return new Option(`--${dashed} <ms>`, `${help} (default: ${shown})`).argParser(wholeNumber);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || value > 1e6)
    throw new InvalidArgumentError("It takes seconds, such as 2.5; 0 means no limit.");
  return value;
}

function printParts(text: string): string {
  if (!/^[HBhbm]*$/.test(text)) throw new InvalidArgumentError("It takes letters out of H, B, h, b and m.");
  return text;
}
