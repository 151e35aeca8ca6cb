import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { buildSegment } from "../packets/segment.ts";
import { writeBlock } from "../pcapng/writer.ts";
import { type Page, SegmentForm } from "./segment-form.ts";

const word = fc.integer({ min: 0, max: 0xffffffff });
const port = fc.integer({ min: 0, max: 0xffff });
const address = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const addresses = fc.oneof(
  fc.tuple(address(4), address(4)),
  fc.tuple(address(16), address(16)),
  fc.constant([new Uint8Array(4), new Uint8Array(4)] as const),
);
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.uint8Array({ minLength: 1000, maxLength: 3000, size: "max" }),
  fc.integer({ min: 65_470, max: 65_475 }).map((length) => new Uint8Array(length).fill(0xff)),
);
const segments = fc.record({
  addresses,
  sourcePort: port,
  destinationPort: port,
  sequence: word,
  acknowledgement: word,
  flags: fc.integer({ min: 0, max: 255 }),
  payload,
  asText: fc.boolean(),
  time: fc.bigInt({ min: 0n, max: 2n ** 63n }),
  direction: fc.constantFrom("inbound" as const, "outbound" as const),
  comments: fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { maxLength: 2 }),
});

function dirtyPage(): Page {
  const bytes = Buffer.alloc(70_000, 0xa5);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset) };
}

test("a form that is filled in has the bytes that the packet and its block have when they are built", () => {
  const page = dirtyPage();
  fc.assert(
    fc.property(segments, (given) => {
      const [source, destination] = given.addresses;
      const { sourcePort, destinationPort, sequence, acknowledgement, flags, direction, time } = given;
      const fixed = { source, destination, sourcePort, destinationPort, window: 65_535 };
      const about = {
        interface: 0,
        direction,
        process: { process: 4321, thread: 0 },
        comments: given.comments,
      };
      const bytes = buildSegment({ ...fixed, sequence, acknowledgement, flags, payload: given.payload });
      const expected = writeBlock({ ...about, type: "packet", time, bytes });

      const form = new SegmentForm(fixed, about);
      const filled = given.asText ? Buffer.from(given.payload).toString("latin1") : given.payload;
      const filling = { sequence, acknowledgement, flags, payload: filled };
      form.put(page, 8, Number(time >> 32n), Number(time & 0xffffffffn), filling);

      assert.equal(form.sizeWith(given.payload.length), expected.length);
      assert.ok(page.bytes.subarray(8, 8 + expected.length).equals(expected));
      assert.equal(page.bytes[7], 0xa5);
      assert.equal(page.bytes[8 + expected.length], 0xa5);
      page.bytes.fill(0xa5);
    }),
    { numRuns: 300 },
  );
});
