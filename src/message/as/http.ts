// A request as the .http file that VS Code's REST Client, JetBrains' HTTP Client and their like read. What the
// format cannot say, or what they do otherwise, is said in a comment before it. Credentials are in it.

import { printfCommand } from "./posix-shell.ts";
import { fieldText, HIDDEN, seen, utf8Text } from "./readable.ts";
import {
  connectionRemark,
  isChunked,
  omitted,
  type ShownBody,
  type ShownRequest,
  shownBody,
  shownFields,
  urlWithoutFragment,
} from "./shown-request.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "PATCH", "OPTIONS", "TRACE"];
/** What a body is called that cannot stand in the file. */
const BODY_FILE = "body.bin";

/** The request, without a line feed at its end. */
export function asHttp(request: ShownRequest): string {
  const body = written(shownBody(request), request.fields.get("content-type"));
  const comments = [...remarks(request), ...body.remarks].map((text) => `# ${text}`);
  // These clients follow redirects unless they are told.
  if (request.follow !== true) comments.push("# @no-redirect");
  const head = [`${request.method} ${urlWithoutFragment(request)} HTTP/1.1`];
  for (const [name, value] of shownFields(request))
    head.push(value === "" ? `${name}:` : `${name}: ${seen(fieldText(value) ?? value)}`);
  return [...comments, ...head, ...(body.text === undefined ? [] : ["", body.text])].join("\n");
}

interface WrittenBody {
  /** What stands in the file; undefined for nothing. */
  readonly text: string | undefined;
  readonly remarks: readonly string[];
}

function written(body: ShownBody, type: string | undefined): WrittenBody {
  if (body.kind === "none") return { text: undefined, remarks: [] };
  if (body.kind === "file") return reference(body.path);
  const text = utf8Text(body.bytes);
  if (text === undefined || !canStand(text, type)) {
    const made = `${printfCommand(body.bytes)} > ${BODY_FILE}`;
    return { text: `< ./${BODY_FILE}`, remarks: [`The body comes from a file, made by: ${made}`] };
  }
  const shown = text.trimEnd();
  return {
    text: shown,
    remarks: shown === text ? [] : ["The body ends with white space, which is not sent from here"],
  };
}

function reference(path: string): WrittenBody {
  const plain = path === path.trim() && !HIDDEN.test(path) && !path.includes("\n");
  const place = /^(?:\.{0,2}\/|[A-Za-z]:|\\)/.test(path) ? path : `./${path}`;
  return {
    text: `< ${plain ? place : `./${BODY_FILE}`}`,
    remarks: plain
      ? []
      : [`The body comes from a file whose name cannot stand here; copy it to ${BODY_FILE}`],
  };
}

// What these clients encode anew, put together anew or end with a line feed of their own.
const REWRITTEN = /^(?:multipart\/|application\/graphql\b|application\/x-ndjson\b)/i;

/** Whether nothing in a text is taken for something else: a variable, a separator, a comment, a file, a script, a test. */
function canStand(text: string, type: string = ""): boolean {
  if (HIDDEN.test(text) || /^\s*\n/.test(text) || text.trim() === "" || text.includes("{{")) return false;
  if (REWRITTEN.test(type)) return false;
  if (/^application\/x-www-form-urlencoded/i.test(type) && !/^(?:[\w.~+*&=-]|%[0-9A-Fa-f]{2})+$/.test(text))
    return false;
  return !/^\s*(?:[#@]|\/\/|<[>@ \t]|<$|>[> \t]|>$|```)/m.test(text);
}

/** What comes out otherwise than it was. */
function remarks(request: ShownRequest): string[] {
  const { method, target, socketPath } = request;
  const found: string[] = [];
  if (!METHODS.includes(method)) found.push(`The method ${method} is not one that every client knows`);
  if (target !== undefined) found.push(`The request target is ${target}, in place of the URL's`);
  if (socketPath !== undefined) found.push(`It goes through the UNIX socket ${seen(socketPath)}`);
  for (const choice of request.connection ?? []) found.push(connectionRemark(choice));
  for (const name of omitted(request, ["User-Agent", "Accept"]))
    found.push(`Sent without ${name}; clients send one of their own`);
  for (const [name, value] of shownFields(request)) {
    const text = fieldText(value);
    if (text === undefined) found.push(`The value of ${name} is ISO 8859-1, not UTF-8`);
    else if (HIDDEN.test(text)) found.push(`The value of ${name} has characters that cannot stand here`);
  }
  if (isChunked(request)) found.push("Sent in chunks, without Content-Length");
  if (saysBraces(request)) found.push("{{ is meant as it stands, and begins no variable");
  return found;
}

function saysBraces(request: ShownRequest): boolean {
  return request.url.includes("{{") || shownFields(request).some(([, value]) => value.includes("{{"));
}
