import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Span } from "../hurl/tree.ts";
import type { Value } from "./value.ts";
import { parseMarkup, queryMarkup } from "./xpath.ts";

const PLACE = { offset: 6, line: 4, column: 7 };
const SOURCE: Span = { start: PLACE, end: { offset: 12, line: 4, column: 13 } };

const string = (value: string): Value => ({ kind: "string", value });
const float = (value: number): Value => ({ kind: "float", value });
const boolean = (value: boolean): Value => ({ kind: "boolean", value });
const nodes = (count: number): Value => ({ kind: "nodeset", count });

const PAGE = `<!doctype html>
<title>예제 문서</title>
<h1 id=top @click="go()" v-on:click.prevent=2 data-id='a"b'>환영 &amp; <b>인사</b></h1>
<p>1<p>2<br>
<svg viewBox="0 0 1 1"><circle xlink:href="#x"/></svg>
<template><i>t</i></template><!-- note -->
<script>if (a < b) "<h1>"</script>`;

const BOOKS = `<?xml version="1.0" encoding="UTF-8"?>
<book xmlns="urn:loc.gov:books" xmlns:isbn="urn:ISBN:0-395-36341-6">
  <title xml:lang="ko">열두 명의 웬수들</title>
  <isbn:number>1568491379</isbn:number>
  <notes><p xmlns="http://www.w3.org/1999/xhtml">This is a <i>funny</i> book!</p></notes>
  <price>1.5</price>
</book>`;

const PREFIXED = `<bk:book xmlns:bk="urn:loc.gov:books"><bk:title>Cheaper by the Dozen</bk:title><plain/>
<part xmlns:in="u:1"><in:x/></part><part xmlns:in="u:2"><in:x/></part></bk:book>`;

const found: readonly (readonly [kind: "html" | "xml", text: string, expression: string, value: Value])[] = [
  ["html", PAGE, "//h1", nodes(1)],
  ["html", PAGE, "//h2", nodes(0)],
  ["html", PAGE, "//H1", nodes(0)],
  ["html", PAGE, "string(/html/head/title)", string("예제 문서")],
  ["html", PAGE, "normalize-space(//h1)", string("환영 & 인사")],
  ["html", PAGE, "string-length(//b)", float(2)],
  ["html", PAGE, "count(//p)", float(2)],
  ["html", PAGE, "//p", nodes(2)],
  ["html", PAGE, "boolean(count(//h2))", boolean(false)],
  ["html", PAGE, "count(//p) = 2", boolean(true)],
  ["html", PAGE, "//h1[contains(., '환영')]", nodes(1)],
  ["html", PAGE, "string(//h1/@id)", string("top")],
  ["html", PAGE, "string(//h1/@data-id)", string('a"b')],
  ["html", PAGE, "string(//h1/@*[name()='@click'])", string("go()")],
  ["html", PAGE, "string(//h1/@*[name()='v-on:click.prevent'])", string("2")],
  ["html", PAGE, "count(//h1/@*)", float(4)],
  ["html", PAGE, "//svg/circle", nodes(1)],
  ["html", PAGE, "string(//svg/@viewBox)", string("0 0 1 1")],
  ["html", PAGE, "string(//circle/@*[name()='xlink:href'])", string("#x")],
  ["html", PAGE, "string(//template/i)", string("t")],
  ["html", PAGE, "string(//comment())", string(" note ")],
  ["html", PAGE, "string(//script)", string('if (a < b) "<h1>"')],
  ["html", PAGE, "(//h1 | //p)[last()]", nodes(1)],
  ["html", PAGE, "name((//title | //h1)[1])", string("title")],
  ["html", PAGE, "name(//title/following::*[2])", string("h1")],
  ["html", PAGE, "name(//h1/preceding::*[1])", string("title")],
  ["html", PAGE, "name(//h1/preceding::*[2])", string("head")],
  ["html", PAGE, "count(//h1/preceding::*)", float(2)],
  ["html", PAGE, "name(//h1/ancestor::*[1])", string("body")],
  ["html", PAGE, "1 div 0", float(Number.POSITIVE_INFINITY)],
  ["html", PAGE, "number('x')", float(Number.NaN)],
  ["html", "", "//body", nodes(1)],
  ["html", "그냥 글", "string(//body)", string("그냥 글")],
  ["html", "<a>&lol;</a>", "string(//a)", string("&lol;")],
  ["xml", BOOKS, "string(//_:book/_:title)", string("열두 명의 웬수들")],
  ["xml", BOOKS, "string(//_:book/isbn:number)", string("1568491379")],
  ["xml", BOOKS, "number(//_:price)", float(1.5)],
  ["xml", BOOKS, "//book", nodes(0)],
  ["xml", BOOKS, "//*[name()='book']/*[name()='notes']", nodes(1)],
  ["xml", BOOKS, "//_:book/_:notes/*[local-name()='p']", nodes(1)],
  ["xml", BOOKS, "//_:p", nodes(0)],
  ["xml", BOOKS, "string(//@xml:lang)", string("ko")],
  ["xml", PREFIXED, "string(//bk:book/bk:title)", string("Cheaper by the Dozen")],
  ["xml", PREFIXED, "string(//*[name()='bk:book']/*[name()='bk:title'])", string("Cheaper by the Dozen")],
  ["xml", PREFIXED, "//plain", nodes(1)],
  ["xml", PREFIXED, "//Plain", nodes(0)],
  // The first declaration of a prefix counts.
  ["xml", PREFIXED, "//in:x", nodes(1)],
  ["xml", "<data>café</data>", "normalize-space(//data)", string("café")],
  ["xml", "<가 나='다'><![CDATA[<라>]]></가>", "concat(/가/@나, /가)", string("다<라>")],
  ["xml", '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>x</a>', "string(/a)", string("x")],
  ["xml", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>x</a>', "string(/a)", string("x")],
];

for (const [kind, text, expression, value] of found) {
  test(`XPath ${expression} of ${kind} ${JSON.stringify(text.slice(0, 24))} gives ${value.kind}`, () => {
    assert.deepEqual(queryMarkup(parseMarkup(text, kind, SOURCE), expression, SOURCE), value);
  });
}

const invalid: readonly (readonly [expression: string, text: string])[] = [
  ["//", "XPath expression is not valid"],
  ["^^^", "XPath expression is not valid: Unexpected character ^"],
  ["//p[", "XPath expression is not valid"],
  ["", "XPath expression is not valid: XPath expression unspecified."],
  ["foo()", "XPath expression is not valid: Unknown function foo"],
  ["//x:y", "XPath expression is not valid: Cannot resolve QName x"],
  ["//_:y", "XPath expression is not valid: Cannot resolve QName _"],
  ["$v", "XPath expression is not valid: Undeclared variable: $v"],
  ["'글", "XPath expression is not valid: Unterminated string literal: '글"],
];

for (const [expression, text] of invalid) {
  test(`The XPath expression ${JSON.stringify(expression)} is refused`, () => {
    assert.throws(() => queryMarkup(parseMarkup(PAGE, "html", SOURCE), expression, SOURCE), {
      name: "Failure",
      code: "INVALID_XPATH",
      title: "Invalid XPath expression",
      source: SOURCE,
      detail: { form: "caret", text },
    });
  });
}

const LAUGHS = `<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><lolz>&lol2;</lolz>`;

const malformed: readonly (readonly [text: string, reason: string])[] = [
  ["", "missing root element"],
  ["plain", "missing root element"],
  ['{"a": 1}', "missing root element"],
  ["<a>", "unclosed xml tag(s): a, at line 1, column 1"],
  ["<가>\n<나></가>", 'Opening and ending tag mismatch: "나" != "가", at line 2, column 1'],
  ["<a b=c/>", 'attribute "c" missed quot(")!, at line 1, column 1'],
  ["<a>&nbsp;</a>", "entity not found:&nbsp;, at line 1, column 1"],
  [LAUGHS, "entity not found:&lol2;, at line 1, column 70"],
  [`${"<a>".repeat(1001)}${"</a>".repeat(1001)}`, "elements are nested more than 1000 deep"],
];

for (const [text, reason] of malformed) {
  test(`${JSON.stringify(text.slice(0, 40))} is not XML: ${reason}`, () => {
    assert.throws(() => parseMarkup(text, "xml", SOURCE), {
      name: "Failure",
      code: "INVALID_XML",
      source: SOURCE,
      detail: { form: "caret", text: `HTTP response is not a valid XML: ${reason}` },
    });
  });
}

test("HTML may be nested deeper than a walk could follow: as in browsers, its text is all there", () => {
  const page = parseMarkup(`${"<div>".repeat(5000)}끝`, "html", SOURCE);
  assert.deepEqual(queryMarkup(page, "count(//div)", SOURCE), float(5000));
  assert.deepEqual(queryMarkup(page, "string(/)", SOURCE), string("끝"));
});

test("one of ten thousand siblings is found by its place", () => {
  const items = Array.from({ length: 10_000 }, (_, i) => `<li>${i}</li>`).join("");
  const page = parseMarkup(`<ul>${items}</ul>`, "html", SOURCE);
  assert.deepEqual(queryMarkup(page, "string(//li[9999])", SOURCE), string("9998"));
  assert.deepEqual(queryMarkup(page, "//li[position() > 5]", SOURCE), nodes(9995));
});

test("text and attributes are what was written, in XML and in HTML", () => {
  const character = fc.constantFrom("<", ">", "&", '"', "'", "가", "💩", " ", "a", ";", "]");
  const written = fc.array(character).map((characters) => characters.join(""));
  const escaped = (text: string): string => text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`);
  fc.assert(
    fc.property(written, fc.constantFrom("html" as const, "xml" as const), (text, kind) => {
      const page = parseMarkup(`<p title="${escaped(text)}">${escaped(text)}</p>`, kind, SOURCE);
      assert.deepEqual(queryMarkup(page, "string(//p)", SOURCE), string(text));
      assert.deepEqual(queryMarkup(page, "string(//p/@title)", SOURCE), string(text));
    }),
  );
});
