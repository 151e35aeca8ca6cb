import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { CommandError, EXIT } from "./exit-codes.ts";
import { type Item, type ItemKind, itemValue, parseItem } from "./items.ts";

const item = (kind: ItemKind, name: string, value: string, fromFile = false): Item => ({
  kind,
  name,
  value,
  fromFile,
});

const cases: { text: string; item: Item }[] = [
  { text: "Accept:text/html", item: item("header", "Accept", "text/html") },
  { text: "Referer:http://a/?b=c", item: item("header", "Referer", "http://a/?b=c") },
  { text: "Accept:", item: { kind: "remove", name: "Accept" } },
  { text: "X-Empty;", item: item("header", "X-Empty", "") },
  { text: "Authorization:@token.txt", item: item("header", "Authorization", "token.txt", true) },
  { text: "name=핑핑이", item: item("text", "name", "핑핑이") },
  { text: "name=", item: item("text", "name", "") },
  { text: "sum=1=1", item: item("text", "sum", "1=1") },
  { text: "when=12:30", item: item("text", "when", "12:30") },
  { text: "a;b=c", item: item("text", "a;b", "c") },
  { text: "age:=1", item: item("json", "age", "1") },
  { text: 'list:=["a:b"]', item: item("json", "list", '["a:b"]') },
  { text: "q==a b", item: item("query", "q", "a b") },
  { text: "q==", item: item("query", "q", "") },
  { text: "text=@note.txt", item: item("text", "text", "note.txt", true) },
  { text: "data:=@data.json", item: item("json", "data", "data.json", true) },
  { text: "q==@query.txt", item: item("query", "q", "query.txt", true) },
  { text: "@보고서.pdf", item: { kind: "body", path: "보고서.pdf" } },
  { text: "@-", item: { kind: "body", path: "-" } },
  { text: "@a=b:c", item: { kind: "body", path: "a=b:c" } },
  { text: "a\\:b=c", item: item("text", "a:b", "c") },
  { text: "a\\=b=c", item: item("text", "a=b", "c") },
  { text: "mail=a\\@b", item: item("text", "mail", "a@b") },
  { text: "path=C:\\dir", item: item("text", "path", "C:\\dir") },
  { text: "a:\\=b", item: item("header", "a", "=b") },
];
for (const { text, item: expected } of cases) {
  test(`parseItem() reads ${text}`, () => assert.deepEqual(parseItem(text), expected));
}

const refused = [
  { text: "nothing", says: /Name:value, name=value/ },
  { text: "example.com", says: /method before a URL is written in capitals/ },
  { text: ":value", says: /no name before ":"/ },
  { text: "=value", says: /no name before "="/ },
  { text: "@", says: /no file name/ },
  { text: "name=@", says: /no file name/ },
  { text: "photo@cat.png", says: /multipart.*@cat\.png sends the file as the whole body/ },
  { text: ";", says: /Cannot read the item/ },
];
for (const { text, says } of refused) {
  test(`parseItem() refuses ${text}`, () => {
    assert.throws(
      () => parseItem(text),
      (error) => error instanceof CommandError && error.exitCode === EXIT.usage && says.test(error.message),
    );
  });
}

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sockeye-items-"));
});
after(() => rm(folder, { recursive: true }));

test("itemValue() takes a field's text from a file as it is, a header's without the last line end", async () => {
  const path = join(folder, "값.txt");
  await writeFile(path, "두 줄\n또 한 줄\n");
  const from = (kind: ItemKind): Promise<string> =>
    itemValue({ kind, name: "n", value: path, fromFile: true });
  assert.equal(await from("text"), "두 줄\n또 한 줄\n");
  assert.equal(await from("header"), "두 줄\n또 한 줄");
});

test("itemValue() says which file is missing, or is no text", async () => {
  const missing = join(folder, "missing.txt");
  const read = (value: string): Promise<string> =>
    itemValue({ kind: "text", name: "n", value, fromFile: true });
  await assert.rejects(read(missing), { message: `Cannot read ${missing}: there is no such file` });
  await assert.rejects(read(folder), { message: `Cannot read ${folder}: it is a folder` });
  const binary = join(folder, "binary");
  await writeFile(binary, Buffer.from([0xff, 0xfe]));
  await assert.rejects(read(binary), /not UTF-8 text/);
});
