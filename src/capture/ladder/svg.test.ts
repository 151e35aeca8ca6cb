import assert from "node:assert/strict";
import { test } from "node:test";
import { DOMParser } from "@xmldom/xmldom";
import { crowd, exerciseFlow, lossyFlow, oddFlow } from "../../../test/fixtures/ladder-scenes.ts";
import type { Flow } from "./ladder.ts";
import { layoutLadder } from "./layout.ts";
import { type LadderSvgOptions, ladderSvg } from "./svg.ts";
import { xmlText } from "./svg-shapes.ts";

interface Shape {
  readonly name: string;
  readonly attributes: { readonly [name: string]: string };
  /** Of the element itself, not of those in it. */
  readonly text: string;
  readonly children: readonly Shape[];
}

/** The picture as whoever opens the file reads it; throws for what is not well-formed. */
function drawn(flows: readonly Flow[], options?: LadderSvgOptions, names?: Map<string, string>): Shape[] {
  const ladder = layoutLadder({ flows, ...(names === undefined ? {} : { names }) });
  const document = new DOMParser({
    onError: (level, message) => {
      // It warns of every U+FFFD, which stands here for what XML cannot hold.
      if (level !== "warning") throw new Error(`${level}: ${message}`);
    },
  }).parseFromString(ladderSvg(ladder, options), "image/svg+xml");
  const root = document.documentElement;
  assert.ok(root !== null);
  return allOf(shapeOf(root));
}

type XmlElement = NonNullable<ReturnType<DOMParser["parseFromString"]>["documentElement"]>;

function shapeOf(element: XmlElement): Shape {
  const nodes = Array.from(element.childNodes);
  return {
    name: element.nodeName,
    attributes: Object.fromEntries(
      Array.from(element.attributes, ({ name, value }): [string, string] => [name, value]),
    ),
    text: nodes.flatMap((node) => (node.nodeType === 3 ? [node.nodeValue ?? ""] : [])).join(""),
    children: nodes.flatMap((node) => (node.nodeType === 1 ? [shapeOf(node as XmlElement)] : [])),
  };
}

function allOf(shape: Shape): Shape[] {
  return [shape, ...shape.children.flatMap(allOf)];
}

function rowsOf(shapes: readonly Shape[]): Shape[] {
  return shapes.filter(({ attributes }) => attributes["data-row"] !== undefined);
}

test("ladderSvg() draws an arrow for each row, with what it stands for", () => {
  const rows = rowsOf(drawn([exerciseFlow()]));
  assert.deepEqual(
    rows.map(({ attributes }) =>
      [
        attributes["data-row"],
        attributes.class,
        attributes["data-packets"],
        attributes["data-exchanges"],
      ].join(" | "),
    ),
    [
      "0 | row syn | 0 | ",
      "1 | row syn-ack | 1 | ",
      "2 | row ack | 2 | ",
      "3 | row request | 3 4 | 0",
      "4 | row response good | 5 6 | 0",
      "5 | row request | 7 | 1",
      "6 | row response good | 8 9 | 1",
      "7 | row fin | 10 | ",
      "8 | row ack | 11 | ",
      "9 | row fin | 12 | ",
      "10 | row ack | 13 | ",
    ],
  );
});

test("ladderSvg() can be heard: a title, a description, and a title for each row", () => {
  const shapes = drawn([exerciseFlow(true)], { origin: "tap", id: "lab" });
  const [root] = shapes;
  assert.equal(root?.attributes["aria-labelledby"], "lab-title");
  assert.equal(
    shapes.find(({ attributes }) => attributes.id === "lab-title")?.text,
    "Ladder of 192.168.0.15:51744, 192.168.0.14:10000",
  );
  assert.match(
    shapes.find(({ attributes }) => attributes.id === "lab-desc")?.text ?? "",
    /^Reconstructed from what the sockets sent and received \(tap\): 14 packets/,
  );
  assert.equal(
    rowsOf(shapes)[3]?.children.find(({ name }) => name === "title")?.text,
    "GET / HTTP/1.1, from 192.168.0.15:51744 to 192.168.0.14:10000, +257 µs, reconstructed",
  );
});

test("ladderSvg() dashes what was reconstructed and says what the dashes mean", () => {
  const dashesOf = (shapes: readonly Shape[]): (string | undefined)[] =>
    shapes.flatMap(({ attributes }) => (attributes.class?.startsWith("shaft") ? [attributes.class] : []));
  const solid = drawn([exerciseFlow()]);
  const dashed = drawn([exerciseFlow(true)]);
  assert.deepEqual(new Set(dashesOf(solid)), new Set(["shaft"]));
  assert.deepEqual(new Set(dashesOf(dashed)), new Set(["shaft dashed"]));
  const legend = "solid: captured, dashed: reconstructed";
  assert.ok(dashed.some(({ text }) => text === legend));
  assert.ok(!solid.some(({ text }) => text === legend));
});

test("ladderSvg() writes the states outside of the arrows where they change", () => {
  const states = drawn([exerciseFlow()]).filter(({ attributes }) => attributes.class === "state");
  assert.deepEqual(
    states.map(({ text }) => text).join(" "),
    "CLOSED LISTEN SYN-SENT SYN-RECEIVED ESTABLISHED ESTABLISHED FIN-WAIT-1 CLOSE-WAIT FIN-WAIT-2 TIME-WAIT LAST-ACK CLOSED",
  );
});

test("ladderSvg() takes what came from elsewhere for text only", () => {
  const name = "</title><script>alert(1)</script>\u0000\ufffe\ud800&amp;\"'\u202e";
  const shapes = drawn([oddFlow()], { origin: name, id: '"><script>' }, new Map([["2001:db8::1", name]]));
  const names = new Set(shapes.map((shape) => shape.name));
  assert.deepEqual(names, new Set(["svg", "title", "desc", "style", "rect", "text", "line", "g", "path"]));
  assert.ok(
    shapes.some(({ text }) =>
      text.includes("</title><script>alert(1)</script>\\x00\ufffd\\ud800&amp;\"'\\u202e"),
    ),
  );
});

test("xmlText() escapes markup and replaces what XML cannot hold", () => {
  assert.equal(xmlText(`<a b="c">&'\u0001\uffff나비`), "&#60;a b=&#34;c&#34;&#62;&#38;&#39;\ufffd\ufffd나비");
});

test("ladderSvg() needs nothing else: no address but the namespace is in it", () => {
  const svg = ladderSvg(layoutLadder({ flows: [lossyFlow()] }));
  assert.deepEqual(svg.match(/https?:[^"' ]*/g), ["http://www.w3.org/2000/svg"]);
  assert.doesNotMatch(svg, /url\(|@import|href/);
  assert.match(svg, /prefers-color-scheme: dark/);
});

test("ladderSvg() keeps all shapes within its bounds, long addresses and many connections too", () => {
  for (const flows of [[exerciseFlow()], [oddFlow()], crowd(3), crowd(7), [lossyFlow()], []]) {
    const [root, ...shapes] = drawn(flows);
    const [width, height] = [Number(root?.attributes.width), Number(root?.attributes.height)];
    for (const { attributes, text } of shapes) {
      for (const name of ["x", "x1", "x2"]) {
        if (attributes[name] === undefined) continue;
        // A middle anchor reaches as far as half of its text.
        const reach = attributes["text-anchor"] === "middle" ? ([...text].length * 7.2) / 2 : 0;
        const x = Number(attributes[name]);
        assert.ok(x - reach >= 0 && x + reach <= width, `${name} ${x} ± ${reach} of ${width}: ${text}`);
      }
      for (const name of ["y", "y1", "y2"]) {
        if (attributes[name] === undefined) continue;
        assert.ok(Number(attributes[name]) > 0 && Number(attributes[name]) <= height, text);
      }
    }
  }
});

test("ladderSvg() draws many connections one below the other, rows numbered as in the ladder", () => {
  const shapes = drawn(crowd(5));
  const ladder = layoutLadder({ flows: crowd(5) });
  assert.ok(shapes.some(({ text }) => text === "Connection #4"));
  for (const { attributes } of rowsOf(shapes)) {
    const row = ladder.rows[Number(attributes["data-row"])];
    assert.equal(attributes["data-packets"], row?.packets.join(" "));
    assert.equal(attributes["data-connection"], String(row?.connection));
  }
  assert.equal(rowsOf(shapes).length, ladder.rows.length);
});
