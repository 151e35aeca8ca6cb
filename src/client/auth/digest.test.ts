import assert from "node:assert/strict";
import { test } from "node:test";
import { parseChallenges } from "./challenges.ts";
import { type DigestChallenge, type DigestRequest, digestAuthorization, digestChallenge } from "./digest.ts";

function challengeOf(...lines: string[]): DigestChallenge {
  const challenge = digestChallenge(lines);
  assert.ok(challenge !== undefined);
  return challenge;
}

/** The parameters of an Authorization value, which has a challenge's form. */
function parametersOf(authorization: string): Record<string, string> {
  const [credentials, ...more] = parseChallenges(authorization) ?? [];
  assert.equal(credentials?.scheme, "digest");
  assert.equal(more.length, 0);
  return Object.fromEntries(credentials.parameters);
}

const MUFASA = { method: "GET", target: "/dir/index.html", user: "Mufasa", nc: 1 };
const RFC_7616 = [
  'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
  'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
] as const;
const CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
const RFC_2617 =
  'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"';

test("The example of RFC 7616, 3.9.1 comes out as it stands there, with SHA-256", () => {
  const authorization = digestAuthorization({
    ...MUFASA,
    challenge: challengeOf(...RFC_7616),
    password: "Circle of Life",
    cnonce: CNONCE,
  });
  assert.deepEqual(parametersOf(authorization), {
    username: "Mufasa",
    realm: "http-auth@example.org",
    uri: "/dir/index.html",
    algorithm: "SHA-256",
    nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    nc: "00000001",
    cnonce: CNONCE,
    qop: "auth",
    response: "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    opaque: "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
  });
});

test("The whole value: strings in quotes, the others without", () => {
  const authorization = digestAuthorization({
    ...MUFASA,
    challenge: challengeOf(RFC_2617),
    password: "Circle Of Life",
    cnonce: "0a4f113b",
  });
  assert.equal(
    authorization,
    'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ' +
      'uri="/dir/index.html", response="6629fae49393a05397450978507c4ef1", qop=auth, nc=00000001, ' +
      'cnonce="0a4f113b", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
  );
});

const USERHASH =
  'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true';
const JASON = {
  method: "GET",
  target: "/doe.json",
  user: "Jäsøn Doe",
  password: "Secret, or not?",
  cnonce: "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
  nc: 1,
};

const responses: readonly {
  title: string;
  request: DigestRequest;
  expected: Record<string, string | undefined>;
}[] = [
  {
    title: "MD5, RFC 7616, 3.9.1",
    request: { ...MUFASA, challenge: challengeOf(RFC_7616[1]), password: "Circle of Life", cnonce: CNONCE },
    expected: { response: "8ca523f5e9506fed4657c9700eebdbec", algorithm: "MD5" },
  },
  {
    // The hashes as erratum 4897 corrects them: the RFC's own are those of SHA-512, cut short.
    title: "SHA-512-256 with a hash of the user's name, RFC 7616, 3.9.2",
    request: { ...JASON, challenge: challengeOf(USERHASH) },
    expected: {
      username: "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b",
      response: "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5",
      userhash: "true",
    },
  },
  {
    title: "a name in another form of Unicode is the same name",
    request: { ...JASON, user: "Ja\u0308søn Doe", challenge: challengeOf(USERHASH) },
    expected: { response: "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5" },
  },
  {
    title: "a name beyond ASCII is percent-encoded for who reads UTF-8",
    request: { ...JASON, challenge: challengeOf(USERHASH.replace("userhash=true", "userhash=false")) },
    expected: {
      username: undefined,
      "username*": "UTF-8''J%C3%A4s%C3%B8n%20Doe",
      response: "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5",
      userhash: undefined,
    },
  },
  {
    title: "a name beyond ASCII is bytes for who does not say what it reads",
    request: { ...JASON, user: "뽀로로", challenge: challengeOf(RFC_2617) },
    expected: { username: Buffer.from("뽀로로").toString("latin1"), "username*": undefined },
  },
  {
    title: "a name with quotes is a quoted string",
    request: { ...JASON, user: 'a "b" \\c', challenge: challengeOf(RFC_2617) },
    expected: { username: 'a "b" \\c' },
  },
  {
    // RFC 2069, 2.4 has another value; erratum 749 corrects it to this one.
    title: "no qop, as RFC 2069 had it",
    request: {
      ...MUFASA,
      challenge: challengeOf(
        'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
      ),
      password: "CircleOfLife",
      cnonce: "0a4f113b",
    },
    expected: {
      response: "1949323746fe6a43ef61f9606e7febea",
      qop: undefined,
      nc: undefined,
      cnonce: undefined,
      algorithm: undefined,
    },
  },
  {
    title: "the count is in hexadecimal",
    request: { ...MUFASA, challenge: challengeOf(RFC_2617), password: "x", cnonce: "y", nc: 26 },
    expected: { nc: "0000001a" },
  },
];

for (const { title, request, expected } of responses) {
  test(`digestAuthorization(): ${title}`, () => {
    const parameters = parametersOf(digestAuthorization(request));
    for (const [name, value] of Object.entries(expected)) assert.equal(parameters[name], value, name);
  });
}

// Computed with OpenSSL's command from RFC 7616, 3.4.1 to 3.4.3.
const computed: readonly (readonly [challenge: string, body: string | undefined, response: string])[] = [
  ["algorithm=MD5-sess, qop=auth", undefined, "7b995c9a202193d99b89f5217fa9a82d"],
  [
    "algorithm=SHA-256-sess, qop=auth",
    undefined,
    "19600d7603d59f74cb03a1b18b3b89b0ace40140e91a11f907727001a0949109",
  ],
  ["algorithm=MD5-sess", undefined, "c2b83b08a35572f4b624cdcac24c5828"],
  ["algorithm=MD5, qop=auth-int", "이름=값", "2d3cb49a7df95c1cfdfdab0516fc2a5d"],
  [
    "algorithm=SHA-256, qop=auth-int",
    undefined,
    "5d12c28c262afde026097f7dd9da2b8f46a0e2bc82d19b99b021b3cd33ad1c95",
  ],
  [
    "algorithm=SHA-512-256-sess, qop=auth-int",
    "이름=값",
    "529361d1686ee00812bce0537c3465cde70effe2149ff859dc90b30bf7541bdd",
  ],
];

for (const [parameters, body, response] of computed) {
  test(`digestAuthorization() with ${parameters}${body === undefined ? "" : " and a body"}`, () => {
    const authorization = digestAuthorization({
      challenge: challengeOf(`Digest realm="r", nonce="n", ${parameters}`),
      method: "POST",
      target: "/a?b=c",
      user: "u",
      password: "p",
      cnonce: "c",
      nc: 1,
      body: body === undefined ? undefined : Buffer.from(body),
    });
    assert.equal(parametersOf(authorization).response, response);
    assert.equal(parametersOf(authorization).cnonce, "c");
  });
}

const choices: readonly (readonly [
  lines: readonly string[],
  expected: Partial<DigestChallenge> | undefined,
])[] = [
  [
    ['Digest realm="r", nonce="n"'],
    { algorithm: "MD5", algorithmNamed: false, qop: undefined, stale: false },
  ],
  [['DIGEST REALM="r", NONCE="n", ALGORITHM="sha-256", QOP=AUTH'], { algorithm: "SHA-256", qop: "auth" }],
  [['Digest realm="r", nonce="n", qop="auth-int"'], { qop: "auth-int" }],
  [['Digest realm="r", nonce="n", qop="auth-int , auth"'], { qop: "auth" }],
  [['Digest realm="r", nonce="n", qop=""'], { qop: undefined }],
  [
    ['Digest realm="r", nonce="n", stale=TRUE, charset=utf-8, userhash=true'],
    { stale: true, utf8: true, userhash: true },
  ],
  [
    ['Digest realm="r", nonce="n", stale=no, charset=latin1, userhash=1'],
    { stale: false, utf8: false, userhash: false },
  ],
  [['Digest realm="a \\"b\\"", nonce="n"'], { realm: 'a "b"', opaque: undefined }],
  [['Basic realm="b", Digest realm="r", nonce="n", opaque=""'], { realm: "r", opaque: "" }],
  [["Negotiate", 'Digest realm="r", nonce="n"'], { realm: "r" }],
  [["broken=;", 'Digest realm="r", nonce="n"'], { realm: "r" }],
  [['Digest realm="1", nonce="n", algorithm=SHA-3, Digest realm="2", nonce="n"'], { realm: "2" }],
  [['Digest realm="1", nonce="n", qop="auth-conf", Digest realm="2", nonce="n"'], { realm: "2" }],
  [[], undefined],
  [["Digest"], undefined],
  [['Digest realm="r"'], undefined],
  [['Digest nonce="n"'], undefined],
  [['Basic realm="r", nonce="n"'], undefined],
];

for (const [lines, expected] of choices) {
  test(`digestChallenge() of ${JSON.stringify(lines)}${expected === undefined ? " finds none" : ""}`, () => {
    const found = digestChallenge(lines);
    if (expected === undefined) assert.equal(found, undefined);
    else assert.deepEqual({ ...found, ...expected }, found);
  });
}
