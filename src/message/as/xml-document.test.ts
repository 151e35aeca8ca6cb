import assert from "node:assert/strict";
import { test } from "node:test";
import { isXmlDocument } from "./xml-document.ts";

const cases: readonly { readonly text: string; readonly is: boolean }[] = [
  { text: "<a/>", is: true },
  {
    text: '<?xml version="1.0" encoding="UTF-8"?>\n<a>\n  <b c="1" d=\'"\'>&lt; &#xac00;</b>\n</a>',
    is: true,
  },
  { text: "<!-- why --><이름 값='하나'><![CDATA[<b>]]></이름>", is: true },
  { text: "<soap:a xmlns:soap='x'></soap:a >", is: true },
  { text: "", is: false },
  { text: "a", is: false },
  { text: " <a/>", is: false },
  { text: "<a/>\n", is: false },
  { text: "<a/><b/>", is: false },
  { text: "<a><b></a></b>", is: false },
  { text: "<a>", is: false },
  { text: "</a>", is: false },
  { text: "<a>&</a>", is: false },
  { text: "<a>&nbsp;</a>", is: false },
  { text: "<a>]]></a>", is: false },
  { text: '<a b="1" b="2"/>', is: false },
  { text: "<a b=1/>", is: false },
  { text: "<a b/>", is: false },
  { text: "<a><!-- -- --></a>", is: false },
  { text: "<!DOCTYPE html><a/>", is: false },
  { text: '<?xml version="1.0" encoding="euc-kr"?><a/>', is: false },
  { text: "<!-- only this -->", is: false },
];
for (const { text, is } of cases) {
  test(`isXmlDocument() ${is ? "takes" : "refuses"} ${JSON.stringify(text)}`, () => {
    assert.equal(isXmlDocument(text), is);
  });
}
