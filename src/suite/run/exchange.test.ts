// The requests of an entry, one after the other: redirects and what goes along, cookies, credentials.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import { type Answer, echoServer, type Received } from "../../../test/fixtures/echo.ts";
import { accountOf, callsOf, type RunParts, runText, wayOf } from "../../../test/fixtures/hurl-run.ts";
import { temporaryFolder } from "../../../test/fixtures/temporary-folder.ts";
import type { FileOutcome } from "./outcome.ts";

const server = echoServer();
const elsewhere = echoServer();
const folder = temporaryFolder();

beforeEach(() => {
  server.received.length = 0;
  elsewhere.received.length = 0;
});

function run(text: string, parts: RunParts = {}): Promise<FileOutcome> {
  const variables = { host: server.url(), elsewhere: elsewhere.url(), ...parts.variables };
  return runText(text, { ...parts, variables });
}

const LOCATION = { location: true };

function lastOf(received: readonly Received[]): Received {
  const last = received.at(-1);
  assert.ok(last !== undefined, "a request has come");
  return last;
}

describe("the method and the body after a redirect", () => {
  const cases = [
    { status: 301, method: "GET", next: "GET", body: "" },
    { status: 301, method: "POST", next: "GET", body: "" },
    { status: 301, method: "PUT", next: "PUT", body: "야옹" },
    { status: 302, method: "POST", next: "GET", body: "" },
    { status: 302, method: "HEAD", next: "HEAD", body: "" },
    { status: 303, method: "POST", next: "GET", body: "" },
    { status: 303, method: "PUT", next: "GET", body: "" },
    { status: 303, method: "HEAD", next: "HEAD", body: "" },
    { status: 307, method: "POST", next: "POST", body: "야옹" },
    { status: 307, method: "PATCH", next: "PATCH", body: "야옹" },
    { status: 308, method: "POST", next: "POST", body: "야옹" },
    { status: 308, method: "GET", next: "GET", body: "" },
  ];
  for (const { status, method, next, body } of cases) {
    test(`${status} of ${method} leads to ${next}${body === "" ? "" : " with its body"}`, async () => {
      server.on("/start", { status, fields: [["Location", "/end?a=1"]] });
      const content = method === "GET" || method === "HEAD" ? "" : "Content-Type: text/plain\n`야옹`\n";
      const outcome = await run(`${method} {{host}}/start\n${content}HTTP 200\n`, { options: LOCATION });
      assert.deepEqual(wayOf(outcome), [`${method} /start ${status}`, `${next} /end?a=1 200`]);
      const last = lastOf(server.received);
      assert.equal(last.method, next);
      assert.equal(last.body.toString(), body);
      assert.equal(last.headers["content-type"], body === "" ? undefined : "text/plain");
    });
  }
});

describe("what else a redirect is, or is not", () => {
  test("300, 304 and a 302 without a Location are answers", async () => {
    for (const status of [300, 304, 302]) {
      server.on("/start", { status, fields: status === 302 ? [] : [["Location", "/end"]] });
      assert.deepEqual(wayOf(await run("GET {{host}}/start", { options: LOCATION })), [
        `GET /start ${status}`,
      ]);
    }
  });

  test("a Location that is no URL of http ends the entry", async () => {
    server.on("/start", { status: 302, fields: [["Location", "ftp://x/"]] });
    const outcome = await run("GET {{host}}/start\nHTTP 200", { options: LOCATION });
    const why = "Only <http://> and <https://> schemes are supported";
    assert.deepEqual(accountOf(outcome), [3, `1:5 Invalid URL: invalid URL <ftp://x/> (${why})`]);
  });

  test("redirects up to the limit are followed, one more is not", async () => {
    for (let at = 0; at < 5; at++) {
      server.on(`/hop${at}`, { status: 302, fields: [["Location", `/hop${at + 1}`]] });
    }
    const text = "GET {{host}}/hop0\nHTTP 200\n";
    const five = await run(text, { options: { ...LOCATION, maxRedirects: 5 } });
    assert.deepEqual(accountOf(five), [0]);
    assert.equal(callsOf(five).length, 6);
    const four = await run(text, { options: { ...LOCATION, maxRedirects: 4 } });
    assert.deepEqual(accountOf(four), [3, "1:5 HTTP connection: too many redirects: 4 are allowed"]);
    assert.equal(callsOf(four).length, 5);
  });
});

describe("what goes along to another origin", () => {
  const REQUEST = `GET {{host}}/away
Authorization: Bearer token
X-Own: 1
Host: cats.test
[Cookies]
theme: dark
HTTP 200
`;
  const cases = [
    {
      name: "credentials and cookies do not",
      options: LOCATION,
      authorization: undefined,
      cookie: undefined,
    },
    {
      name: "with location-trusted, all do",
      options: { location: true, locationTrusted: true },
      authorization: "Bearer token",
      cookie: "theme=dark",
    },
  ];
  for (const { name, options, authorization, cookie } of cases) {
    test(name, async () => {
      server.on("/away", { status: 302, fields: [["Location", `${elsewhere.url()}/here`]] });
      assert.deepEqual(accountOf(await run(REQUEST, { options })), [0]);
      const { headers } = lastOf(elsewhere.received);
      assert.equal(headers.authorization, authorization);
      assert.equal(headers.cookie, cookie);
      assert.equal(headers["x-own"], "1");
      assert.equal(headers.host, `127.0.0.1:${elsewhere.port()}`);
    });
  }

  test("to the same origin they all do", async () => {
    server.on("/away", { status: 302, fields: [["Location", "/here"]] });
    assert.deepEqual(accountOf(await run(REQUEST, { options: LOCATION })), [0]);
    const { headers } = lastOf(server.received);
    assert.equal(headers.authorization, "Bearer token");
    assert.equal(headers.cookie, "theme=dark");
    assert.equal(headers.host, "cats.test");
  });

  for (const locationTrusted of [false, true]) {
    test(`the option user ${locationTrusted ? "with" : "without"} location-trusted`, async () => {
      server.on("/away", { status: 307, fields: [["Location", `${elsewhere.url()}/here`]] });
      await run("GET {{host}}/away\n", { options: { location: true, locationTrusted, user: "나비:meow" } });
      const expected = `Basic ${Buffer.from("나비:meow").toString("base64")}`;
      assert.equal(server.received[0]?.headers.authorization, expected);
      const there = lastOf(elsewhere.received).headers.authorization;
      assert.equal(there, locationTrusted ? expected : undefined);
    });
  }
});

describe("cookies", () => {
  test("set on a redirect, they are there for what it leads to, and for later entries", async () => {
    server.on("/login", {
      status: 302,
      fields: [
        ["Location", "/home"],
        ["Set-Cookie", "id=나비; Path=/"],
      ],
    });
    const outcome = await run("POST {{host}}/login\nHTTP 200\n\nGET {{host}}/again\n", { options: LOCATION });
    const cookies = server.received.map(({ headers }) => headers.cookie);
    assert.deepEqual(cookies, [undefined, latin1("id=나비"), latin1("id=나비")]);
    assert.deepEqual(
      outcome.cookies.map(({ name, value }) => `${name}=${value}`),
      [latin1("id=나비")],
    );
  });

  test("one that expires is gone, one for another path is not sent", async () => {
    server.on("/set", {
      fields: [
        ["Set-Cookie", "a=1; Path=/"],
        ["Set-Cookie", "b=2; Path=/deep"],
      ],
    });
    server.on("/unset", { fields: [["Set-Cookie", "a=; Path=/; Max-Age=0"]] });
    await run("GET {{host}}/set\n\nGET {{host}}/one\n\nGET {{host}}/unset\n\nGET {{host}}/deep/two\n");
    const cookies = server.received.map(({ headers }) => headers.cookie);
    assert.deepEqual(cookies, [undefined, "a=1", "a=1", "b=2"]);
  });

  test("with the request's own and those of [Cookies], they are one field", async () => {
    server.on("/set", { fields: [["Set-Cookie", "stored=1; Path=/"]] });
    await run("GET {{host}}/set\n\nGET {{host}}/get\nCookie: own=2\n[Cookies]\ngiven: 3\n");
    const { rawHeaders } = lastOf(server.received);
    const lines = rawHeaders.filter((_, index) => rawHeaders[index - 1]?.toLowerCase() === "cookie");
    assert.deepEqual(lines, ["own=2; stored=1; given=3"]);
  });

  test("without a store none is kept", async () => {
    server.on("/set", { fields: [["Set-Cookie", "a=1; Path=/"]] });
    const outcome = await run("GET {{host}}/set\n\nGET {{host}}/get\n", { cookieStore: false });
    assert.equal(lastOf(server.received).headers.cookie, undefined);
    assert.deepEqual(outcome.cookies, []);
  });
});

/** Asks for a digest until one comes. */
const challenging: Answer = ({ headers }, response) => {
  const given = headers.authorization?.startsWith("Digest ") === true;
  if (given) response.end("welcome");
  else {
    const challenge = 'Digest realm="cats", nonce="n1", qop="auth", algorithm=SHA-256';
    response.writeHead(401, { "WWW-Authenticate": challenge }).end();
  }
};

describe("credentials", () => {
  test("a digest challenge is answered: the body is sent again", async () => {
    server.on("/digest", challenging);
    const outcome = await run("PUT {{host}}/digest\n`야옹`\nHTTP 200\n`welcome`\n", {
      options: { digest: true, user: "nabi:meow" },
    });
    assert.deepEqual(accountOf(outcome), [0]);
    assert.deepEqual(wayOf(outcome), ["PUT /digest 401", "PUT /digest 200"]);
    const [first, second] = server.received;
    assert.equal(first?.headers.authorization, undefined);
    assert.match(
      second?.headers.authorization ?? "",
      /username="nabi".*realm="cats".*uri="\/digest".*nc=00000001/,
    );
    assert.equal(second?.body.toString(), "야옹");
  });

  test("a digest challenge to wrong credentials is answered once", async () => {
    server.on("/never", {
      status: 401,
      fields: [["WWW-Authenticate", 'Digest realm="x", nonce="n", qop="auth"']],
    });
    const outcome = await run("GET {{host}}/never\nHTTP 200\n", { options: { digest: true, user: "a:b" } });
    assert.deepEqual(accountOf(outcome), [4, "2:6 Assert status code: actual value is <401>"]);
    assert.deepEqual(wayOf(outcome), ["GET /never 401", "GET /never 401"]);
  });

  test("a challenge that asks for something else is an answer", async () => {
    server.on("/basic", { status: 401, fields: [["WWW-Authenticate", 'Basic realm="x"']] });
    const outcome = await run("GET {{host}}/basic\nHTTP 401\n", { options: { digest: true, user: "a:b" } });
    assert.deepEqual(wayOf(outcome), ["GET /basic 401"]);
  });

  test("those of the URL are sent as Basic, decoded, and not as part of it", async () => {
    const host = server.url().replace("//", "//a%3Ab:%EB%82%98@");
    await run("GET {{own}}/x\nHTTP 200\n", { variables: { own: host } });
    const { headers, target } = lastOf(server.received);
    assert.equal(headers.authorization, `Basic ${Buffer.from("a:b:나").toString("base64")}`);
    assert.equal(target, "/x");
    assert.equal(headers.host, `127.0.0.1:${server.port()}`);
  });

  test("an Authorization of the request's own stays", async () => {
    await run("GET {{host}}/x\nAuthorization: Bearer t\n", { options: { user: "a:b" } });
    assert.equal(lastOf(server.received).headers.authorization, "Bearer t");
  });

  test("~/.netrc has those of a host, and of no other", async () => {
    writeFileSync(
      join(folder.path, ".netrc"),
      "machine 127.0.0.1\n  login nabi\n  password meow\nmachine x login y\n",
    );
    const environment = { HOME: folder.path };
    await run("GET {{host}}/x\n", { options: { netrc: "required" }, environment });
    assert.equal(lastOf(server.received).headers.authorization, "Basic bmFiaTptZW93");
    await run(`GET http://localhost:${server.port()}/x\n`, { options: { netrc: "required" }, environment });
    assert.equal(lastOf(server.received).headers.authorization, undefined);
  });

  test("a signature is of each request", async () => {
    server.on("/signed", { status: 307, fields: [["Location", "/again"]] });
    const options = { ...LOCATION, awsSigv4: "aws:amz:us-east-1:es", user: "KEY:secret" };
    await run("POST {{host}}/signed\n`야옹`\n", { options });
    const signatures = server.received.map(({ headers }) =>
      headers.authorization?.replace(/^.*Signature=/, ""),
    );
    assert.equal(signatures.length, 2);
    assert.notEqual(signatures[0], signatures[1]);
    for (const one of signatures) assert.match(one ?? "", /^[0-9a-f]{64}$/);
  });
});

/** A field's bytes as Node gives them. */
function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}
