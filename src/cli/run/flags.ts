// The options of `sockeye run`, by Hurl's names: one row for each, in the groups of the help.

import { type Command, InvalidArgumentError, Option } from "commander";
import { FORM_NAMES, type Form } from "../../message/as/forms.ts";
import { addConnectionOptions, type ConnectionFlags, several } from "../connection-flags.ts";

export interface RunFlags extends ConnectionFlags {
  // HTTP
  readonly awsSigv4?: string;
  readonly compressed?: true;
  /** Milliseconds, as all times here. */
  readonly connectTimeout?: number;
  readonly digest?: true;
  readonly header?: readonly string[];
  readonly "http1.0"?: true;
  readonly "http1.1"?: true;
  readonly http2?: true;
  readonly http3?: true;
  readonly location?: true;
  readonly locationTrusted?: true;
  readonly maxFilesize?: number;
  /** Infinity for -1; so are `repeat` and `retry`. */
  readonly maxRedirs?: number;
  readonly maxTime?: number;
  readonly negotiate?: true;
  /** False with --no-cookie-store. */
  readonly cookieStore: boolean;
  readonly noProxy?: string;
  readonly ntlm?: true;
  readonly pathAsIs?: true;
  readonly unixSocket?: string;
  readonly user?: string;
  readonly userAgent?: string;
  // Output
  readonly ast?: true;
  readonly as?: Form;
  readonly color?: boolean;
  readonly curl?: string;
  readonly errorFormat?: "short" | "long";
  readonly include?: true;
  readonly json?: true;
  readonly output?: string | false;
  readonly pretty?: boolean;
  readonly progressBar?: true;
  readonly verbose?: true;
  readonly verbosity?: "brief" | "verbose" | "debug";
  readonly veryVerbose?: true;
  // Run
  readonly continueOnError?: true;
  readonly delay?: number;
  readonly fromEntry?: number;
  readonly jobs?: number;
  /** False with --no-assert. */
  readonly assert: boolean;
  readonly parallel?: true;
  readonly repeat?: number;
  readonly retry?: number;
  readonly retryInterval?: number;
  readonly secret?: readonly string[];
  readonly secretsFile?: readonly string[];
  readonly test?: true;
  readonly toEntry?: number;
  readonly variable?: readonly string[];
  readonly variablesFile?: readonly string[];
  // Reports
  readonly reportHtml?: string;
  readonly reportJson?: string;
  readonly reportJunit?: string;
  readonly reportTap?: string;
  // Files
  readonly cookie?: string;
  readonly cookieJar?: string;
  readonly fileRoot?: string;
  readonly glob?: readonly string[];
  readonly netrc?: true;
  readonly netrcFile?: string;
  readonly netrcOptional?: true;
}

const GROUPS: readonly { readonly title: string; readonly options: readonly Option[] }[] = [
  {
    title: "HTTP:",
    options: [
      new Option(
        "--aws-sigv4 <p1[:p2[:region[:service]]]>",
        "sign with AWS Signature 4; --user has the keys",
      ),
      new Option("--compressed", "ask for a compressed body"),
      duration("--connect-timeout <time>", "s", "for name, connection and TLS together (default: 10 s)"),
      new Option("--digest", "answer a digest challenge with --user"),
      several("-H, --header <name:value>", "send this field with every request"),
      new Option("-0, --http1.0", "send HTTP/1.0").conflicts(["http1.1"]),
      new Option("--http1.1", "send HTTP/1.1, as is done anyway"),
      new Option("--http2", "refused: only HTTP/1.0 and HTTP/1.1 are spoken").hideHelp(),
      new Option("--http3", "refused: only HTTP/1.0 and HTTP/1.1 are spoken").hideHelp(),
      new Option("-L, --location", "follow redirects"),
      new Option("--location-trusted", "follow redirects, and send credentials wherever they lead"),
      number("--max-filesize <bytes>", 1, "give an answer up whose body is longer"),
      count("--max-redirs <n>", "follow so many redirects at most (default: 50; -1: any number)"),
      duration("-m, --max-time <time>", "s", "for a request and its answer (default: 300 s)"),
      new Option("--negotiate", "refused: not spoken").hideHelp(),
      new Option("--no-cookie-store", "keep no cookies from one request to the next").default(true, "kept"),
      positive(new Option("--no-proxy <hosts>", "speak to these hosts without the proxy")),
      new Option("--ntlm", "refused: not spoken").hideHelp(),
      new Option("--path-as-is", "leave /../ and /./ in a path"),
      new Option("--unix-socket <path>", "connect to a UNIX socket"),
      new Option("-u, --user <user:password>", "credentials, sent as Basic authentication"),
      new Option("-A, --user-agent <name>", "send this User-Agent"),
    ],
  },
  {
    title: "Output:",
    options: [
      new Option("--ast", "print the tree of each file as JSON, and run nothing"),
      new Option("--as <form>", "print each request as it was sent in this form, instead of bodies").choices(
        FORM_NAMES,
      ),
      new Option("--color", "colour, even where there is no terminal"),
      new Option("--no-color", "do not colour"),
      new Option("--curl <file>", "write each request as a curl command to FILE"),
      new Option("--error-format <form>", "long: print the answer, too, when something is wrong").choices([
        "short",
        "long",
      ]),
      new Option("-i, --include", "print the head of the last answer, too"),
      new Option("--json", "print what came of each file as JSON, a line for each"),
      new Option("-o, --output <file>", "write the last body to FILE instead of standard output"),
      new Option("--no-output", "print no body"),
      new Option("--pretty", "indent JSON, even where there is no terminal"),
      new Option("--no-pretty", "print bodies as they came"),
      new Option("--progress-bar", "show how far --test is, even where there is no terminal"),
      new Option("-v, --verbose", "show what is sent and received, on standard error"),
      new Option("--verbosity <level>", "how much of it").choices(["brief", "verbose", "debug"]),
      new Option("--very-verbose", "show bodies and times, too"),
    ],
  },
  {
    title: "Run:",
    options: [
      new Option("--continue-on-error", "go on in a file after a failed entry"),
      duration("--delay <time>", "ms", "wait before each request"),
      number("--from-entry <n>", 1, "begin with this entry of each file"),
      number("--jobs <n>", 1, "run so many files at a time (default: as many as processors)"),
      new Option("--no-assert", "check nothing").default(true, "checked"),
      new Option("--parallel", "run several files at a time, as --test does"),
      count("--repeat <n>", "run all files so many times (-1: without end)"),
      count("--retry <n>", "try a failed entry again, so many times (-1: until it works)"),
      duration("--retry-interval <time>", "ms", "wait between tries (default: 1000 ms)"),
      several("--secret <name=value>", "a variable that is never shown"),
      several("--secrets-file <file>", "name=value lines of secrets"),
      new Option("--test", "print no bodies, but a line for each file and a summary"),
      number("--to-entry <n>", 1, "end with this entry of each file"),
      several("--variable <name=value>", "a variable for {{name}}"),
      several("--variables-file <file>", "name=value lines of variables"),
    ],
  },
  {
    title: "Reports (added to, when they exist):",
    options: [
      new Option("--report-html <dir>", "a page for each file, and one for all"),
      new Option("--report-json <dir>", "everything, with bodies"),
      new Option("--report-junit <file>", "for continuous integration"),
      new Option("--report-tap <file>", "for TAP readers"),
    ],
  },
  {
    title: "Files:",
    options: [
      new Option("-b, --cookie <file>", "begin with the cookies in this file (Netscape format)"),
      new Option("-c, --cookie-jar <file>", "write the cookies to this file at the end"),
      new Option("--file-root <dir>", "where files that a test names are (default: beside it)"),
      several("--glob <pattern>", "run the files that match, too"),
      new Option("-n, --netrc", "take credentials from ~/.netrc"),
      new Option("--netrc-file <file>", "take credentials from this file"),
      new Option("--netrc-optional", "take credentials from ~/.netrc, if there are any"),
    ],
  },
];

/** Adds the options to a command, in their groups. */
export function addRunOptions(command: Command): Command {
  for (const { title, options } of GROUPS)
    for (const option of options) command.addOption(option.helpGroup(title));
  return addConnectionOptions(command);
}

/** Of an option whose name only looks as if it took another one back. */
function positive(option: Option): Option {
  option.negate = false;
  return option;
}

function number(flags: string, least: number, help: string): Option {
  return new Option(flags, help).argParser((text: string) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It takes a whole number from ${least} on.`);
    return value;
  });
}

function count(flags: string, help: string): Option {
  return new Option(flags, help).argParser((text: string) => {
    if (text === "-1") return Number.POSITIVE_INFINITY;
    if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("It takes a whole number, or -1.");
    return Number(text);
  });
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
/** What a timer of Node's can wait for. */
const LONGEST = 2 ** 31 - 1;

function duration(flags: string, unit: "ms" | "s", help: string): Option {
  return new Option(flags, help).argParser((text: string) => {
    const [, digits, given] = /^(\d+)(ms|s|m|h)?$/.exec(text) ?? [];
    const value = Number(digits) * UNITS[(given as keyof typeof UNITS | undefined) ?? unit];
    if (digits === undefined || value > LONGEST)
      throw new InvalidArgumentError("It takes a time such as 500ms, 20s, 2m or 1h.");
    return value;
  });
}
