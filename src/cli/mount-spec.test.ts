import assert from "node:assert/strict";
import { test } from "node:test";
import { MOUNT_KINDS } from "./mount-kinds.ts";
import { checkMounts, parseMount } from "./mount-spec.ts";

interface Case {
  readonly text: string;
  readonly where: string;
  readonly options?: { readonly [name: string]: string | number | true };
  readonly doubt?: string;
}

const cases: readonly Case[] = [
  { text: "/=files:.", where: "." },
  { text: "/한글=files:내 폴더", where: "내 폴더" },
  { text: "/a=files:C:\\site", where: "C:\\site" },
  { text: "/a=files:site,read-only", where: "site", options: { "read-only": true } },
  {
    text: "/a=files:site,read-only,dotfiles,cache-seconds=0",
    where: "site",
    options: { "read-only": true, dotfiles: true, "cache-seconds": 0 },
  },
  { text: "/a=files:Kim, Lee & Co", where: "Kim, Lee & Co" },
  { text: "/a=files:1,2=3", where: "1,2=3" },
  { text: "/a=files:read-only", where: "read-only" },
  { text: "/a=files:x,read-only-too", where: "x,read-only-too", doubt: "read-only-too" },
  { text: "/a=files:x,raed-only", where: "x,raed-only", doubt: "raed-only" },
  { text: "/a=files:x,raed-only/", where: "x,raed-only/" },
  { text: "/kv=kv:data,max-value=64KiB", where: "data", options: { "max-value": 65_536 } },
  { text: "/kv=kv::memory:", where: ":memory:" },
  { text: "/kv=kv::memory:tries,read-only", where: ":memory:tries", options: { "read-only": true } },
  { text: "/p=pages:www,max-page=0", where: "www", options: { "max-page": 0 } },
  {
    text: "/r=records:zoo,schema=a, b=c.json,max-depth=9",
    where: "zoo",
    options: { schema: "a, b=c.json", "max-depth": 9 },
  },
];
for (const { text, where, options = {}, doubt } of cases) {
  test(`parseMount() reads ${text}`, () => {
    const spec = parseMount(text);
    assert.equal(spec.where, where);
    assert.deepEqual(Object.fromEntries(spec.options), options);
    assert.equal(spec.doubt, doubt);
  });
}

for (const { text, path } of [
  { text: "/=files:.", path: "/" },
  { text: "/a/b/=files:.", path: "/a/b" },
]) {
  test(`parseMount() takes ${path} out of ${text}`, () => assert.equal(parseMount(text).path, path));
}

for (const { text, says } of [
  { text: "public", says: /it takes PATH=KIND:WHERE/ },
  { text: "/a=toys:x", says: /there is no such kind\. Kinds: files, pages, kv, form, records$/ },
  { text: "/a=files:", says: /it takes a folder behind the colon/ },
  { text: "/a=kv:,read-only", says: /it takes a store, which is a folder or :memory:, behind the colon/ },
  { text: "/a/../b=files:x", says: /dot segment/ },
  {
    text: "/a=kv:x,schema=y",
    says: /^Cannot mount kv at \/a: it has no option "schema"\. Options of kv: read-only, max-value=BYTES$/,
  },
  { text: "/a=files:x,y=z", says: /no option "y"\. Options of files: read-only, dotfiles,/ },
  { text: "/a=files:x,read-only=yes", says: /with "read-only=yes": read-only takes nothing behind it/ },
  { text: "/a=kv:x,max-value", says: /max-value takes a number of bytes, such as 16MiB/ },
  { text: "/a=kv:x,max-value=", says: /max-value takes a number of bytes/ },
  { text: "/a=kv:x,max-value=lots", says: /with "max-value=lots": max-value takes a number of bytes/ },
  { text: "/a=records:x,max-depth=1.5", says: /max-depth takes a whole number/ },
  { text: "/a=records:x,schema=", says: /schema takes a file/ },
  { text: "/a=files:x,dotfiles,dotfiles", says: /dotfiles is given twice/ },
]) {
  test(`parseMount() refuses ${text}`, () => {
    assert.throws(() => parseMount(text), { name: "CommandError", exitCode: 2, message: says });
  });
}

test("two mounts at one path are refused", () => {
  const specs = [parseMount("/a=files:x"), parseMount("/a/=kv:y")];
  assert.throws(() => checkMounts(specs), /Cannot mount y at \/a: x is mounted there already/);
});

test("options have names of small letters, each once in its kind", () => {
  for (const { options } of Object.values(MOUNT_KINDS)) {
    for (const { name } of options) assert.match(name, /^[a-z]+(?:-[a-z]+)*$/);
    assert.equal(new Set(options.map(({ name }) => name)).size, options.length);
  }
});
