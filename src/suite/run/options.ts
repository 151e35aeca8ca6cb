// [Options]: what an entry changes of how it is run.

import { Failure } from "../failure.ts";
import type { HurlOption, HurlRequest, Span } from "../hurl/tree.ts";
import { predicateValue } from "../values/predicate-value.ts";
import type { Evaluation, Value } from "../values/value.ts";
import { describeValue } from "../values/value-text.ts";
import { headerOption } from "./header-option.ts";
import type { EntryOptions } from "./settings.ts";

/** What an option changes. */
type Reader = (given: Given, before: EntryOptions) => Partial<EntryOptions>;

/** What an option's value comes to. */
interface Given {
  boolean(): boolean;
  /** Infinity for "-1". */
  count(): number;
  /** Milliseconds; `unit` is that of a bare number. */
  duration(unit: "ms" | "s"): number;
  /** `Name: value`. */
  header(): string;
  natural(): number;
  text(): string;
}

export interface VariableSetter {
  set(name: string, value: Value): void;
}

/** What a timer of Node's can wait for. */
const LONGEST = 2 ** 31 - 1;

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

const READERS: Readonly<Record<string, Reader>> = {
  "aws-sigv4": (given) => ({ awsSigv4: given.text() }),
  cacert: (given) => ({ cacert: given.text() }),
  cert: (given) => ({ cert: given.text() }),
  compressed: (given) => ({ compressed: given.boolean() }),
  "connect-timeout": (given) => ({ connectTimeout: given.duration("s") }),
  "connect-to": (given, before) => ({ connectTo: [...before.connectTo, given.text()] }),
  delay: (given) => ({ delay: given.duration("ms") }),
  digest: (given) => ({ digest: given.boolean() }),
  header: (given, before) => ({ headers: [...before.headers, given.header()] }),
  "http1.0": (given, before) => ({ http: given.boolean() ? "1.0" : before.http }),
  "http1.1": (given, before) => ({ http: given.boolean() ? "1.1" : before.http }),
  insecure: (given) => ({ insecure: given.boolean() }),
  ipv4: (given) => ({ ipFamily: given.boolean() ? 4 : undefined }),
  ipv6: (given) => ({ ipFamily: given.boolean() ? 6 : undefined }),
  key: (given) => ({ key: given.text() }),
  "limit-rate": (given) => ({ limitRate: given.natural() }),
  location: (given) => ({ location: given.boolean() }),
  "location-trusted": (given, before) => {
    const locationTrusted = given.boolean();
    return { locationTrusted, location: locationTrusted || before.location };
  },
  "max-redirs": (given) => ({ maxRedirects: given.count() }),
  "max-time": (given) => ({ maxTime: given.duration("s") }),
  netrc: (given) => ({ netrc: given.boolean() ? "required" : "no" }),
  "netrc-file": (given, before) => ({
    netrcFile: given.text(),
    netrc: before.netrc === "no" ? "required" : before.netrc,
  }),
  "netrc-optional": (given) => ({ netrc: given.boolean() ? "optional" : "no" }),
  "no-cookie-store": (given) => ({ cookieStore: !given.boolean() }),
  output: (given) => ({ output: given.text() }),
  "path-as-is": (given) => ({ pathAsIs: given.boolean() }),
  pinnedpubkey: (given) => ({ pinnedPublicKey: given.text() }),
  proxy: (given) => ({ proxy: given.text() }),
  repeat: (given) => ({ repeat: given.count() }),
  resolve: (given, before) => ({ resolve: [...before.resolve, given.text()] }),
  retry: (given) => ({ retry: given.count() }),
  "retry-interval": (given) => ({ retryInterval: given.duration("ms") }),
  skip: (given) => ({ skip: given.boolean() }),
  "unix-socket": (given) => ({ unixSocket: given.text() }),
  user: (given) => ({ user: given.text() }),
  verbose: (given, before) => ({ verbosity: given.boolean() ? "verbose" : before.verbosity }),
  verbosity: (given) => ({ verbosity: given.text() as EntryOptions["verbosity"] }),
  "very-verbose": (given, before) => ({ verbosity: given.boolean() ? "debug" : before.verbosity }),
};

/** Options of Hurl's that need another protocol than is spoken here; harmless when they are off. */
export const NOT_SPOKEN: Readonly<Record<string, string>> = {
  http2: "HTTP/2 is not spoken here, only HTTP/1.0 and HTTP/1.1 over TCP or TLS",
  http3: "HTTP/3 is not spoken here, only HTTP/1.0 and HTTP/1.1 over TCP or TLS",
  negotiate: "Negotiate authentication needs a Kerberos library, which is not part of this program",
  ntlm: "NTLM is not spoken here; digest and basic authentication are",
};

/** The options of an entry, in the order in which they are written; variables among them are set. Throws Failure. */
export function entryOptions(
  base: EntryOptions,
  request: HurlRequest,
  evaluation: Evaluation & VariableSetter,
): EntryOptions {
  const section = request.sections.find((one) => one.kind === "options");
  if (section === undefined) return base;
  let options = base;
  for (const option of section.items) options = { ...options, ...read(option, options, evaluation) };
  return options;
}

/** Where the entry says it: of several options of a name the last one counts. Without any it was the command line's. */
export function optionSource({ sections, url }: HurlRequest, name: string): Span {
  const options = sections.flatMap((section) => (section.kind === "options" ? section.items : []));
  return options.findLast((option) => option.name.text === name)?.value.source ?? url.source;
}

function read(
  option: HurlOption,
  before: EntryOptions,
  evaluation: Evaluation & VariableSetter,
): Partial<EntryOptions> {
  const { name, value } = option;
  if (value.kind === "variable-definition") {
    evaluation.set(value.name, predicateValue(value.value, evaluation));
    return {};
  }
  const given = givenBy(option, evaluation);
  const why = NOT_SPOKEN[name.text];
  if (why !== undefined) {
    if (given.boolean()) throw new Failure("OPTION", name.source, why);
    return {};
  }
  const reader = READERS[name.text];
  if (reader === undefined) throw new Failure("OPTION", name.source, "this option is not known here");
  return reader(given, before);
}

function givenBy({ value }: HurlOption, evaluation: Evaluation): Given {
  const wrong = (wanted: string, found: Value | undefined): Failure => {
    const source = value.kind === "placeholder" ? value.value.source : value.source;
    const text = `expecting ${wanted}, actual value is ${describeValue(found)}`;
    return new Failure("EXPRESSION_TYPE", source, text);
  };
  const placeholder = (): Value | undefined =>
    value.kind === "placeholder" ? evaluation.value(value) : undefined;
  const integer = (least: number): number => {
    const found = placeholder();
    if (found?.kind !== "integer") throw wrong("integer", found);
    const number = Number(found.value);
    if (!Number.isSafeInteger(number) || number < least) throw wrong(`integer >= ${least}`, found);
    return number;
  };
  return {
    boolean() {
      if (value.kind === "boolean") return value.value;
      const found = placeholder();
      if (found?.kind !== "boolean") throw wrong("boolean", found);
      return found.value;
    },
    count() {
      if (value.kind === "count") return value.value === "unlimited" ? Number.POSITIVE_INFINITY : value.value;
      const number = integer(-1);
      return number === -1 ? Number.POSITIVE_INFINITY : number;
    },
    duration(unit) {
      const time =
        value.kind === "duration" ? value.value * UNITS[value.unit ?? unit] : integer(0) * UNITS[unit];
      if (time > LONGEST)
        throw new Failure("OPTION_VALUE", value.source, "a time of more than 24 days can not be waited for");
      return time;
    },
    header() {
      const text = this.text();
      headerOption(text, value.source);
      return text;
    },
    natural() {
      return value.kind === "natural" ? value.value : integer(0);
    },
    text() {
      if (value.kind === "string") return evaluation.text(value.value);
      if (value.kind === "verbosity") return value.value;
      throw wrong("string", placeholder());
    },
  };
}
