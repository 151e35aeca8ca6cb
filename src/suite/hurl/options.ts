// The options of a request, and the kind of value that each of them takes. It does not know what they do.
import { claimLines, readLineEnd, skipSpaces } from "./lines.ts";
import { atKeyword, isAlphanumeric, isDigit, isNamePart, readConstant } from "./literals.ts";
import type { Scanner } from "./scanner.ts";
import { suggestion } from "./suggestions.ts";
import { readFilename, readFilenamePassword, readPlaceholder, readQuoted, readValue } from "./templates.ts";
import type { HurlOption, OptionValue, Template, VariableDefinition } from "./tree.ts";

type Reader = (scanner: Scanner) => OptionValue;

const READERS: ReadonlyMap<string, Reader> = new Map([
  ...named(readBoolean, [
    "compressed",
    "digest",
    "http1.0",
    "http1.1",
    "http2",
    "http3",
    "insecure",
    "ipv4",
    "ipv6",
    "location",
    "location-trusted",
    "negotiate",
    "netrc",
    "netrc-optional",
    "ntlm",
    "path-as-is",
    "skip",
    "verbose",
    "very-verbose",
  ]),
  ...named(readCount, ["max-redirs", "repeat", "retry"]),
  ...named(readNatural, ["limit-rate"]),
  ...named(readDuration, ["connect-timeout", "delay", "max-time", "retry-interval"]),
  ...named(stringReader(readFilename), ["cacert", "key", "output"]),
  ...named(stringReader(readFilenamePassword), ["cert"]),
  ...named(stringReader(readValue), [
    "aws-sigv4",
    "connect-to",
    "header",
    "netrc-file",
    "pinnedpubkey",
    "proxy",
    "resolve",
    "unix-socket",
    "user",
  ]),
  ...named(readVariableDefinition, ["variable"]),
  ...named(readVerbosity, ["verbosity"]),
]);

const UNITS = ["ms", "s", "m", "h"] as const;
// A number has no zeros before it: `01234` is a postcode.
const INTEGER = /^-?(0|[1-9][0-9]*)$/;
const FLOAT = /^-?(0|[1-9][0-9]*)\.[0-9]+$/;
const VERBOSITIES = ["brief", "verbose", "debug"] as const;
// Names that a variable must not take: the functions, and one that Hurl keeps for later.
const RESERVED = ["getEnv", "newDate", "newUuid"];

/** `name: value` and the rest of the line: else `OPTION`, or what is wrong with the value. */
export function readOption(scanner: Scanner): HurlOption {
  const before = claimLines(scanner);
  const start = scanner.position;
  const text = scanner.takeWhile((char) => char === "." || isNamePart(char));
  scanner.emit("keyword");
  const name = { text, source: scanner.since(start) };
  const read = READERS.get(text);
  if (read === undefined) {
    const hint = suggestion([...READERS.keys()].sort(), text);
    throw scanner.error("OPTION", `the option name is not valid. ${hint}`, start);
  }
  skipSpaces(scanner);
  scanner.expect(":");
  skipSpaces(scanner);
  const value = read(scanner);
  const source = scanner.since(start);
  return { kind: "option", before, name, value, ending: readLineEnd(scanner), source };
}

function named(read: Reader, names: readonly string[]): (readonly [string, Reader])[] {
  return names.map((name) => [name, read]);
}

function stringReader(read: (scanner: Scanner) => Template): Reader {
  return (scanner) => {
    const value = read(scanner);
    return { kind: "string", value, source: value.source };
  };
}

function readBoolean(scanner: Scanner): OptionValue {
  if (scanner.startsWith("{{")) return readPlaceholder(scanner);
  const constant = atKeyword(scanner, "null") ? undefined : readConstant(scanner);
  if (constant?.kind !== "boolean") throw scanner.error("EXPECTED", "expecting 'true|false'");
  return constant;
}

/** How often: an integer from 0, or -1 for no limit. */
function readCount(scanner: Scanner): OptionValue {
  if (scanner.startsWith("{{")) return readPlaceholder(scanner);
  const start = scanner.position;
  if (scanner.startsWith("-1") && !isDigit(scanner.charAt(2))) {
    scanner.take("-1", "number");
    return { kind: "count", value: "unlimited", source: scanner.since(start) };
  }
  if (!isDigit(scanner.char)) throw scanner.error("EXPECTED", "expecting 'integer >= -1'");
  return { kind: "count", value: takeInteger(scanner), source: scanner.since(start) };
}

function readNatural(scanner: Scanner): OptionValue {
  if (scanner.startsWith("{{")) return readPlaceholder(scanner);
  const start = scanner.position;
  if (!isDigit(scanner.char)) throw scanner.error("EXPECTED", "expecting 'natural'");
  return { kind: "natural", value: takeInteger(scanner), source: scanner.since(start) };
}

function readDuration(scanner: Scanner): OptionValue {
  if (scanner.startsWith("{{")) return readPlaceholder(scanner);
  const start = scanner.position;
  if (!isDigit(scanner.char)) throw scanner.error("EXPECTED", "expecting 'integer'");
  const value = takeInteger(scanner);
  const at = scanner.position;
  const written = scanner.takeWhile(isAlphanumeric);
  scanner.emit("keyword");
  const unit = UNITS.find((one) => one === written);
  if (unit === undefined && written !== "") {
    throw scanner.error("DURATION_UNIT", `the duration unit is not valid. ${suggestion(UNITS, written)}`, at);
  }
  return { kind: "duration", value, unit, source: scanner.since(start) };
}

function takeInteger(scanner: Scanner): number {
  const start = scanner.position;
  const value = Number(scanner.takeWhile(isDigit));
  scanner.emit("number");
  if (!Number.isSafeInteger(value)) {
    throw scanner.error("EXPECTED", `expecting 'an integer up to ${Number.MAX_SAFE_INTEGER}'`, start);
  }
  return value;
}

function readVerbosity(scanner: Scanner): OptionValue {
  const start = scanner.position;
  const value = VERBOSITIES.find((word) => atKeyword(scanner, word));
  if (value === undefined) throw scanner.error("EXPECTED", "expecting 'brief|verbose|debug'");
  scanner.take(value, "keyword");
  return { kind: "verbosity", value, source: scanner.since(start) };
}

/** `name=value`; the value is a string unless it is a constant or a number and nothing else. */
function readVariableDefinition(scanner: Scanner): VariableDefinition {
  const start = scanner.position;
  const name = isDigit(scanner.char) ? "" : scanner.takeWhile(isNamePart);
  scanner.emit("keyword");
  if (name === "") throw scanner.error("TEMPLATE_VARIABLE", "expecting a variable");
  if (RESERVED.includes(name)) {
    const problem = `conflicts with the ${name} function, use a different name`;
    throw scanner.error("VARIABLE", problem, start);
  }
  skipSpaces(scanner);
  scanner.expect("=");
  skipSpaces(scanner);
  const value = scanner.char === '"' ? readQuoted(scanner) : readValue(scanner);
  return {
    kind: "variable-definition",
    name,
    value: typed(value),
    source: scanner.since(start),
  };
}

function typed(template: Template): VariableDefinition["value"] {
  const { source } = template;
  const [part] = template.parts;
  const text = template.parts.length === 1 && part?.kind === "text" ? part.raw : undefined;
  if (template.delimiter !== "" || text === undefined) return { kind: "string", value: template, source };
  if (text === "null") return { kind: "null", source };
  if (text === "true" || text === "false") return { kind: "boolean", value: text === "true", source };
  if (INTEGER.test(text)) return { kind: "integer", text, source };
  if (FLOAT.test(text)) return { kind: "float", text, source };
  return { kind: "string", value: template, source };
}
