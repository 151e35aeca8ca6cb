// Secrets: whatever form they turn up in, nobody sees them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { echoServer } from "../../../test/fixtures/echo.ts";
import { type RunParts, runText } from "../../../test/fixtures/hurl-run.ts";
import { failuresOf, failureText } from "../report/failures.ts";
import { jsonLine } from "../report/json.ts";
import type { FileOutcome } from "./outcome.ts";
import { Secrets } from "./secrets.ts";

const KOREAN = '비밀 "a/b+c"';

describe("redact()", () => {
  const cases = [
    { name: "as it is", secret: "s3cret", text: "a s3cret b s3cret", shown: "a *** b ***" },
    { name: "in Korean", secret: KOREAN, text: `x ${KOREAN} y`, shown: "x *** y" },
    { name: "in JSON", secret: KOREAN, text: `{"k":${JSON.stringify(KOREAN)}}`, shown: '{"k":"***"}' },
    { name: "in a URL", secret: KOREAN, text: `?a=${encodeURIComponent(KOREAN)}`, shown: "?a=***" },
    { name: "in a form", secret: "a b&c", text: "x=a+b%26c&y=1", shown: "x=***&y=1" },
    { name: "in base64", secret: KOREAN, text: Buffer.from(KOREAN).toString("base64"), shown: "***" },
    {
      name: "in the bytes of a field",
      secret: KOREAN,
      text: Buffer.from(KOREAN).toString("latin1"),
      shown: "***",
    },
    {
      name: "with characters of regular expressions",
      secret: "a.*(b)$|",
      text: "<a.*(b)$|> axxb",
      shown: "<***> axxb",
    },
    { name: "an empty one is none", secret: "", text: "nothing", shown: "nothing" },
  ];
  for (const { name, secret, text, shown } of cases) {
    test(name, () => {
      const secrets = new Secrets();
      secrets.add(secret);
      assert.equal(secrets.redact(text), shown);
      assert.equal(secrets.has(text), text !== shown);
    });
  }

  test("of two, one of which is a part of the other, nothing is left", () => {
    const secrets = new Secrets();
    secrets.add("cat");
    secrets.add("category");
    assert.equal(secrets.redact("category cat"), "*** ***");
  });

  test("one that comes later is struck out from then on", () => {
    const secrets = new Secrets();
    const { redact } = secrets;
    assert.equal(redact("late"), "late");
    secrets.add("late");
    assert.equal(redact("late"), "***");
  });

  test("law: of a secret of some length nothing is found again", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, unit: "binary" }), fc.string(), (secret, around) => {
        fc.pre(!"***".includes(secret) && !secret.includes("*"));
        const secrets = new Secrets();
        secrets.add(secret);
        for (const form of [secret, JSON.stringify(secret), Buffer.from(secret).toString("base64")])
          assert.ok(!secrets.redact(around + form + around).includes(secret));
      }),
    );
  });
});

describe("in a run", () => {
  const server = echoServer();

  function run(text: string, parts: RunParts = {}): Promise<FileOutcome> {
    return runText(text, { ...parts, variables: { host: server.url(), ...parts.variables } });
  }

  function everythingSaid(outcome: FileOutcome): string {
    const texts = failuresOf(outcome).map((failure) => failureText(failure, outcome));
    const curl = outcome.entries.map((entry) => outcome.redact(entry.curl ?? ""));
    return [...texts, ...curl, jsonLine(outcome)].join("\n");
  }

  const cases = [
    {
      name: "in a header and an assert",
      text: 'GET {{host}}\nX-Token: {{token}}\nHTTP 200\n[Asserts]\njsonpath "$.headers.x-token" == "x"\n',
    },
    { name: "in a URL and a query", text: "GET {{host}}/{{token}}\n[Query]\nt: {{token}}\nHTTP 404\n" },
    {
      name: "in a body that is another",
      text: 'POST {{host}}\n{"t": "{{token}}"}\nHTTP 200\n{"t": "{{token}}"}\n',
    },
    {
      name: "as a password",
      text: "GET {{host}}\n[BasicAuth]\nuser: {{token}}\nHTTP 200\n[Asserts]\nbody == 1\n",
    },
    {
      name: "as an option",
      text: "GET {{host}}\n[Options]\nuser: a:{{token}}\nHTTP 200\n[Asserts]\nbody == 1\n",
    },
    { name: "as a cookie", text: "GET {{host}}\n[Cookies]\nc: {{token}}\nHTTP 200\n[Asserts]\nbody == 1\n" },
  ];
  for (const { name, text } of cases) {
    test(name, async () => {
      const token = "s3cr3t-token-나비";
      const said = everythingSaid(await run(text, { secrets: { token }, continueOnError: true }));
      for (const form of [
        token,
        "s3cr3t",
        Buffer.from(`user:${token}`).toString("base64"),
        Buffer.from(`a:${token}`).toString("base64"),
      ])
        assert.ok(!said.includes(form), `${form} in ${said}`);
      assert.ok(said.includes("***"));
    });
  }

  test("a captured one, redacted", async () => {
    server.on("/token", { fields: [["X-Token", "captured-s3cret"]] });
    const text = `GET {{host}}/token
HTTP 200
[Captures]
token: header "X-Token" redact

GET {{host}}/{{token}}
HTTP 404
`;
    const outcome = await run(text);
    assert.equal(outcome.redact("captured-s3cret"), "***");
    assert.ok(!everythingSaid(outcome).includes("captured-s3cret"));
  });
});
