// [Options] of an entry over those of the command line: what each says, and what comes of several.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Failure } from "../failure.ts";
import { parseHurl } from "../hurl/parse.ts";
import type { Value } from "../values/value.ts";
import { Context } from "./context.ts";
import { FileAccess } from "./file-access.ts";
import { entryOptions } from "./options.ts";
import { DEFAULT_OPTIONS, type EntryOptions } from "./settings.ts";

const VARIABLES: ReadonlyMap<string, Value> = new Map([
  ["yes", { kind: "boolean", value: true }],
  ["two", { kind: "integer", value: 2n }],
  ["minus", { kind: "integer", value: -1n }],
  ["many", { kind: "integer", value: 2n ** 60n }],
  ["half", { kind: "float", value: 0.5 }],
  ["name", { kind: "string", value: "나비" }],
]);

function context(): Context {
  return new Context(new FileAccess("."), VARIABLES);
}

/** What the lines change of the options of the command line. */
function changed(lines: readonly string[], base: Partial<EntryOptions> = {}): Partial<EntryOptions> {
  const before = { ...DEFAULT_OPTIONS, ...base };
  const [entry] = parseHurl(`GET http://a\n[Options]\n${lines.join("\n")}\n`).entries;
  assert.ok(entry !== undefined);
  const after = entryOptions(before, entry.request, context());
  const names = Object.keys(after) as (keyof EntryOptions)[];
  return Object.fromEntries(
    names.filter((name) => after[name] !== before[name]).map((name) => [name, after[name]]),
  );
}

describe("each option", () => {
  const cases: readonly (readonly [line: string, changes: Partial<EntryOptions>])[] = [
    ["aws-sigv4: aws:amz:eu:s3", { awsSigv4: "aws:amz:eu:s3" }],
    ["cacert: ca.pem", { cacert: "ca.pem" }],
    ["cert: client.pem:열려라", { cert: "client.pem:열려라" }],
    ["compressed: true", { compressed: true }],
    ["connect-timeout: 5", { connectTimeout: 5000 }],
    ["connect-timeout: 5ms", { connectTimeout: 5 }],
    ["connect-to: a:1:b:2", { connectTo: ["a:1:b:2"] }],
    ["delay: 5", { delay: 5 }],
    ["delay: 2s", { delay: 2000 }],
    ["delay: 1m", { delay: 60_000 }],
    ["delay: 1h", { delay: 3_600_000 }],
    ["delay: {{two}}", { delay: 2 }],
    ["digest: {{yes}}", { digest: true }],
    ["header: X: {{name}}", { headers: ["X: 나비"] }],
    ["http1.0: true", { http: "1.0" }],
    ["insecure: true", { insecure: true }],
    ["ipv4: true", { ipFamily: 4 }],
    ["ipv6: true", { ipFamily: 6 }],
    ["key: client.key", { key: "client.key" }],
    ["limit-rate: 100", { limitRate: 100 }],
    ["location: true", { location: true }],
    ["location-trusted: true", { location: true, locationTrusted: true }],
    ["max-redirs: {{two}}", { maxRedirects: 2 }],
    ["max-redirs: -1", { maxRedirects: Number.POSITIVE_INFINITY }],
    ["max-time: {{two}}", { maxTime: 2000 }],
    ["netrc: true", { netrc: "required" }],
    ["netrc-file: here", { netrc: "required", netrcFile: "here" }],
    ["netrc-optional: true", { netrc: "optional" }],
    ["output: {{name}}.txt", { output: "나비.txt" }],
    ["path-as-is: true", { pathAsIs: true }],
    ["pinnedpubkey: sha256//x=", { pinnedPublicKey: "sha256//x=" }],
    ["proxy: localhost:8080", { proxy: "localhost:8080" }],
    ["repeat: {{minus}}", { repeat: Number.POSITIVE_INFINITY }],
    ["resolve: a:1:127.0.0.1", { resolve: ["a:1:127.0.0.1"] }],
    ["retry: 3", { retry: 3 }],
    ["retry-interval: 3", { retryInterval: 3 }],
    ["skip: true", { skip: true }],
    ["unix-socket: /run/x", { unixSocket: "/run/x" }],
    ["user: 나비:meow", { user: "나비:meow" }],
    ["verbose: true", { verbosity: "verbose" }],
    ["verbosity: brief", { verbosity: "brief" }],
    ["very-verbose: true", { verbosity: "debug" }],
  ];
  for (const [line, changes] of cases) {
    test(line, () => assert.deepEqual(changed([line]), changes));
  }
});

describe("over what is there", () => {
  const cases: readonly {
    readonly name: string;
    readonly lines: readonly string[];
    readonly base: Partial<EntryOptions>;
    readonly changes: Partial<EntryOptions>;
  }[] = [
    { name: "the later line counts", lines: ["delay: 1", "delay: 2"], base: {}, changes: { delay: 2 } },
    {
      name: "false takes back",
      lines: ["location: false"],
      base: { location: true },
      changes: { location: false },
    },
    {
      name: "headers are added",
      lines: ["header: B: 2"],
      base: { headers: ["A: 1"] },
      changes: { headers: ["A: 1", "B: 2"] },
    },
    {
      name: "verbose: false changes nothing",
      lines: ["verbose: false"],
      base: { verbosity: "debug" },
      changes: {},
    },
    {
      name: "http1.1 over --http1.0",
      lines: ["http1.1: true"],
      base: { http: "1.0" },
      changes: { http: "1.1" },
    },
    {
      name: "netrc-file leaves netrc-optional what it is",
      lines: ["netrc-optional: true", "netrc-file: x"],
      base: {},
      changes: { netrc: "optional", netrcFile: "x" },
    },
    {
      name: "a variable is there for the lines behind",
      lines: ["variable: n=7", "retry: {{n}}"],
      base: {},
      changes: { retry: 7 },
    },
  ];
  for (const { name, lines, base, changes } of cases) {
    test(name, () => assert.deepEqual(changed(lines, base), changes));
  }
});

describe("values that do not fit", () => {
  const cases = [
    { line: "location: {{two}}", column: 13, text: "expecting boolean, actual value is integer <2>" },
    { line: "retry: {{name}}", column: 10, text: "expecting integer, actual value is string <나비>" },
    { line: "retry: {{half}}", column: 10, text: "expecting integer, actual value is float <0.5>" },
    {
      line: "retry: {{many}}",
      column: 10,
      text: "expecting integer >= -1, actual value is integer <1152921504606846976>",
    },
    { line: "delay: {{minus}}", column: 10, text: "expecting integer >= 0, actual value is integer <-1>" },
    {
      line: "limit-rate: {{minus}}",
      column: 15,
      text: "expecting integer >= 0, actual value is integer <-1>",
    },
  ];
  for (const { line, column, text } of cases) {
    test(`${line}: ${text}`, () => {
      assert.throws(
        () => changed([line]),
        (error: unknown) => {
          assert.ok(error instanceof Failure);
          assert.deepEqual([error.code, error.detail], ["EXPRESSION_TYPE", { form: "caret", text }]);
          assert.deepEqual([error.source.start.line, error.source.start.column], [3, column]);
          return true;
        },
      );
    });
  }
});
