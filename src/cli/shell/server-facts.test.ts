import assert from "node:assert/strict";
import { test } from "node:test";
import { describedBy, namesIn } from "./server-facts.ts";

const links: { link: string | undefined; is: string | undefined }[] = [
  { link: undefined, is: undefined },
  { link: '</animals/?schema>; rel="describedby"', is: "/animals/?schema" },
  { link: "</s>;rel=describedby", is: "/s" },
  { link: '</a?x,y>; rel="next", </s>; title="a, b; c"; rel="up describedby"', is: "/s" },
  { link: '</a>; rel="describedby2"', is: undefined },
  { link: '</a>; title="rel=describedby"', is: undefined },
  { link: "</a>", is: undefined },
];
for (const { link, is } of links) {
  test(`the schema that ${link ?? "no Link"} points to is ${is ?? "none"}`, () => {
    assert.equal(describedBy(link), is);
  });
}

const listings: { what: string; listing: unknown; names: string[] }[] = [
  {
    what: "a folder",
    listing: [
      { name: "안녕.txt", kind: "file" },
      { name: "notes", kind: "folder" },
    ],
    names: ["안녕.txt", "notes/"],
  },
  { what: "a key-value store", listing: { keys: [{ key: "a" }, { key: "나" }] }, names: ["a", "나"] },
  { what: "records", listing: { Rex: {}, 나비: {} }, names: ["Rex", "나비"] },
  { what: "nothing known", listing: [1, null, { title: "x" }], names: [] },
  { what: "a number", listing: 5, names: [] },
];
for (const { what, listing, names } of listings) {
  test(`the names in a listing of ${what}`, () => assert.deepEqual(namesIn(listing), names));
}
