// Where a piece goes in all sorts of pages, that nothing else changes, and which pages and pieces are refused.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { type InsertionRefusal, insertIntoPage, type Piece } from "./insert.ts";

const text = (value: string): Piece => ({ kind: "text", text: value });
const markup = (value: string): Piece => ({ kind: "markup", text: value });

function insert(page: string | Uint8Array, piece: Piece): string | InsertionRefusal {
  const result = insertIntoPage(typeof page === "string" ? Buffer.from(page, "utf8") : page, piece);
  return result.kind === "inserted" ? Buffer.from(result.bytes).toString("utf8") : result.reason;
}

const ASTRAL = "\u{1f41f}";
const BOM = "\ufeff";

// "Hi" as a text goes into each of them.
const PLACES: readonly (readonly [name: string, page: string, result: string])[] = [
  [
    "a page as it is usually written",
    '<!doctype html>\n<html lang="ko">\n  <head>\n    <title>연어</title>\n  </head>\n  <body>\n    <p>hi</p>\n  </body>\n</html>\n',
    '<!doctype html>\n<html lang="ko">\n  <head>\n    <title>연어</title>\n  </head>\n  <body>\n    <h2>Hi</h2>\n    <p>hi</p>\n  </body>\n</html>\n',
  ],
  ["tabs", "<body>\n\t\t<p>x", "<body>\n\t\t<h2>Hi</h2>\n\t\t<p>x"],
  ["CRLF", "<body>\r\n  <p>x</p>\r\n", "<body>\r\n  <h2>Hi</h2>\r\n  <p>x</p>\r\n"],
  ["CR alone", "<body>\r  <p>x\r", "<body>\r  <h2>Hi</h2>\r  <p>x\r"],
  [
    "LF at the body in a page of CRLF",
    "<title>x</title>\r\n<body>\n<p>",
    "<title>x</title>\r\n<body>\n<h2>Hi</h2>\n<p>",
  ],
  ["blank lines after the tag", "<body>  \n\n\t<p>x", "<body>  \n\t<h2>Hi</h2>\n\n\t<p>x"],
  [
    "everything on one line",
    "<html><body><p>x</p></body></html>",
    "<html><body>\n<h2>Hi</h2>\n<p>x</p></body></html>",
  ],
  [
    "everything on one line of CRLF",
    "<title>x</title>\r\n<body><p>x",
    "<title>x</title>\r\n<body>\r\n<h2>Hi</h2>\r\n<p>x",
  ],
  ["a space after the tag", "<body> <p>x</p>", "<body>\n <h2>Hi</h2>\n <p>x</p>"],
  ["text right after the tag", "<body>text</body>", "<body>\n<h2>Hi</h2>\ntext</body>"],
  ["text on the next line", "<body>\n text", "<body>\n <h2>Hi</h2>\n text"],
  ["a comment first", "<body>\n  <!-- c -->\n<p>", "<body>\n  <h2>Hi</h2>\n  <!-- c -->\n<p>"],
  ["an empty body", "  <body></body>\n", "  <body>\n  <h2>Hi</h2>\n  </body>\n"],
  ["an empty body of two lines", "<body>\n</body>", "<body>\n<h2>Hi</h2>\n</body>"],
  ["a page that ends with the tag", "<body>", "<body>\n<h2>Hi</h2>\n"],
  ["a page that ends after the tag's line", "<body>\n", "<body>\n<h2>Hi</h2>\n"],
  [
    "a tag with attributes, in capitals, over several lines",
    "  <BODY\n    class='a>b'\n    id=x>text</BODY>",
    "  <BODY\n    class='a>b'\n    id=x>\n  <h2>Hi</h2>\n  text</BODY>",
  ],
  [
    "tags in a comment, a script and a title before it",
    "<!-- <body> --><title><body></title><script>'<body>'</script><body><p>x",
    "<!-- <body> --><title><body></title><script>'<body>'</script><body>\n<h2>Hi</h2>\n<p>x",
  ],
  ["a second tag", "<body a>\n<p>1</p><body b><p>2", "<body a>\n<h2>Hi</h2>\n<p>1</p><body b><p>2"],
  ["a tag that comes too late", "<p>x</p>\n<body>z", "<h2>Hi</h2>\n<p>x</p>\n<body>z"],
  [
    "a tag in a template",
    "<template><body><p>x</template>\n<p>y",
    "<template><body><p>x</template>\n<h2>Hi</h2>\n<p>y",
  ],
  ["an SVG", "<body>\n<svg><body>x", "<body>\n<h2>Hi</h2>\n<svg><body>x"],
  [
    "comments around the tag",
    "<html><!-- a -->\n<body>\n</html>\n<!-- b -->",
    "<html><!-- a -->\n<body>\n<h2>Hi</h2>\n</html>\n<!-- b -->",
  ],
  [
    "no tag, an element first",
    "<!doctype html>\n<title>x</title>\n  <p>y\n",
    "<!doctype html>\n<title>x</title>\n  <h2>Hi</h2>\n  <p>y\n",
  ],
  [
    "no tag, the head closed",
    "<head><title>x</title></head>\n <p>y",
    "<head><title>x</title></head>\n <h2>Hi</h2>\n <p>y",
  ],
  ["no tag, and all on one line", "<title>x</title><p>y", "<title>x</title>\n<h2>Hi</h2>\n<p>y"],
  ["no tag, and text only", "hello", "<h2>Hi</h2>\nhello"],
  [
    "no tag, and a table with text in it first",
    "<table>foo<tr><td>x</table>",
    "<h2>Hi</h2>\n<table>foo<tr><td>x</table>",
  ],
  [
    "no tag, and an element that a wrong end tag makes",
    "<!doctype html>\n</br>x",
    "<!doctype html>\n<h2>Hi</h2>\n</br>x",
  ],
  [
    "no tag, and a character reference first",
    "<head>\n<title>x</title></head>\n &amp;<b>x",
    "<head>\n<title>x</title></head>\n <h2>Hi</h2>\n &amp;<b>x",
  ],
  ["nothing but a doctype", "<!doctype html>", "<!doctype html>\n<h2>Hi</h2>\n"],
  ["nothing but a doctype and a line break", "<!DOCTYPE html>\r\n", "<!DOCTYPE html>\r\n<h2>Hi</h2>\r\n"],
  [
    "a page that ends with the head",
    "<html>\n<head>\n</head>\n</html>\n",
    "<html>\n<head>\n</head>\n<h2>Hi</h2>\n</html>\n",
  ],
  ["a page that ends in the head", "<head>\n<title>x</title>\n", "<head>\n<title>x</title>\n<h2>Hi</h2>\n"],
  [
    "text behind the end of the page",
    "<html>\n<head></head>\n</html>\n  y",
    "<html>\n<head></head>\n<h2>Hi</h2>\n</html>\n  y",
  ],
  [
    "a comment before the body that is not said",
    "<html><head></head><!-- c --></html>",
    "<html><head></head><!-- c -->\n<h2>Hi</h2>\n</html>",
  ],
  ["an empty file", "", "<h2>Hi</h2>\n"],
  ["white space alone", " \n", " \n<h2>Hi</h2>\n"],
  [
    "a noscript in the head",
    "<noscript><p>x</p></noscript><p>y",
    "<noscript><p>x</p></noscript>\n<h2>Hi</h2>\n<p>y",
  ],
  [
    "astral characters before the tag",
    `<title>${ASTRAL}\r\n${ASTRAL}</title>\r\n<body>\r\n <p>${ASTRAL}`,
    `<title>${ASTRAL}\r\n${ASTRAL}</title>\r\n<body>\r\n <h2>Hi</h2>\r\n <p>${ASTRAL}`,
  ],
  [
    "an astral character first",
    `<script>연</script>\r\n${ASTRAL}`,
    `<script>연</script>\r\n<h2>Hi</h2>\r\n${ASTRAL}`,
  ],
  [
    "a NUL before the tag",
    "<title>a\0b</title><!-- \0 --><body>\n<p>\0",
    "<title>a\0b</title><!-- \0 --><body>\n<h2>Hi</h2>\n<p>\0",
  ],
  ["a NUL first", "ab\0c", "<h2>Hi</h2>\nab\0c"],
  ["a byte order mark", `${BOM}<body>\n <p>x`, `${BOM}<body>\n <h2>Hi</h2>\n <p>x`],
  ["a byte order mark and no tag", `${BOM}<p>x`, `${BOM}<h2>Hi</h2>\n<p>x`],
  ["nothing but a byte order mark", BOM, `${BOM}<h2>Hi</h2>\n`],
  [
    "XHTML",
    '<?xml version="1.0" encoding="UTF-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml">\n <head><title>x</title></head>\n <body>\n  <p/>\n </body>\n</html>\n',
    '<?xml version="1.0" encoding="UTF-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml">\n <head><title>x</title></head>\n <body>\n  <h2>Hi</h2>\n  <p/>\n </body>\n</html>\n',
  ],
];

describe("insertIntoPage() makes a line of its own in", () => {
  for (const [name, page, result] of PLACES) {
    test(name, () => {
      assert.equal(insert(page, text("Hi")), result);
      assert.equal(
        insert(page, text("Hi\n")),
        result,
        "a line break at the end of the text is not in the heading",
      );
    });
  }
});

const PAGE = "<body>\r\n  <p>x</p>\r\n</body>";

describe("insertIntoPage() takes", () => {
  const cases: readonly (readonly [name: string, piece: Piece, line: string])[] = [
    [
      "text with what has a meaning in HTML",
      text(`<b> & "it's"`),
      "<h2>&lt;b&gt; &amp; &quot;it&#39;s&quot;</h2>\r\n",
    ],
    ["Korean text", text("안녕하세요 🐟"), "<h2>안녕하세요 🐟</h2>\r\n"],
    ["text of several lines", text("a\n  b\r\n"), "<h2>a\n  b</h2>\r\n"],
    ["text that would end the page", text("</h2></body>"), "<h2>&lt;/h2&gt;&lt;/body&gt;</h2>\r\n"],
    ["markup", markup("<h1> This is HTML </h1>"), "<h1> This is HTML </h1>\r\n"],
    [
      "markup of several lines, which are not indented",
      markup("<pre>\n a\n\n  b</pre>"),
      "<pre>\n a\n\n  b</pre>\r\n",
    ],
    ["markup that ends its last line itself", markup("<p>a</p>\r\n"), "<p>a</p>\r\n"],
    ["markup that ends its last line in another way", markup("<p>a</p>\n"), "<p>a</p>\n"],
    ["markup that leaves an element open", markup("<p>a"), "<p>a\r\n"],
    ["markup that is text", markup("a &amp; b"), "a &amp; b\r\n"],
    ["a script", markup("<script>1 < 2</script>"), "<script>1 < 2</script>\r\n"],
  ];
  for (const [name, piece, line] of cases) {
    test(name, () => assert.equal(insert(PAGE, piece), `<body>\r\n  ${line}  <p>x</p>\r\n</body>`));
  }
});

describe("insertIntoPage() into a page without a <body> tag", () => {
  const page = "<title>x</title>\n<p>y";
  const cases: readonly (readonly [markup: string, result: string])[] = [
    ["<p>a</p>", "<title>x</title>\n<p>a</p>\n<p>y"],
    ["<table><tr><td>a</table>", "<title>x</title>\n<table><tr><td>a</table>\n<p>y"],
    [" a", "<title>x</title>\n a\n<p>y"],
    // These would belong to the head.
    ["<script>1</script>", "NO_BODY"],
    ["<!-- c -->", "NO_BODY"],
    ["<style></style><p>a</p>", "NO_BODY"],
    ["<frameset></frameset>", "NO_BODY"],
  ];
  for (const [piece, result] of cases) {
    test(`answers ${piece} with ${JSON.stringify(result)}`, () =>
      assert.equal(insert(page, markup(piece)), result));
  }
});

const utf16 = (value: string): Buffer => Buffer.from(value, "utf16le");

describe("insertIntoPage() refuses", () => {
  const cases: readonly (readonly [
    name: string,
    page: string | Uint8Array,
    piece: Piece,
    reason: InsertionRefusal,
  ])[] = [
    ["a frameset", "<frameset><frame></frameset>", text("Hi"), "NO_BODY"],
    [
      "a frameset with a body in its noframes",
      "<frameset></frameset><noframes><body></noframes>",
      text("Hi"),
      "NO_BODY",
    ],
    ["a page that ends in a comment", "<title>x</title><!-- ", text("Hi"), "NO_BODY"],
    ["a page that ends in a title", "<title>x\n<body>\n", text("Hi"), "NO_BODY"],
    ["a page that ends in a script", "<script>'<body>'", text("Hi"), "NO_BODY"],
    ["bytes that are not UTF-8", Buffer.from("<body><p>\xe9", "latin1"), text("Hi"), "ENCODING"],
    ["a lone surrogate in UTF-8", Buffer.from("3c703eeda080", "hex"), text("Hi"), "ENCODING"],
    ["UTF-16 with its mark", utf16(`${BOM}<body><p>x`), text("Hi"), "ENCODING"],
    ["UTF-16 without a mark", utf16("<body><p>x"), text("Hi"), "ENCODING"],
    ["UTF-16, the other way round", utf16("<body><p>x").swap16(), text("Hi"), "ENCODING"],
    ["a page that says EUC-KR", "<meta charset=euc-kr><p>x", text("Hi"), "ENCODING"],
    [
      "a page that says so in the old way",
      `<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=EUC-KR"><p>`,
      text("Hi"),
      "ENCODING",
    ],
    ["a page that says it twice", "<meta charset=utf-8><meta charset=latin1><p>x", text("Hi"), "ENCODING"],
    ["a page that says what nobody knows", "<meta charset=klingon><p>x", text("Hi"), "ENCODING"],
    [
      "XHTML that says Latin-1",
      '<?xml version="1.0" encoding="ISO-8859-1"?><body><p>x',
      text("Hi"),
      "ENCODING",
    ],
    ["a page in ASCII, for text that is not", "<meta charset=us-ascii><body>", text("안녕"), "ENCODING"],
    ["a page that says ASCII and is not", "<meta charset=us-ascii><body>é", text("Hi"), "ENCODING"],
    ["a NUL", PAGE, text("a\0"), "PIECE"],
    ["a NUL in markup", PAGE, markup("<p>\0"), "PIECE"],
    ...[
      "<!-- a",
      "<script>1",
      "<style>",
      "<textarea>",
      "<title>",
      "<template><p>",
      "<plaintext>",
      "<a href='x",
      "<p",
    ].map((open) => [`markup that ends in ${open}`, PAGE, markup(open), "PIECE"] as const),
  ];
  for (const [name, page, piece, reason] of cases) {
    test(name, () => assert.equal(insert(page, piece), reason));
  }
});

describe("insertIntoPage() accepts", () => {
  const cases: readonly (readonly [name: string, page: string])[] = [
    ["a page that says UTF-8", '<meta charset="UTF-8"><body>é'],
    ["a page that says utf8", "<meta charset=utf8><body>é"],
    [
      "a page that says so in the old way",
      '<meta http-equiv="content-type" content="text/html;charset = \'utf-8\'"><body>é',
    ],
    ["a page in ASCII", "<meta charset=us-ascii><body>"],
    ["a page whose byte order mark knows better", `${BOM}<meta charset=latin1><body>é`],
    ["a charset of a form", '<meta charset=utf-8><body><form accept-charset="euc-kr">'],
    ["a charset in a template", "<meta charset=utf-8><template><meta charset=euc-kr></template><body>"],
    ["a charset in a comment", "<meta charset=utf-8><!-- <meta charset=euc-kr> --><body>"],
    ["a description of a charset", '<meta name=description content="charset=euc-kr"><body>'],
  ];
  for (const [name, page] of cases) {
    test(name, () => assert.match(insert(page, text("Hi")), /<h2>Hi<\/h2>\n/));
  }
});

test("a page of a hundred thousand elements within each other is edited like any other", () => {
  const deep = "<div>".repeat(100_000);
  assert.equal(insert(deep, text("Hi")), `<h2>Hi</h2>\n${deep}`);
});

// What takes the rest of a page for its own text, or the place of a body; and end tags that make an element, which
// has no place in the text then.
const SWALLOWING = [
  "</br>",
  "</p>",
  "<!--",
  "<script>",
  "<style>",
  "<title>",
  "<textarea>",
  "<plaintext>",
  "<frameset>",
  "<noscript>",
  "<noframes>",
  "<template>",
  "<select>",
  "<a href='",
];

const PARTS = [
  ...[
    "<!doctype html>",
    "<html>",
    "<html lang=ko>",
    "<head>",
    "</head>",
    "<body>",
    "<BODY\n class='>'>",
    "</body>",
    "</html>",
  ],
  ...[
    "<title>연</title>",
    "<!-- <body> -->",
    "<script>'<body>'</script>",
    "<style></style>",
    "<meta name=a>",
    "<template><body></template>",
  ],
  ...[
    "<p>",
    "<p>x</p>",
    "<br>",
    "<b>",
    "</b>",
    "<table>",
    "<tr><td>",
    "</table>",
    "<svg>",
    "</svg>",
    "<div>",
    "</div>",
    "<h2>",
    "</h2>",
  ],
  ...["\n", "\r\n", "\r", "\t", "  ", "\n\n    ", "text", "연어", ASTRAL, "é", "&amp;", "<", "&", "\0"],
] as const;

const pageOf = (parts: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...parts), { maxLength: 14 }).map((chosen) => chosen.join(""));

const line = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .filter((value) => value.trim() !== "" && !value.includes("\0"));

function firstElementOfBody(page: string): DefaultTreeAdapterTypes.Element | undefined {
  const root = parse(page.replace(BOM, "")).childNodes.find((node) => "tagName" in node);
  const body = root?.childNodes.find(
    (node): node is DefaultTreeAdapterTypes.Element => node.nodeName === "body",
  );
  return body?.childNodes.find((node): node is DefaultTreeAdapterTypes.Element => "tagName" in node);
}

/** All that `after` may have more than `before`, in one piece. */
function* insertions(before: Buffer, after: Buffer): Generator<string, void, void> {
  const more = after.length - before.length;
  for (let at = 0; at <= before.length; at += 1) {
    if (before.subarray(at).equals(after.subarray(at + more))) yield after.toString("utf8", at, at + more);
    if (before[at] !== after[at]) return;
  }
}

function checkText(page: string, value: string, result: string): void {
  const escaped = `<h2>${value.replace(/\r?\n$/, "").replace(/[&<>"']/g, (c) => `&${{ "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "#39" }[c]};`)}</h2>`;
  const found = [...insertions(Buffer.from(page), Buffer.from(result))];
  assert.ok(
    found.some((inserted) => inserted.trim() === escaped),
    JSON.stringify({ page, result }),
  );
  const first = firstElementOfBody(result);
  assert.equal(first?.tagName, "h2");
  const [content] = first.childNodes;
  assert.ok(content !== undefined && "value" in content);
  assert.equal(content.value, value.replace(/\r?\n$/, "").replace(/\r\n?/g, "\n"));
}

test("whatever the page, the inserted line cut out again gives the original, and is the body's first element", () => {
  fc.assert(
    fc.property(fc.boolean(), pageOf(PARTS), line, (mark, rest, value) => {
      const page = (mark ? BOM : "") + rest;
      const result = insert(page, text(value));
      assert.notEqual(result, "NO_BODY");
      if (result !== "ENCODING") checkText(page, value, result);
      else assert.match(page, /^(?:.\0|\0.)/su);
    }),
    { numRuns: 1000 },
  );
});

test("a page in which something swallows what follows is edited in the same way, or refused", () => {
  let refused = 0;
  let edited = 0;
  fc.assert(
    fc.property(pageOf([...PARTS, ...SWALLOWING]), line, (page, value) => {
      const result = insert(page, text(value));
      if (result === "NO_BODY" || result === "ENCODING") {
        refused += 1;
        return;
      }
      edited += 1;
      checkText(page, value, result);
    }),
    { numRuns: 1000 },
  );
  assert.ok(refused > 0 && edited > 0);
});
