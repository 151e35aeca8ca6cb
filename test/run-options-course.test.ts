// Options that change how an entry is run, and those that cannot be used.

import { type ConstructCase, constructs } from "./fixtures/construct-cases.ts";
import type { Answer } from "./fixtures/echo.ts";

/** GET {{host}} with one option; the lines behind it say what comes. */
function option(line: string, ...rest: readonly string[]): readonly string[] {
  return ["GET {{host}}", "[Options]", line, ...(rest.length === 0 ? ["HTTP 200"] : rest)];
}

/** Answers with a status for each request, the last one for all that follow. */
function inTurn(...statuses: readonly number[]): Answer {
  let turn = 0;
  return (_received, response) => {
    const status = statuses[Math.min(turn++, statuses.length - 1)] ?? 200;
    response.writeHead(status, { "X-Turn": String(turn) }).end();
  };
}

constructs("how often and when", [
  {
    name: "retry, until it works",
    text: option("retry: 3", "retry-interval: 1ms", "HTTP 200", "X-Turn: 3"),
    answer: inTurn(503, 503, 200),
  },
  {
    name: "retry, not often enough",
    text: option("retry: 1", "retry-interval: 1", "HTTP 200"),
    answer: inTurn(503, 502, 200),
    fails: [4, "5:6 Assert status code: actual value is <502>"],
  },
  {
    name: "retry: -1",
    text: option("retry: -1", "retry-interval: 1", "HTTP 200", "X-Turn: 6"),
    answer: inTurn(500, 500, 500, 500, 500, 200),
  },
  {
    name: "retry: 0",
    text: option("retry: 0"),
    answer: inTurn(500),
    fails: [4, "4:6 Assert status code: actual value is <500>"],
  },
  {
    name: "repeat",
    text: ["GET {{host}}", "[Options]", "repeat: 3", "", "GET {{host}}", "HTTP 200", "X-Turn: 4"],
    answer: inTurn(200),
  },
  {
    name: "repeat: 0 runs it not at all",
    text: ["GET {{host}}", "[Options]", "repeat: 0", "", "GET {{host}}", "HTTP 200", "X-Turn: 1"],
    answer: inTurn(200),
  },
  {
    name: "repeat, which ends at the first failure",
    text: option("repeat: 3"),
    answer: inTurn(200, 404, 200),
    fails: [4, "4:6 Assert status code: actual value is <404>"],
  },
  {
    name: "skip",
    text: [
      "GET {{host}}",
      "[Options]",
      "skip: {{skipped}}",
      "HTTP 500",
      "",
      "GET {{host}}",
      "HTTP 200",
      "X-Turn: 1",
    ],
    answer: inTurn(200),
    variables: { skipped: true },
  },
  { name: "delay", text: option("delay: 1ms") },
  { name: "delay, of a variable", text: option("delay: {{wait}}"), variables: { wait: 1 } },
  {
    name: "max-time",
    text: option("max-time: 50ms"),
    answer: () => undefined,
    fails: [3, "1:5 HTTP connection: Cannot wait longer for GET {{host}}: it took more than 0.05 s in all"],
  },
  { name: "connect-timeout", text: option("connect-timeout: 10s") },
  { name: "limit-rate", text: option("limit-rate: 1000000") },
  {
    name: "verbose, very-verbose, verbosity",
    text: option("verbose: true", "very-verbose: false", "verbosity: brief", "HTTP 200"),
  },
]);

const WHY = {
  http2: "HTTP/2 is not spoken here, only HTTP/1.0 and HTTP/1.1 over TCP or TLS",
  http3: "HTTP/3 is not spoken here, only HTTP/1.0 and HTTP/1.1 over TCP or TLS",
  negotiate: "Negotiate authentication needs a Kerberos library, which is not part of this program",
  ntlm: "NTLM is not spoken here; digest and basic authentication are",
} as const;

constructs("what cannot be used", [
  ...(["http2", "http3", "negotiate", "ntlm"] as const).flatMap((name): ConstructCase[] => [
    { name: `${name}: false says nothing`, text: option(`${name}: false`) },
    {
      name: `${name}: true`,
      text: option(`${name}: true`),
      fails: [3, `3:1 Unsupported option: ${WHY[name]}`],
    },
  ]),
  ...(
    [
      ["skip", "boolean"],
      ["location", "boolean"],
      ["retry", "integer"],
      ["repeat", "integer"],
      ["max-redirs", "integer"],
      ["delay", "integer"],
      ["max-time", "integer"],
      ["limit-rate", "integer"],
    ] as const
  ).map(
    ([name, wanted]): ConstructCase => ({
      name: `${name} of a text`,
      text: option(`${name}: {{text}}`),
      variables: { text: "3" },
      fails: [
        3,
        `3:${name.length + 5} Invalid expression type: expecting ${wanted}, actual value is string <3>`,
      ],
    }),
  ),
  {
    name: "aws-sigv4 without a provider",
    text: option("user: a:b", "aws-sigv4: ::", "HTTP 200"),
    fails: [
      3,
      '4:12 Invalid option value: Cannot sign with AWS Signature Version 4: provider1 is empty in "::", which should be provider1[:provider2[:region[:service]]]',
    ],
  },
  {
    name: "header without a colon",
    text: option("header: X-Cat"),
    fails: [3, "3:9 Invalid option value: invalid header option value <X-Cat>: missing `:`"],
  },
  ...["delay", "max-time", "connect-timeout", "retry-interval"].map(
    (name): ConstructCase => ({
      name: `${name} that no timer can wait for`,
      text: option(`${name}: 1000h`),
      fails: [
        3,
        `3:${name.length + 3} Invalid option value: a time of more than 24 days can not be waited for`,
      ],
    }),
  ),
  {
    name: "a variable that is not there",
    text: option("retry: {{none}}"),
    fails: [3, "3:10 Undefined variable: you must set the variable none"],
  },
  {
    name: "a variable of every kind",
    text: [
      "GET {{host}}",
      "[Options]",
      "variable: n=null",
      "variable: b=true",
      "variable: i=42",
      "variable: f=2.5",
      "variable: s=나비 {{i}}",
      'variable: q="42"',
      "HTTP 200",
      "[Asserts]",
      'variable "n" == null',
      'variable "b" == true',
      'variable "i" == 42',
      'variable "f" == 2.5',
      'variable "s" == "나비 42"',
      'variable "q" == "42"',
    ],
  },
]);
