import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUrl } from "../url.ts";
import {
  type AwsSigv4Request,
  awsSigv4Fields,
  canonicalPath,
  canonicalQuery,
  parseAwsSigv4,
} from "./aws-sigv4.ts";

type Pairs = readonly (readonly [string, string])[];

// AWS's published test suite: these credentials, this time, region us-east-1 and a service called "service".
const SUITE: AwsSigv4Request = {
  parameter: parseAwsSigv4("aws:amz:us-east-1:service"),
  accessKey: "AKIDEXAMPLE",
  secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  method: "GET",
  url: parseUrl("https://example.amazonaws.com/"),
  fields: [],
  body: undefined,
  now: new Date("2015-08-30T12:36:00Z"),
};

const suite: readonly {
  name: string;
  method?: string;
  target?: string;
  fields?: Pairs;
  body?: string;
  signed?: string;
  signature: string;
}[] = [
  { name: "get-vanilla", signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31" },
  {
    name: "post-vanilla",
    method: "POST",
    signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  },
  {
    name: "get-unreserved",
    target: "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
  },
  {
    name: "get-vanilla-query-order-key-case",
    target: "/?Param2=value2&Param1=value1",
    signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  },
  {
    name: "get-vanilla-query-order-value",
    target: "/?Param1=value2&Param1=value1",
    signature: "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694",
  },
  {
    name: "get-vanilla-utf8-query",
    target: "/?\u1234=bar",
    signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
  },
  {
    name: "get-header-key-duplicate",
    fields: [
      ["My-Header1", "value2"],
      ["My-Header1", "value2"],
      ["My-Header1", "value1"],
    ],
    signed: "host;my-header1;x-amz-date",
    signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
  },
  {
    name: "get-header-value-order",
    fields: [
      ["My-Header1", "value4"],
      ["My-Header1", "value1"],
      ["my-header1", "value3"],
      ["MY-HEADER1", "value2"],
    ],
    signed: "host;my-header1;x-amz-date",
    signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
  },
  {
    name: "get-header-value-trim",
    fields: [
      ["My-Header1", " value1"],
      ["My-Header2", ' "a   b   c"'],
    ],
    signed: "host;my-header1;my-header2;x-amz-date",
    signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
  },
  {
    name: "post-x-www-form-urlencoded",
    method: "POST",
    fields: [["Content-Type", "application/x-www-form-urlencoded"]],
    body: "Param1=value1",
    signed: "content-type;host;x-amz-date",
    signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  },
  {
    name: "post-sts-header-before",
    method: "GET",
    fields: [["X-Amz-Security-Token", "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"]],
    signed: "host;x-amz-date;x-amz-security-token",
    signature: "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
  },
];

for (const { name, method = "GET", target = "/", fields = [], body, signed, signature } of suite) {
  test(`AWS's test ${name} is signed as published`, () => {
    const added = awsSigv4Fields({
      ...SUITE,
      method,
      url: parseUrl(`https://example.amazonaws.com${target}`),
      fields,
      body: body === undefined ? undefined : Buffer.from(body),
    });
    const scope = "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
    assert.deepEqual(added, [
      [
        "Authorization",
        `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=${signed ?? "host;x-amz-date"}, Signature=${signature}`,
      ],
      ["X-Amz-Date", "20150830T123600Z"],
    ]);
  });
}

// The examples of Amazon S3's API reference, "Signature Calculations for the Authorization Header".
const BUCKET = "https://examplebucket.s3.amazonaws.com";
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const storage: readonly {
  name: string;
  method?: string;
  target: string;
  fields?: Pairs;
  body?: string;
  hash?: string;
  signed: string;
  signature: string;
}[] = [
  {
    name: "GET Object",
    target: "/test.txt",
    fields: [["Range", "bytes=0-9"]],
    signed: "host;range;x-amz-content-sha256;x-amz-date",
    signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  },
  {
    name: "PUT Object",
    method: "PUT",
    target: "/test%24file.text",
    fields: [
      ["Date", "Fri, 24 May 2013 00:00:00 GMT"],
      ["x-amz-storage-class", "REDUCED_REDUNDANCY"],
    ],
    body: "Welcome to Amazon S3.",
    hash: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
    signed: "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
    signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
  },
  {
    name: "GET Bucket Lifecycle",
    target: "/?lifecycle",
    signed: "host;x-amz-content-sha256;x-amz-date",
    signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
  },
  {
    name: "Get Bucket (List Objects)",
    target: "/?max-keys=2&prefix=J",
    signed: "host;x-amz-content-sha256;x-amz-date",
    signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
  },
];

const S3: AwsSigv4Request = {
  ...SUITE,
  parameter: parseAwsSigv4("aws:amz:us-east-1:s3"),
  accessKey: "AKIAIOSFODNN7EXAMPLE",
  secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  url: parseUrl(`${BUCKET}/`),
  body: Buffer.alloc(0),
  now: new Date("2013-05-24T00:00:00Z"),
};

for (const {
  name,
  method = "GET",
  target,
  fields = [],
  body = "",
  hash = EMPTY,
  signed,
  signature,
} of storage) {
  test(`S3's example ${name} is signed as published`, () => {
    const added = awsSigv4Fields({
      ...S3,
      method,
      url: parseUrl(BUCKET + target),
      fields,
      body: Buffer.from(body),
    });
    const scope = "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
    assert.deepEqual(added, [
      ["Authorization", `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=${signed}, Signature=${signature}`],
      ["X-Amz-Date", "20130524T000000Z"],
      ["X-Amz-Content-Sha256", hash],
    ]);
  });
}

const paths: readonly (readonly [path: string, encoded: boolean, canonical: string])[] = [
  ["", true, "/"],
  ["/", true, "/"],
  ["/a=b", true, "/a%3Db"],
  ["/a=b", false, "/a=b"],
  ["/example space/", true, "/example%20space/"],
  ["/\u1234", true, "/%E1%88%B4"],
  ["/a%2Fb/c%3A", true, "/a%252Fb/c%253A"],
  ["/a%2Fb", false, "/a%2Fb"],
  ["//example//", false, "//example//"],
];
for (const [path, encoded, canonical] of paths) {
  test(`The path ${path} is signed as ${canonical}${encoded ? "" : " for S3"}`, () => {
    assert.equal(canonicalPath(path, encoded), canonical);
  });
}

const queries: readonly (readonly [query: string, canonical: string])[] = [
  ["", ""],
  ["Param1=", "Param1="],
  ["name=me&noval&aim=b%aad&weirdo=*.//-", "aim=b%AAd&name=me&noval=&weirdo=%2A.%2F%2F-"],
  ["hello=a&b&c=&d", "b=&c=&d=&hello=a"],
  ["Param-3=Value3&Param=Value2&%E1%88%B4=Value1", "%E1%88%B4=Value1&Param=Value2&Param-3=Value3"],
  ["a=10&a=9&a=1&a=1", "a=1&a=1&a=10&a=9"],
  ["x=a.b&x=a%2Fb", "x=a%2Fb&x=a.b"],
  ["a=1=2", "a=1%3D2"],
  ["q=a+b", "q=a%2Bb"],
  ["q=100%&r=%zz", "q=100%25&r=%25zz"],
  ["&&a=1&", "a=1"],
];
for (const [query, canonical] of queries) {
  test(`The query ${JSON.stringify(query)} is signed as ${JSON.stringify(canonical)}`, () => {
    assert.equal(canonicalQuery(query), canonical);
  });
}

const field = (fields: Pairs, name: string): string | undefined =>
  fields.find(([each]) => each === name)?.[1];

const parameters: readonly (readonly [text: string, url: string, scope: string, date: string])[] = [
  ["aws:amz", "https://ec2.eu-west-1.amazonaws.com/", "eu-west-1/ec2/aws4_request", "X-Amz-Date"],
  ["aws:amz:us-east-2", "https://es.amazonaws.com/", "us-east-2/es/aws4_request", "X-Amz-Date"],
  ["aws:amz:us-east-2:es", "http://localhost:9200/", "us-east-2/es/aws4_request", "X-Amz-Date"],
  ["Test:TRY:r:s", "http://localhost/", "r/s/test4_request", "X-Try-Date"],
  ["osc", "https://api.eu-west-2.outscale.com/", "eu-west-2/api/osc4_request", "X-Osc-Date"],
];
for (const [text, url, scope, date] of parameters) {
  test(`The parameter ${text} signs for ${scope}, with ${date}`, () => {
    const added = awsSigv4Fields({ ...SUITE, parameter: parseAwsSigv4(text), url: parseUrl(url) });
    const algorithm = `${text.split(":")[0]?.toUpperCase()}4-HMAC-SHA256`;
    const authorization = field(added, "Authorization") ?? "";
    assert.ok(
      authorization.startsWith(`${algorithm} Credential=AKIDEXAMPLE/20150830/${scope}, SignedHeaders=host;`),
      authorization,
    );
    assert.ok(authorization.includes(`SignedHeaders=host;${date.toLowerCase()}, `), authorization);
    assert.equal(field(added, date), "20150830T123600Z");
  });
}

for (const text of ["", ":amz", "aws:", "aws:amz:", "aws:amz:r:", "a b", "aws:a\r\nb", "가:나"]) {
  test(`The parameter ${JSON.stringify(text)} is refused`, () => {
    assert.throws(() => parseAwsSigv4(text), { code: "AWS_SIGV4_INVALID", message: /^Cannot sign with AWS/ });
  });
}

const unknown: readonly (readonly [text: string, url: string, message: RegExp])[] = [
  ["aws:amz", "http://localhost/", /the service stands neither in the parameter nor in the host "localhost"/],
  ["aws:amz", "http://s3.localhost/", /the region stands neither/],
];
for (const [text, url, message] of unknown) {
  test(`The parameter ${text} is not enough for ${url}`, () => {
    const request = { ...SUITE, parameter: parseAwsSigv4(text), url: parseUrl(url) };
    assert.throws(() => awsSigv4Fields(request), { code: "AWS_SIGV4_INVALID", message });
  });
}

test("A request with an Authorization of its own stays as it is", () => {
  assert.deepEqual(awsSigv4Fields({ ...SUITE, fields: [["authorization", "Bearer x"]] }), []);
});

test("The caller's own date, Host and hash are the ones that are signed", () => {
  const signed = awsSigv4Fields({ ...SUITE, now: new Date(0), fields: [["x-amz-date", "20150830T123600Z"]] });
  assert.deepEqual(signed, awsSigv4Fields(SUITE).slice(0, 1));

  const url = parseUrl("http://127.0.0.1:3091/");
  const host = awsSigv4Fields({ ...SUITE, url, fields: [["Host", "example.amazonaws.com"]] });
  assert.deepEqual(host, awsSigv4Fields(SUITE));

  const own = awsSigv4Fields({ ...S3, fields: [["X-Amz-Content-Sha256", EMPTY]], body: Buffer.from("else") });
  assert.deepEqual(own, awsSigv4Fields(S3).slice(0, 2));
});

test("A field's bytes are signed as they are sent", () => {
  const added = awsSigv4Fields({
    ...SUITE,
    fields: [["My-Header1", Buffer.from("뽀로로").toString("latin1")]],
  });
  // Computed apart, by Python's hashlib and hmac.
  const signature = "5a56cb252a104c45d622ebe89464e9805cea58d053cad38e7d36a24243b8c5c6";
  assert.ok(field(added, "Authorization")?.endsWith(`=host;my-header1;x-amz-date, Signature=${signature}`));
});

test("Only Amazon's S3 gets the body's hash in a field", () => {
  const names = awsSigv4Fields({ ...S3, parameter: parseAwsSigv4("osc:osc:r:s3") }).map(([name]) => name);
  assert.deepEqual(names, ["Authorization", "X-Osc-Date"]);
});

test("S3 takes a body that is not known yet", () => {
  const added = awsSigv4Fields({ ...S3, body: "unsigned" });
  assert.equal(field(added, "X-Amz-Content-Sha256"), "UNSIGNED-PAYLOAD");
  assert.notEqual(field(added, "Authorization"), field(awsSigv4Fields(S3), "Authorization"));
  assert.deepEqual(awsSigv4Fields({ ...S3, body: undefined }), awsSigv4Fields(S3));
  assert.deepEqual(awsSigv4Fields({ ...SUITE, body: "unsigned" }), awsSigv4Fields(SUITE));
});
