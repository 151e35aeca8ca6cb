// Options that change what is sent, and where to.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { constructs, text } from "./fixtures/construct-cases.ts";
import type { Answer } from "./fixtures/echo.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const folder = temporaryFolder();
writeFileSync(join(folder.path, "netrc"), "machine 127.0.0.1 login 나비 password a:b\n");
const fileRoot = folder.path;

/** GET {{host}} with one option; the lines behind it say what comes. */
function option(line: string, ...rest: readonly string[]): readonly string[] {
  return ["GET {{host}}", "[Options]", line, ...(rest.length === 0 ? ["HTTP 200"] : rest)];
}

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString("base64")}`;

constructs("what is sent", [
  {
    name: "compressed",
    text: option("compressed: true"),
    sent: { headers: { "accept-encoding": "gzip, deflate, br, zstd" } },
  },
  {
    name: "compressed: the body is what the coding holds",
    text: option("compressed: true", "HTTP 200", "`야옹`"),
    answer: text(gzipSync("야옹"), ["Content-Encoding", "gzip"]),
  },
  {
    name: "compressed: false",
    text: option("compressed: false"),
    sent: { headers: { "accept-encoding": undefined } },
  },
  {
    name: "header, more than once, behind the request's own",
    text: option("header: X-Cat: 나비", "header: X-Empty:", "HTTP 200"),
    sent: { headers: { "x-cat": "나비", "x-empty": "" } },
  },
  { name: "http1.0", text: option("http1.0: true"), sent: { version: "1.0" } },
  { name: "http1.1", text: option("http1.1: true"), sent: { version: "1.1" } },
  {
    name: "path-as-is",
    text: ["GET {{host}}/a/../b/./c?d", "[Options]", "path-as-is: true", "HTTP 200"],
    sent: { target: "/a/../b/./c?d" },
  },
  {
    name: "without it, the dots go",
    text: ["GET {{host}}/a/../b/./c?d", "HTTP 200"],
    sent: { target: "/b/c?d" },
  },
  {
    name: "user",
    text: option("user: 나비:{{password}}"),
    variables: { password: "a:b" },
    sent: { headers: { authorization: basic("나비:a:b") } },
  },
  {
    name: "[BasicAuth] before user",
    text: ["GET {{host}}", "[BasicAuth]", "a: b", "[Options]", "user: c:d", "HTTP 200"],
    sent: { headers: { authorization: basic("a:b") } },
  },
  {
    name: "aws-sigv4",
    text: [
      "GET {{host}}",
      "[Options]",
      "aws-sigv4: aws:amz:eu-central-1:execute-api",
      "user: KEY:secret",
      "HTTP 200",
    ],
    sent: {
      headers: {
        authorization:
          /^AWS4-HMAC-SHA256 Credential=KEY\/\d{8}\/eu-central-1\/execute-api\/aws4_request, ?SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*, ?Signature=[0-9a-f]{64}$/,
        "x-amz-date": /^\d{8}T\d{6}Z$/,
      },
    },
  },
  {
    name: "netrc-file",
    text: option("netrc-file: {{folder}}/netrc"),
    variables: { folder: fileRoot },
    sent: { headers: { authorization: basic("나비:a:b") } },
  },
  {
    name: "netrc-file that is not there",
    text: option("netrc-file: /no/such/netrc"),
    fails: [
      3,
      "1:5 Unsupported option: credentials cannot be taken from the netrc file: there is no file /no/such/netrc",
    ],
  },
  {
    name: "netrc, in the home folder",
    text: option("netrc: true"),
    environment: { HOME: "/no/such/home" },
    fails: [
      3,
      "1:5 Unsupported option: credentials cannot be taken from the netrc file: there is no file /no/such/home/.netrc",
    ],
  },
  {
    name: "netrc-optional: it need not be there",
    text: option("netrc-optional: true"),
    environment: { HOME: "/no/such/home" },
    sent: { headers: { authorization: undefined } },
  },
]);

const DIGEST: Answer = ({ headers }, response) => {
  if (headers.authorization?.startsWith("Digest ") === true) {
    response.end(headers.authorization);
    return;
  }
  response
    .writeHead(401, { "WWW-Authenticate": 'Digest realm="cats", nonce="n1", qop="auth", algorithm=SHA-256' })
    .end();
};

constructs("answers that lead on", [
  {
    name: "digest",
    text: [
      "GET {{host}}",
      "[Options]",
      "digest: true",
      "user: nabi:meow",
      "HTTP 200",
      "[Asserts]",
      'body contains "username=\\"nabi\\""',
      "redirects count == 0",
    ],
    answer: DIGEST,
  },
  {
    name: "digest that is not asked for sends no credentials",
    text: ["GET {{host}}", "[Options]", "digest: true", "user: nabi:meow", "HTTP 200"],
    sent: { headers: { authorization: undefined } },
  },
  {
    name: "location",
    text: ["GET {{host}}/a", "[Options]", "location: true", "HTTP 200", "`there`"],
    answers: { "/a": { status: 302, fields: [["Location", "b"]] }, "/b": text("there") },
  },
  {
    name: "location: false",
    text: ["GET {{host}}/a", "[Options]", "location: false", "HTTP 302"],
    answers: { "/a": { status: 302, fields: [["Location", "b"]] } },
  },
  {
    name: "location-trusted follows, too",
    text: ["GET {{host}}/a", "[Options]", "location-trusted: true", "HTTP 200"],
    answers: { "/a": { status: 302, fields: [["Location", "b"]] } },
  },
  {
    name: "max-redirs",
    text: ["GET {{host}}/a", "[Options]", "location: true", "max-redirs: {{most}}", "HTTP 200"],
    answers: { "/a": { status: 302, fields: [["Location", "a"]] } },
    variables: { most: 3 },
    fails: [3, "1:5 HTTP connection: too many redirects: 3 are allowed"],
  },
  {
    name: "max-redirs: 0",
    text: ["GET {{host}}/a", "[Options]", "location: true", "max-redirs: 0", "HTTP 200"],
    answers: { "/a": { status: 302, fields: [["Location", "a"]] } },
    fails: [3, "1:5 HTTP connection: too many redirects: 0 are allowed"],
  },
  {
    name: "max-redirs: -1",
    text: ["GET {{host}}/a", "[Options]", "location: true", "max-redirs: -1", "HTTP 200"],
    answers: { "/a": { status: 302, fields: [["Location", "b"]] } },
  },
]);

constructs("where to", [
  {
    name: "connect-to",
    text: ["GET http://cats.test/x", "[Options]", "connect-to: cats.test:80:127.0.0.1:{{port}}", "HTTP 200"],
    sent: { headers: { host: "cats.test" }, target: "/x" },
  },
  {
    name: "connect-to in another form",
    text: option("connect-to: nonsense"),
    fails: [
      3,
      '1:5 Unsupported option: Cannot connect to "nonsense": it is not "HOST1:PORT1:HOST2:PORT2". An IPv6 address is in brackets',
    ],
  },
  {
    name: "resolve",
    text: [
      "GET http://cats.test:{{port}}/x",
      "[Options]",
      "resolve: cats.test:{{port}}:127.0.0.1",
      "HTTP 200",
    ],
    sent: { target: "/x" },
  },
  {
    name: "proxy",
    text: ["GET http://cats.test/x", "[Options]", "proxy: 127.0.0.1:{{port}}", "HTTP 200"],
    sent: { target: "http://cats.test/x", headers: { host: "cats.test" } },
  },
  {
    name: "proxy, and a host that needs none",
    text: ["GET {{host}}/x", "[Options]", "proxy: 127.0.0.1:1", "HTTP 200"],
    noProxy: "127.0.0.1",
    sent: { target: "/x" },
  },
  { name: "ipv4", text: option("ipv4: true") },
  {
    name: "ipv6, of an address that is none",
    text: option("ipv6: true"),
    fails: [
      3,
      "1:5 HTTP connection: Cannot connect to {{address}}: the host has no IPv6 address, and no other is wanted",
    ],
  },
  {
    name: "unix-socket that is not there",
    text: option("unix-socket: /no/such/socket"),
    fails: [
      3,
      "1:5 HTTP connection: Cannot connect to /no/such/socket: there is no such socket. Is the server running, and is this the path it listens on?",
    ],
  },
]);
