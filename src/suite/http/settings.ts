// `# @name value`: what the three clients can be told about a request in a comment. What has a meaning for a run
// becomes an option; what only concerns an editor is left alone; what would be missed is an error.
import type { HurlSyntaxCode, HurlSyntaxError } from "../hurl/errors.ts";
import type { HurlOption, OptionValue, Span, Word } from "../hurl/tree.ts";
import { noLineEnd } from "./lines.ts";
import { textTemplate } from "./templates.ts";

/** What the comments of a request come to. */
export interface Settings {
  name: Word | undefined;
  follow: boolean;
  /** Whether a form is percent-encoded. */
  encode: boolean;
  readonly options: HurlOption[];
  /** Requests that have to run before. */
  readonly needed: Word[];
}

interface Written {
  readonly name: string;
  readonly value: string;
  readonly source: Span;
  readonly problem: (code: HurlSyntaxCode, expected: string) => HurlSyntaxError;
}

type Setter = (settings: Settings, written: Written) => void;

const SETTING = /^\s*(?:#+|\/\/+)\s*@([A-Za-z][\w-]*)(?:\s*=\s*|\s+|$)(.*)$/;

export function noSettings(): Settings {
  return { name: undefined, follow: true, encode: true, options: [], needed: [] };
}

/** Name and value of a comment that is a setting; undefined for every other comment. */
export function settingOf(line: string): { readonly name: string; readonly value: string } | undefined {
  const [, name, value = ""] = SETTING.exec(line) ?? [];
  return name === undefined ? undefined : { name, value: value.trim() };
}

const SETTERS: ReadonlyMap<string, Setter> = new Map<string, Setter>([
  ["name", named],
  ["noredirect", without("follow")],
  ["nocookiejar", on("no-cookie-store")],
  ["norejectunauthorized", on("insecure")],
  ["noautoencoding", without("encode")],
  ["timeout", duration("max-time", "s")],
  ["connectiontimeout", duration("connect-timeout", "s")],
  ["sleep", duration("delay", "ms")],
  ["proxy", proxy],
  ["loop", loop],
  ["disabled", disabled],
  ["ref", needs],
  [
    "forceref",
    refused("IMPORT", "a request is not run again for another one: write it once more before this one"),
  ],
  [
    "import",
    refused(
      "IMPORT",
      "other files are not read: give them to the command one after another, or copy the request",
    ),
  ],
  ["ratelimit", refused("SETTING", "rates are not kept: wait with # @sleep and milliseconds")],
  ["jwt", refused("SETTING", "tokens are not taken apart here")],
]);

/** Takes a setting over: else `SETTING` or `IMPORT`. An unknown one is a comment as any other. */
export function applySetting(settings: Settings, written: Written): void {
  SETTERS.get(written.name.toLowerCase().replaceAll("-", ""))?.(settings, written);
}

/** An option that the file does not have in these words. */
export function option(name: string, value: OptionValue): HurlOption {
  const { source } = value;
  const before = [] as const;
  return {
    kind: "option",
    before,
    name: { text: name, source },
    value,
    ending: noLineEnd(source.end),
    source,
  };
}

function named(settings: Settings, { value, source, problem }: Written): void {
  if (value === "") throw problem("SETTING", "expecting a name");
  settings.name = { text: value, source };
}

function needs({ needed }: Settings, { value, source }: Written): void {
  needed.push({ text: value, source });
}

function without(habit: "follow" | "encode"): Setter {
  return (settings) => {
    settings[habit] = false;
  };
}

function on(name: string): Setter {
  return ({ options }, { source }) => {
    options.push(option(name, { kind: "boolean", value: true, source }));
  };
}

function duration(name: string, bare: "s" | "ms"): Setter {
  return ({ options }, { value, source, problem }) => {
    const [, amount, unit = bare] = /^(\d+)\s*(ms|s|m)?$/.exec(value) ?? [];
    if (amount === undefined) throw problem("SETTING", "expecting a duration such as 5 s, 500 ms or 2 m");
    options.push(
      option(name, { kind: "duration", value: Number(amount), unit: unit as "s" | "ms" | "m", source }),
    );
  };
}

function proxy({ options }: Settings, { value, source, problem }: Written): void {
  if (value === "") throw problem("SETTING", "expecting the URL of a proxy");
  options.push(option("proxy", { kind: "string", value: textTemplate(value, source), source }));
}

function loop({ options }: Settings, { value, source, problem }: Written): void {
  const times = /^for\s+(\d+)$/.exec(value)?.[1];
  if (times === undefined) {
    throw problem("SETTING", "only # @loop for 3 is known: a number of times, without JavaScript");
  }
  options.push(option("repeat", { kind: "count", value: Number(times), source }));
}

function disabled({ options }: Settings, { value, source, problem }: Written): void {
  if (value === "false") return;
  if (value !== "" && value !== "true") {
    throw problem("SETTING", "whether a request is disabled is not computed: write # @disabled, or nothing");
  }
  options.push(option("skip", { kind: "boolean", value: true, source }));
}

function refused(code: "IMPORT" | "SETTING", expected: string): Setter {
  return (_, { problem }) => {
    throw problem(code, expected);
  };
}
