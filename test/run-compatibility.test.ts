// Where Hurl's users look for what went wrong: the place and the words of failures that options, redirects and
// bodies have, as Hurl has them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { assertCases, type ConstructCase, constructs, json, text } from "./fixtures/construct-cases.ts";
import { type Answer, echoServer } from "./fixtures/echo.ts";
import { accountOf, runText } from "./fixtures/hurl-run.ts";

const MEMBERLESS = json("{}");

function option(line: string): readonly string[] {
  return ["GET {{host}}", "[Options]", line, "HTTP 200"];
}

/** What a placeholder gives is not what the option takes; the place is the variable's name. */
const TYPES: readonly (readonly [option: string, given: string | number | boolean | null, says: string])[] = [
  ["location", 10, "expecting boolean, actual value is integer <10>"],
  ["compressed", "true", "expecting boolean, actual value is string <true>"],
  ["skip", null, "expecting boolean, actual value is null"],
  ["max-redirs", -123, "expecting integer >= -1, actual value is integer <-123>"],
  ["max-redirs", "abc", "expecting integer, actual value is string <abc>"],
  ["repeat", -2, "expecting integer >= -1, actual value is integer <-2>"],
  ["retry", "나비", "expecting integer, actual value is string <나비>"],
  ["retry", 1.5, "expecting integer, actual value is float <1.5>"],
  ["delay", true, "expecting integer, actual value is boolean <true>"],
  ["delay", -1, "expecting integer >= 0, actual value is integer <-1>"],
  ["limit-rate", -1, "expecting integer >= 0, actual value is integer <-1>"],
];

constructs(
  "an option of another type",
  TYPES.map(([name, given, says]): ConstructCase => {
    const line = `${name}: {{given}}`;
    return {
      name: `${line} with ${JSON.stringify(given)}`,
      text: option(line),
      variables: { given },
      fails: [3, `3:${name.length + 5} Invalid expression type: ${says}`],
    };
  }),
);

constructs("the option header", [
  {
    name: "has a name that cannot be sent",
    text: option("header: X-고양이:나비"),
    fails: [
      3,
      "3:9 Invalid option value: invalid header option value <X-고양이:나비>: the name is not one that can be sent",
    ],
  },
  {
    name: "has the value in UTF-8",
    text: option("header: X-Cat: {{name}}"),
    variables: { name: "나비" },
    sent: { headers: { "x-cat": "나비" } },
  },
  {
    name: "has no colon",
    text: option("header: 나비"),
    fails: [3, "3:9 Invalid option value: invalid header option value <나비>: missing `:`"],
  },
  {
    name: "cannot smuggle in a field",
    text: option("header: X: {{value}}"),
    variables: { value: "a\r\nEvil: 1" },
    fails: [
      3,
      "3:9 Invalid option value: invalid header option value <X: a\r\nEvil: 1>: the value is not one that can be sent",
    ],
  },
  {
    name: "of the command line is said of the URL",
    text: ["GET {{host}}", "HTTP 200"],
    options: { headers: ["가: b"] },
    fails: [
      3,
      "1:5 Invalid option value: invalid header option value <가: b>: the name is not one that can be sent",
    ],
  },
  {
    name: "a User-Agent that cannot be sent",
    text: ["GET {{host}}", "HTTP 200"],
    userAgent: "a\nb",
    fails: [
      3,
      "1:5 Invalid option value: invalid header option value <User-Agent: a\nb>: the value is not one that can be sent",
    ],
  },
  {
    name: "a User-Agent in UTF-8",
    text: ["GET {{host}}", "HTTP 200"],
    userAgent: "고양이",
    sent: { headers: { "user-agent": "고양이" } },
  },
]);

constructs("the option output", [
  {
    name: "outside of the file root is said of its value",
    text: option("output: ../나비.txt"),
    fails: [
      3,
      "3:9 Unauthorized file access: unauthorized access to file ../나비.txt, check --file-root option",
    ],
  },
  {
    name: "the last one counts",
    text: ["GET {{host}}", "[Options]", "output: a.txt", "output: ../b.txt", "HTTP 200"],
    fails: [
      3,
      "4:9 Unauthorized file access: unauthorized access to file ../b.txt, check --file-root option",
    ],
  },
]);

/** Fails the first time. */
function secondTry(): Answer {
  let turn = 0;
  return (_received, response) => {
    turn++;
    response.writeHead(turn === 1 ? 503 : 200).end(`try ${turn}\n`);
  };
}

describe("the option output and failures", () => {
  const server = echoServer();

  test("what fails is not written, what works in the end is", async () => {
    server.on("/tries", secondTry());
    const lines = [
      "GET {{host}}/tries",
      "[Options]",
      "output: -",
      "retry: 1",
      "retry-interval: 1",
      "HTTP 200",
    ];
    const printed: string[] = [];
    const outcome = await runText(lines.join("\n"), {
      variables: { host: server.url() },
      print: (bytes) => void printed.push(Buffer.from(bytes).toString()),
    });
    assert.deepEqual(accountOf(outcome), [0]);
    assert.deepEqual(printed, ["try 2\n"]);
  });

  for (const [name, line] of [
    ["a status", "HTTP 404"],
    ["an assert", 'HTTP 200\n[Asserts]\nbody == "나비"'],
    ["a capture", 'HTTP 200\n[Captures]\nname: header "X-None"'],
  ] as const) {
    test(`nothing is written when ${name} fails`, async () => {
      const printed: Uint8Array[] = [];
      const outcome = await runText(`GET {{host}}/echo\n[Options]\noutput: -\n${line}\n`, {
        variables: { host: server.url() },
        print: (bytes) => void printed.push(bytes),
      });
      assert.equal(outcome.success, false);
      assert.deepEqual(printed, []);
    });
  }
});

constructs(
  "a captured secret",
  (
    [
      ['jsonpath "$.list"', "list"],
      ['jsonpath "$.object"', "object"],
      ["bytes", "bytes"],
    ] as const
  ).map(
    ([query, kind]): ConstructCase => ({
      name: `that is no text: ${query}`,
      text: ["GET {{host}}", "HTTP 200", "[Captures]", `비밀: ${query} redact`],
      answer: json('{"list":[1],"object":{}}'),
      fails: [3, `4:1 Invalid secret type: secret must be string, actual value is <${kind}>`],
    }),
  ),
);

constructs(
  "a value that is not there",
  assertCases([
    ['jsonpath "$.absent" == "나비"', MEMBERLESS, "actual: none, expected: string <나비>"],
    ['jsonpath "$.absent" not == "나비"', MEMBERLESS],
    ['jsonpath "$.absent" != "나비"', MEMBERLESS, "actual: none, expected: not string <나비>"],
    ['jsonpath "$.absent" not != "나비"', MEMBERLESS],
    ['jsonpath "$.absent" not contains "나비"', MEMBERLESS],
    ['jsonpath "$.absent" not exists', MEMBERLESS],
    ['header "X-None" != "나비"', MEMBERLESS, "actual: none, expected: not string <나비>"],
  ]),
);

constructs("a capture that finds nothing", [
  {
    name: "is said of its query",
    text: ["GET {{host}}", "HTTP 200", "[Captures]", '고양이: header "X-None"'],
    fails: [3, "4:6 No query result: query didn't return any result"],
  },
]);

const SCHEMES = "Only <http://> and <https://> schemes are supported";

constructs(
  "a Location that is no URL of http",
  (
    [
      ["market://details?id=com.example", `<market://details?id=com.example> (${SCHEMES})`],
      [
        "mailto:나비@example.com",
        "<mailto:%EB%82%98%EB%B9%84@example.com> (Missing scheme <http://> or <https://>)",
      ],
      ["http://", "<http://> (empty host)"],
      ["http://host:99999/", "<http://host:99999/> (invalid port number)"],
    ] as const
  ).map(
    ([location, says]): ConstructCase => ({
      name: location,
      text: option("location: true"),
      answer: { status: 302, fields: [["Location", location]] },
      fails: [3, `1:5 Invalid URL: invalid URL ${says}`],
    }),
  ),
);

constructs("a body of bytes that is another one", [
  {
    name: "base64: the place is what is encoded",
    text: ["GET {{host}}", "HTTP 200", "base64,bGluZTEK;"],
    answer: text("냥"),
    fails: [4, "3:8 Assert body value: actual value is <eb83a5>"],
  },
  {
    name: "base64 over lines",
    text: ["GET {{host}}", "HTTP 200", "base64,bGlu", "ZTEK", ";"],
    answer: text("냥"),
    fails: [4, "3:8 Assert body value: actual value is <eb83a5>"],
  },
  {
    name: "hex: the place is what is encoded",
    text: ["GET {{host}}", "HTTP 200", "hex,00ff;"],
    answer: text("냥"),
    fails: [4, "3:5 Assert body value: actual value is <eb83a5>"],
  },
]);
