// The pages: what a reader finds on them, that nothing in them is ever more than text, that no secret is, and that a
// later run is added to the list.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import {
  callOf,
  entryOf,
  failureAt,
  outcomeOf,
  STARTED,
  suiteFile,
} from "../../../test/fixtures/outcomes.ts";
import type { FileOutcome } from "../run/outcome.ts";
import { htmlReport } from "./html.ts";
import type { ReportFile } from "./report-file.ts";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

const text = `# 첫 줄
GET http://localhost:8000/hello
HTTP 200
[Asserts]
jsonpath "$.name" == "가"
\`\`\`
a
b
\`\`\`
`;
const file = suiteFile(text, "tests/나쁜.hurl");
const values = failureAt(file, 'jsonpath "$.name" == "가"', "ASSERT", {
  form: "values",
  actual: "string <나>",
  expected: "string <가>",
});
const difference = failureAt(file, "```\na\nb\n```", "ASSERT_BODY", {
  form: "difference",
  actual: "a\nc\n",
  expected: "a\nb\n",
});
const bad = outcomeOf(file, { entries: [entryOf(file, 1, { failures: [values, difference] })] });
const good = outcomeOf(suiteFile("GET http://localhost:8000/hello\n", "good.hurl"));

function textOf(file: ReportFile | undefined): string {
  assert.ok(file);
  return Buffer.from(file[1]).toString();
}

function elementsOf(html: string): Element[] {
  const walk = (node: Node): Element[] => [
    ...("tagName" in node ? [node] : []),
    ...("childNodes" in node ? node.childNodes.flatMap(walk) : []),
  ];
  return walk(parse(html));
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((each) => each.name === name)?.value;
}

function withClass(elements: readonly Element[], name: string): Element[] {
  return elements.filter((element) => attribute(element, "class")?.split(" ").includes(name));
}

function contentOf(node: Node): string {
  if (node.nodeName === "#text") return (node as DefaultTreeAdapterTypes.TextNode).value;
  return "childNodes" in node ? node.childNodes.map(contentOf).join("") : "";
}

function rowsOf(index: string): string[][] {
  return elementsOf(index)
    .filter((element) => attribute(element, "data-page") !== undefined)
    .map((row) => row.childNodes.map(contentOf));
}

function pageOf(outcome: FileOutcome): string {
  return textOf(htmlReport([outcome])[1]);
}

test("htmlReport() is a list of the files, with a page for each", () => {
  const files = htmlReport([good, bad]);
  assert.deepEqual(
    files.map(([name]) => name.replace(/[0-9a-f]{12}/, "…")),
    ["index.html", "files/good-….html", "files/….html"],
  );
  const index = textOf(files[0]);
  assert.deepEqual(rowsOf(index), [
    ["✓ Success", "good.hurl", "1", "12 ms", "2026-11-21 08:00:00 UTC"],
    ["✗ Failure", "tests/나쁜.hurl", "1", "12 ms", "2026-11-21 08:00:00 UTC"],
  ]);
  const links = elementsOf(index).filter(({ tagName }) => tagName === "a");
  assert.deepEqual(
    links.map((link) => attribute(link, "href")),
    files.slice(1).map(([name]) => name),
  );
});

test("htmlReport() goes on behind the rows that are there, and their pages keep their names", () => {
  const first = htmlReport([bad, good]);
  const later = outcomeOf(file, { startedAt: new Date(STARTED.getTime() + 60_000), duration: 1234.5 });
  const second = htmlReport([later], textOf(first[0]));
  const rows = rowsOf(textOf(second[0]));
  assert.deepEqual(
    rows.map(([result, name, , time]) => [result, name, time]),
    [
      ["✗ Failure", "tests/나쁜.hurl", "12 ms"],
      ["✓ Success", "good.hurl", "12 ms"],
      ["✓ Success", "tests/나쁜.hurl", "1.23 s"],
    ],
  );
  const pages = [...first.slice(1), ...second.slice(1)].map(([name]) => name);
  assert.equal(new Set(pages).size, 3);
  assert.deepEqual(
    elementsOf(textOf(second[0])).flatMap((element) => attribute(element, "data-page") ?? []),
    pages,
  );
  assert.equal(textOf(htmlReport([], textOf(second[0]))[0]), textOf(second[0]));
});

test("htmlReport() gives two runs of a file at the same time a page each", () => {
  const names = htmlReport([good, good]).map(([name]) => name);
  assert.equal(new Set(names).size, 3);
});

for (const [name, existing] of [
  ["another page", "<!DOCTYPE html><title>a</title>"],
  ["no page", "{}"],
  [
    "a page with a link that leads elsewhere",
    '<meta name="generator" content="sockeye"><table><tr data-page="javascript:alert(1)" data-requests="1" data-duration="1" data-started="2026-11-21"></table>',
  ],
] as const) {
  test(`htmlReport() does not add to ${name}`, () => {
    assert.throws(() => htmlReport([good], existing), { code: "HTML_REPORT" });
  });
}

test("a page shows each line of the file, and what is wrong below the lines that failed", () => {
  const elements = elementsOf(pageOf(bad));
  const rows = withClass(elements, "row");
  assert.equal(rows.map((row) => contentOf(row).replace(/^\d+/, "")).join("\n"), text.trimEnd());
  assert.deepEqual(
    withClass(elements, "wrong").map((row) => attribute(row, "id")),
    ["L5", "L8"],
  );
  assert.deepEqual(withClass(elements, "note").map(contentOf), [
    "Assert failure\nactual:   string <나>\nexpected: string <가>\n",
    "Assert body value\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n",
  ]);
});

test("a page's links lead to what is on it", () => {
  const elements = elementsOf(pageOf(bad));
  const ids = new Set(elements.flatMap((element) => attribute(element, "id") ?? []));
  const targets = elements.flatMap((element) => /^#(.*)/.exec(attribute(element, "href") ?? "")?.[1] ?? []);
  assert.ok(targets.includes("L8") && targets.includes("call-1-1"));
  for (const target of targets) assert.ok(ids.has(target), target);
});

test("a page shows headers, bodies, captures and the curl command of an entry", () => {
  const entry = entryOf(file, 1, {
    calls: [
      callOf({ body: "안녕", requestFields: [["X-이름".slice(0, 1), "값"]], fields: [["X-Answer", "답"]] }),
    ],
    captures: [
      { name: "이름", value: { kind: "string", value: "값" } },
      { name: "big", value: { kind: "integer", value: 10000000000000000365n } },
    ],
    curl: "curl 'http://localhost:8000/hello'",
  });
  const page = pageOf(outcomeOf(file, { entries: [entry] }));
  const fields = withClass(elementsOf(page), "fields").map(contentOf).join("");
  assert.match(fields, /Hostlocalhost:8000\nX값\n/);
  assert.match(fields, /X-Answer답/);
  assert.match(fields, /이름값\nbig10000000000000000365\n/);
  const blocks = elementsOf(page)
    .filter(({ tagName }) => tagName === "pre")
    .map(contentOf);
  assert.deepEqual(blocks, ["안녕", "curl 'http://localhost:8000/hello'"]);
  assert.match(page, /Response body, 6 bytes/);
});

test("a page's waterfall has a row for each call and a bar for each of its steps", () => {
  const calls = [
    callOf({ timing: { dns: 10, connect: 20, firstByte: 40, transfer: 30, total: 100 } }),
    callOf({
      after: 100,
      timing: { dns: undefined, connect: undefined, firstByte: 60, transfer: 40, total: 100 },
    }),
  ];
  const elements = elementsOf(pageOf(outcomeOf(file, { entries: [entryOf(file, 1, { calls })] })));
  const bars = elements.filter(
    (element) => element.tagName === "rect" && attribute(element, "y") !== undefined,
  );
  assert.deepEqual(
    bars.map((bar) => [attribute(bar, "class"), attribute(bar, "x"), attribute(bar, "width")].join(" ")),
    [
      "band 0 1080",
      "dns 330 33.5",
      "connect 363.5 67",
      "wait 430.5 134",
      "transfer 564.5 100.5",
      "band 0 1080",
      "wait 665 201",
      "transfer 866 134",
    ],
  );
});

test("a row of the waterfall tells its steps in words", () => {
  const calls = [
    callOf({ url: "http://localhost:8000/가?a=b", timing: { queue: 3, dns: undefined, total: 2000 } }),
  ];
  const elements = elementsOf(pageOf(outcomeOf(file, { entries: [entryOf(file, 1, { calls })] })));
  const titles = elements.filter(({ tagName }) => tagName === "title").map(contentOf);
  assert.equal(
    titles[1],
    "GET http://localhost:8000/가?a=b\nQueued: 3.0 ms\nConnect: 2.0 ms\nWaiting for the answer: 5.0 ms\nTransfer: 1.5 ms",
  );
});

test("a page has no waterfall when nothing was sent, and ends one that is far too long", () => {
  const none = pageOf(outcomeOf(file, { entries: [entryOf(file, 1, { calls: [] })] }));
  assert.ok(!none.includes("<svg"));
  const calls = Array.from({ length: 1000 }, (_, i) => callOf({ after: i * 10 }));
  const many = pageOf(outcomeOf(file, { entries: [entryOf(file, 1, { calls })] }));
  assert.equal(withClass(elementsOf(many), "band").length, 300);
  assert.match(many, /… and 700 more/);
});

const ATTACKS = [
  "<script>alert(1)</script>",
  `"><img src=x onerror=alert(1)>`,
  "'><svg onload=alert(1)>",
  "</title></style></textarea><script>",
  "--><script>",
  "]]><b>",
  "javascript:alert(1)",
];

for (const attack of ATTACKS) {
  test(`nothing becomes markup on a page, such as ${attack}`, () => {
    const wrote = suiteFile(`# ${attack}\nGET http://localhost:8000/hello\nHTTP 200\n`, `${attack}.hurl`);
    const url = `http://localhost:8000/?${attack}`;
    const call = callOf({
      url: "http://localhost:8000/?",
      reason: attack,
      requestFields: [["X-A", attack]],
      fields: [["X-B", attack]],
      body: attack,
    });
    const failures = [
      failureAt(wrote, "200", "ASSERT_STATUS", attack),
      failureAt(wrote, "HTTP", "ASSERT", {
        form: "values",
        actual: attack,
        expected: attack,
        remark: attack,
      }),
      failureAt(wrote, "HTTP", "ASSERT_BODY", { form: "difference", actual: attack, expected: `${attack}x` }),
    ];
    const entry = entryOf(wrote, 1, {
      calls: [{ ...call, request: { ...call.request, url, method: attack, body: Buffer.from(attack) } }],
      captures: [{ name: attack, value: { kind: "string", value: attack } }],
      curl: attack,
      failures,
    });
    const [index, page] = htmlReport([outcomeOf(wrote, { entries: [entry] })]).map((file) => textOf(file));
    for (const html of [index, page, textOf(htmlReport([], index)[0])]) {
      const elements = elementsOf(html as string);
      for (const element of elements) {
        assert.ok(
          !["script", "img", "textarea", "iframe", "object"].includes(element.tagName),
          element.tagName,
        );
        if (element.tagName === "b") assert.ok(contentOf(element).startsWith("Assert"));
        for (const { name, value } of element.attrs) {
          assert.ok(!name.startsWith("on"), name);
          if (name === "href") assert.match(value, /^(#|files\/|\.\.\/index\.html$|data:,$)/);
        }
      }
      const title = elements.find(({ tagName }) => tagName === "title") as Element;
      assert.match(contentOf(title), html === page ? /\.hurl$/ : /Test report$/);
    }
  });
}

test("what reorders or hides text is shown as an escape", () => {
  const page = pageOf(outcomeOf(suiteFile("# \u202edexo\u2066\nGET http://a\n", "a\u202e.hurl")));
  assert.ok(!/[\u202e\u2066]/.test(page));
  assert.match(page, /# \\u202edexo\\u2066/);
});

test("a page needs nothing but itself, and no script", () => {
  for (const report of htmlReport([bad, good])) {
    const elements = elementsOf(textOf(report));
    const policy = elements.find(
      (element) => attribute(element, "http-equiv") === "Content-Security-Policy",
    ) as Element;
    assert.match(attribute(policy, "content") as string, /^default-src 'none'/);
    for (const element of elements) {
      assert.ok(attribute(element, "src") === undefined);
      assert.notEqual(element.tagName, "script");
    }
    assert.ok(!/url\(|@import/.test(textOf(report)));
  }
});

test("a secret is erased from a long text before this is cut", () => {
  const secret = "s3cret".repeat(50);
  const redact = (text: string): string => text.replaceAll(secret, "***");
  const long = `${"x".repeat(1900)}${secret}`;
  const entry = entryOf(file, 1, {
    calls: [callOf({ fields: [["X-A", long]], body: long })],
    captures: [{ name: "a", value: { kind: "string", value: long } }],
    failures: [failureAt(file, "200", "ASSERT_STATUS", long)],
  });
  const page = pageOf(outcomeOf(file, { redact, entries: [entry] }));
  assert.equal(page.split(`${"x".repeat(1900)}***`).length, 6);
  assert.ok(!page.includes("s3cret"));
});

test("no secret is on any page", () => {
  const secret = suiteFile(
    'GET http://localhost:8000/s3cret\n[Options]\nvariable: pin=s3cret\nHTTP 200\n[Asserts]\nbody == "비밀"\n',
    "s3cret.hurl",
  );
  const redact = (text: string): string => text.replaceAll(/비밀|s3cret|two\nlines/g, "***");
  const call = callOf({
    url: "http://localhost:8000/s3cret",
    reason: "s3cret",
    requestFields: [["Authorization", "Bearer s3cret"]],
    fields: [["Set-Cookie", "비밀=s3cret"]],
    body: "two\nlines 비밀",
  });
  const entry = entryOf(secret, 1, {
    calls: [{ ...call, request: { ...call.request, body: Buffer.from("비밀") } }],
    captures: [{ name: "s3cret", value: { kind: "list", items: [{ kind: "string", value: "비밀" }] } }],
    failures: [
      failureAt(secret, "200", "ASSERT_STATUS", "actual value is <two\nlines>"),
      failureAt(secret, "pin", "ASSERT", {
        form: "values",
        actual: "비밀",
        expected: "s3cret",
        remark: "비밀",
      }),
      failureAt(secret, "body", "ASSERT_BODY", {
        form: "difference",
        actual: "two\nlines\n",
        expected: "비밀",
      }),
    ],
    curl: "curl s3cret",
  });
  for (const report of htmlReport([outcomeOf(secret, { redact, entries: [entry] })])) {
    const html = textOf(report).replace(/<style>.*<\/style>/s, "");
    assert.ok(!/s3cret|비밀|two|\blines/.test(html), html);
    assert.match(html, /\*\*\*/);
  }
});
