import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { chooseBoundary, multipartBody, type Part, partType } from "./multipart.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const BODIES: readonly { readonly title: string; readonly parts: readonly Part[]; readonly body: string }[] =
  [
    { title: "no part", parts: [], body: "--X--\r\n" },
    {
      title: "a field",
      parts: [{ name: "key1", content: bytes("value1") }],
      body: '--X\r\nContent-Disposition: form-data; name="key1"\r\n\r\nvalue1\r\n--X--\r\n',
    },
    {
      title: "an empty field, and one in Korean",
      parts: [
        { name: "empty", content: bytes("") },
        { name: "이름", content: bytes("가나다") },
      ],
      body:
        '--X\r\nContent-Disposition: form-data; name="empty"\r\n\r\n\r\n' +
        '--X\r\nContent-Disposition: form-data; name="이름"\r\n\r\n가나다\r\n--X--\r\n',
    },
    {
      title: "a file without its folders",
      parts: [{ name: "up", content: bytes("{}"), fileName: "a/b\\data.txt", contentType: "text/plain" }],
      body:
        '--X\r\nContent-Disposition: form-data; name="up"; filename="data.txt"\r\n' +
        "Content-Type: text/plain\r\n\r\n{}\r\n--X--\r\n",
    },
    {
      title: "names that would break out of their quotes",
      parts: [
        {
          name: 'a"; x="b',
          content: bytes("1"),
          fileName: '보고서 "\r\n최종".txt',
          contentType: "text/plain",
        },
      ],
      body:
        '--X\r\nContent-Disposition: form-data; name="a%22; x=%22b"; filename="보고서 %22%0D%0A최종%22.txt"\r\n' +
        "Content-Type: text/plain\r\n\r\n1\r\n--X--\r\n",
    },
  ];

for (const { title, parts, body } of BODIES) {
  test(`multipartBody() writes ${title}`, () => {
    assert.equal(Buffer.from(multipartBody(parts, "X")).toString("utf8"), body);
  });
}

const TYPES = [
  { name: "a.gif", type: "image/gif" },
  { name: "a.jpg", type: "image/jpeg" },
  { name: "a.jpeg", type: "image/jpeg" },
  { name: "a.PNG", type: "image/png" },
  { name: "a.svg", type: "image/svg+xml" },
  { name: "노트.txt", type: "text/plain" },
  { name: "a.htm", type: "text/html" },
  { name: "a.b.html", type: "text/html" },
  { name: "dir/a.pdf", type: "application/pdf" },
  { name: "a.xml", type: "application/xml" },
  { name: "a.json", type: "application/octet-stream" },
  { name: "dir.txt/a", type: "application/octet-stream" },
  { name: "a.", type: "application/octet-stream" },
  { name: "", type: "application/octet-stream" },
];

for (const { name, type } of TYPES) {
  test(`the file ${JSON.stringify(name)} is sent as ${type}`, () => {
    assert.equal(partType(name), type);
  });
}

test("a boundary is another one each time, and one that RFC 2046 allows", () => {
  const [one, two] = [chooseBoundary([]), chooseBoundary([])];
  assert.notEqual(one, two);
  assert.match(one, /^-{24}[0-9a-f]{22}$/);
});

/** Text without what no name or field can keep: half characters and bare line ends. */
const text = fc.string({ unit: "grapheme-composite" }).map((one) => one.replace(/[\r\n]/g, "가"));
const part = fc.record({
  // "%22" is what a quote looks like.
  name: text.map((one) => one.replaceAll("%", "")).filter((one) => one !== ""),
  content: fc.uint8Array(),
  fileName: fc.constantFrom("a.png", "사진 1.png", 'a"b.png', "a'b.png"),
});

test("another implementation reads the files that were written", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 4 }), async (parts) => {
      const written = parts.map((one) => ({ ...one, contentType: "image/png" }));
      const boundary = chooseBoundary(written);
      const type = `multipart/form-data; boundary=${boundary}`;
      const response = new Response(multipartBody(written, boundary), { headers: { "Content-Type": type } });
      const read: unknown[] = [];
      for (const [name, value] of await response.formData()) {
        assert.ok(typeof value === "object");
        const content = new Uint8Array(await value.arrayBuffer());
        read.push({ name, content, fileName: value.name, type: value.type });
      }
      const expected = parts.map((one) => ({ ...one, type: "image/png" }));
      assert.deepEqual(read, expected);
    }),
  );
});
