import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import zlib from "node:zlib";
import fc from "fast-check";
import { Fields } from "../protocol/fields.ts";
import { contentCodings, decode } from "./decoding.ts";
import { ClientError } from "./errors.ts";

/** "Sockeye swims upstream. " forty times, compressed by the reference zstd with its checksum. */
const ZSTD = Buffer.from("KLUv/QRYBQEAwFNvY2tleWUgc3dpbXMgdXBzdHJlYW0uIAEAlN5qjgFHjhDD", "base64");
const TEXT = "Sockeye swims upstream. ".repeat(40);

const CODERS: { readonly [coding: string]: (bytes: Uint8Array) => Uint8Array } = {
  gzip: (bytes) => zlib.gzipSync(bytes),
  "x-gzip": (bytes) => zlib.gzipSync(bytes),
  deflate: (bytes) => zlib.deflateSync(bytes),
  br: (bytes) => zlib.brotliCompressSync(bytes),
};

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of source) all.push(piece);
  return Buffer.concat(all);
}

const encoded: [string, Uint8Array][] = [
  ...Object.entries(CODERS).map(([coding, encode]): [string, Uint8Array] => [
    coding,
    encode(Buffer.from(TEXT)),
  ]),
  ["deflate", zlib.deflateRawSync(TEXT)],
  ["zstd", ZSTD],
];

for (const [coding, bytes] of encoded) {
  for (const size of [1, 7, bytes.length]) {
    test(`${coding} is undone from pieces of ${size} bytes`, async () => {
      assert.equal((await collect(decode(pieces(bytes, size), [coding]))).toString(), TEXT);
    });
  }

  test(`${coding} without its end is an error, wherever it is cut`, async () => {
    for (const length of new Set([1, 5, 12, bytes.length >> 1, bytes.length - 5, bytes.length - 1])) {
      const cut = collect(decode(pieces(bytes.subarray(0, length), 4), [coding]));
      await assert.rejects(
        cut,
        { code: "DECODING", kind: "protocol" },
        `cut after ${length} of ${bytes.length} bytes`,
      );
    }
  });

  test(`what is no ${coding} is an error`, async () => {
    const other = Buffer.concat([Buffer.from([0xff, 0xfe, 0xfd]), randomBytes(64)]);
    await assert.rejects(collect(decode(pieces(other, 64), [coding])), { code: "DECODING" });
  });

  test(`nothing at all is an empty body in ${coding}`, async () => {
    assert.equal((await collect(decode(pieces(Buffer.alloc(0), 1), [coding]))).length, 0);
  });

  test(`an error of the connection comes through ${coding} as it is`, async () => {
    const lost = new ClientError("BODY_INCOMPLETE", "cut");
    async function* source(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 10);
      throw lost;
    }
    await assert.rejects(collect(decode(source(), [coding])), (error) => error === lost);
  });
}

test("any body in any codings, in any pieces, comes out as it went in", async () => {
  const codings = fc.array(fc.constantFrom("gzip", "x-gzip", "deflate", "br"), {
    minLength: 1,
    maxLength: 3,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 2000 }),
      codings,
      fc.integer({ min: 1, max: 300 }),
      async (body, applied, size) => {
        let wire: Uint8Array = body;
        for (const coding of applied) wire = CODERS[coding]?.(wire) ?? wire;
        const back = await collect(decode(pieces(wire, size), applied));
        assert.deepEqual(new Uint8Array(back), body);
      },
    ),
    { numRuns: 50 },
  );
});

test("a large body is decoded as fast as it is read, not faster", async () => {
  // Far more than any stream keeps in its own buffers.
  const bytes = zlib.gzipSync(randomBytes(4 * 1024 * 1024), { level: 1 });
  let asked = 0;
  async function* source(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 1024) {
      asked++;
      yield bytes.subarray(at, at + 1024);
    }
  }
  const decoded = decode(source(), ["gzip"])[Symbol.asyncIterator]();
  await decoded.next();
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(asked < bytes.length / 1024, `${asked} of ${bytes.length / 1024} pieces were taken`);
  await decoded.return?.();
});

const fields = [
  ["", []],
  ["gzip", ["gzip"]],
  ["GZip, br", ["gzip", "br"]],
  ["identity", []],
  ["gzip, compress", undefined],
  ["snappy", undefined],
  ["br, br, br, br, br, br, br, br", ["br", "br", "br", "br", "br", "br", "br", "br"]],
  ["br, br, br, br, br, br, br, br, br", undefined],
] as const;
for (const [value, codings] of fields) {
  test(`Content-Encoding ${JSON.stringify(value)} is ${codings === undefined ? "left alone" : `undone as [${codings}]`}`, () => {
    assert.deepEqual(contentCodings(new Fields(value === "" ? {} : { "Content-Encoding": value })), codings);
  });
}
