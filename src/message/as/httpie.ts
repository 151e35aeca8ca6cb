// A request as an HTTPie command for a POSIX shell (https://httpie.io/docs/cli). What HTTPie cannot say is said
// in a comment before it. Credentials are in it.

import { printfCommand, readableArgument, shellWord } from "./posix-shell.ts";
import { fieldText, seen } from "./readable.ts";
import {
  asksForCoding,
  type ConnectionChoice,
  connectionRemark,
  isChunked,
  omitted,
  type ShownBody,
  type ShownRequest,
  shownBody,
  shownFields,
  urlWithoutFragment,
} from "./shown-request.ts";

// Before these a backslash is taken away, and it cannot be escaped itself.
const LOSSY = /^(?:[^\\]|\\[^:;=@])*\\[:;=@]/s;

/** The command, on one line unless a text in it has several, with comment lines before it where they are needed. */
export function asHttpie(request: ShownRequest): string {
  const body = shownBody(request);
  const { source, options, sink } = bodyWords(body);
  const words = ["http", ...options];
  if (request.follow === true) words.push("--follow");
  if (request.connection?.some(isInsecure)) words.push("--verify=no");
  if (body.kind !== "none" && isChunked(request)) words.push("--chunked");
  const items = [
    ...shownFields(request).map(([name, value]) => header(name, value)),
    ...notSent(request, body).map((name) => `${name}:`),
  ];
  // What begins with "-" would be an option.
  if (shownFields(request).some(([name]) => name.startsWith("-"))) words.push("--");
  words.push(request.method, shellWord(urlWithoutFragment(request)), ...items);
  if (body.kind !== "none" && !saysAccept(request)) words.push("'Accept:*/*'");
  const comments = remarks(request).map((text) => `# ${text}\n`);
  return comments.join("") + source + words.join(" ") + sink;
}

/** A value that begins with "=" or "@" would be JSON, or a file. */
function header(name: string, value: string): string {
  if (value === "") return shellWord(`${name};`);
  return shellWord(`${name}:${(fieldText(value) ?? value).replace(/^[=@:;]/, "\\$&")}`);
}

/** HTTPie takes every body for JSON, and asks for JSON then. */
function saysAccept({ fields, omit }: ShownRequest): boolean {
  return fields.has("accept") || omit.includes("accept");
}

/** Fields that HTTPie would send of its own accord, and that the request does not have. */
function notSent(request: ShownRequest, body: ShownBody): string[] {
  const { fields } = request;
  const names = omitted(request, ["User-Agent", "Accept"]);
  if (!asksForCoding(request) && !fields.has("accept-encoding")) names.push("Accept-Encoding");
  if (body.kind !== "none" && !fields.has("content-type")) names.push("Content-Type");
  return names;
}

interface BodyWords {
  /** What stands before the command. */
  readonly source: string;
  readonly options: readonly string[];
  /** What stands behind it. */
  readonly sink: string;
}

function bodyWords(body: ShownBody): BodyWords {
  if (body.kind === "file") return { source: "", options: [], sink: ` < ${shellWord(body.path)}` };
  // In a script it would wait for standard input.
  const alone = "--ignore-stdin";
  if (body.kind === "none") return { source: "", options: [alone], sink: "" };
  const text = readableArgument(body.bytes);
  // "--" is taken away wherever it stands alone.
  if (text === undefined || text === "--")
    return { source: `${printfCommand(body.bytes)} | `, options: [], sink: "" };
  return { source: "", options: [alone, `--raw=${shellWord(text)}`], sink: "" };
}

/** What comes out otherwise than it was. */
function remarks(request: ShownRequest): string[] {
  const { method, target, socketPath } = request;
  const found: string[] = [];
  if (!/^[A-Z]+$/.test(method)) found.push(`HTTPie has no method ${method}: its methods are capital letters`);
  if (target !== undefined)
    found.push(`The request target is ${target}, in place of the URL's: HTTPie cannot say that`);
  if (socketPath !== undefined)
    found.push(`It goes through the UNIX socket ${seen(socketPath)}: HTTPie needs a plugin for that`);
  for (const choice of request.connection ?? [])
    if (!isInsecure(choice)) found.push(connectionRemark(choice));
  if (isRewritten(urlWithoutFragment(request)))
    found.push("HTTPie writes the URL in a way of its own before it is sent");
  if (omitted(request, ["User-Agent"]).length > 0)
    found.push("Sent without User-Agent: some versions of HTTPie send one all the same");
  for (const [name, value] of shownFields(request)) {
    const text = fieldText(value);
    if (text === undefined) found.push(`The value of ${name} is ISO 8859-1: HTTPie sends it in UTF-8`);
    // To HTTPie a no-break space is white space around a value, too.
    else if (/^[\s\x85]|[\s\x85]$/.test(text)) found.push(`HTTPie cuts the ends of the value of ${name}`);
    if (LOSSY.test(value)) found.push(`HTTPie loses a backslash in the value of ${name}`);
  }
  return found;
}

/**
 * Whether HTTPie's library changes the URL: it encodes some characters, decodes others, writes %3A for %3a, and drops
 * a query that is empty.
 */
function isRewritten(url: string): boolean {
  const path = url.replace(/^[a-z]+:\/\/[^/?]*/i, "");
  if (/\?$|^\/\/|%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9_.~!$%&'()*+,/:;=?@-]/.test(path)) return true;
  return (path.match(/%../g) ?? []).some((code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return code !== code.toUpperCase() || /[A-Za-z0-9_.~-]/.test(character);
  });
}

function isInsecure([name]: ConnectionChoice): boolean {
  return name === "insecure";
}
