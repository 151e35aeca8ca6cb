import assert from "node:assert/strict";
import { test } from "node:test";
import { isCompressible, mediaTypeOf, parseMediaType } from "./media-types.ts";

const values: readonly { value: string; essence?: string; parameters?: Record<string, string> }[] = [
  { value: "text/html", essence: "text/html" },
  { value: "Text/HTML", essence: "text/html" },
  { value: " text/html ", essence: "text/html" },
  { value: "text/html;charset=utf-8", essence: "text/html", parameters: { charset: "utf-8" } },
  { value: 'Text/HTML;Charset="UTF-8"', essence: "text/html", parameters: { charset: "UTF-8" } },
  {
    value: "text/html ; charset=utf-8 ; a=b",
    essence: "text/html",
    parameters: { charset: "utf-8", a: "b" },
  },
  { value: "text/html;;charset=utf-8;", essence: "text/html", parameters: { charset: "utf-8" } },
  { value: 'a/b;c="x;y, \\"z\\" \\\\"', essence: "a/b", parameters: { c: 'x;y, "z" \\' } },
  { value: 'a/b;c=""', essence: "a/b", parameters: { c: "" } },
  { value: 'a/b;c="\u00e9"', essence: "a/b", parameters: { c: "\u00e9" } },
  { value: "a/b;c=1;C=2", essence: "a/b", parameters: { c: "1" } },
  { value: "a/b;toString=1", essence: "a/b", parameters: { toString: "1" } },
  { value: "application/problem+json", essence: "application/problem+json" },
  { value: "application/partial-upload", essence: "application/partial-upload" },
  { value: "*/*;q=0.5", essence: "*/*", parameters: { q: "0.5" } },
  { value: "" },
  { value: "text" },
  { value: "text/" },
  { value: "/html" },
  { value: "text /html" },
  { value: "text/html/x" },
  { value: "text/html charset=utf-8" },
  { value: "text/html;charset" },
  { value: "text/html;charset=" },
  { value: "text/html;charset = utf-8" },
  { value: "text/html;=utf-8" },
  { value: 'text/html;charset="utf-8' },
  { value: 'text/html;charset="utf-8"x' },
  { value: "text/html, text/plain" },
  { value: "text/html\r\n" },
];

for (const { value, essence, parameters } of values) {
  test(`parseMediaType() reads ${JSON.stringify(value)} as ${essence ?? "invalid"}`, () => {
    const expected = Object.entries(parameters ?? {}).map(([name, text]) => [name.toLowerCase(), text]);
    const mediaType = parseMediaType(value);
    assert.equal(mediaType?.essence, essence);
    assert.deepEqual([...(mediaType?.parameters ?? [])], expected);
  });
}

const names: readonly [name: string, mediaType: string][] = [
  ["index.html", "text/html; charset=utf-8"],
  ["INDEX.HTML", "text/html; charset=utf-8"],
  ["style.css", "text/css; charset=utf-8"],
  ["main.js", "text/javascript; charset=utf-8"],
  ["main.mjs", "text/javascript; charset=utf-8"],
  ["main.cjs", "text/javascript; charset=utf-8"],
  ["main.ts", "text/plain; charset=utf-8"],
  ["main.d.mts", "text/plain; charset=utf-8"],
  ["view.tsx", "text/plain; charset=utf-8"],
  ["main.rs", "text/plain; charset=utf-8"],
  ["cases.hurl", "text/plain; charset=utf-8"],
  ["cases.http", "text/plain; charset=utf-8"],
  ["notes.txt", "text/plain; charset=utf-8"],
  ["README.md", "text/markdown; charset=utf-8"],
  ["안녕하세요.md", "text/markdown; charset=utf-8"],
  ["data.json", "application/json; charset=utf-8"],
  ["main.js.map", "application/json; charset=utf-8"],
  ["data.jsonl", "application/x-ndjson; charset=utf-8"],
  ["place.geojson", "application/geo+json; charset=utf-8"],
  ["app.webmanifest", "application/manifest+json; charset=utf-8"],
  ["feed.rss", "application/rss+xml; charset=utf-8"],
  ["data.xml", "application/xml; charset=utf-8"],
  ["page.xhtml", "application/xhtml+xml; charset=utf-8"],
  ["logo.svg", "image/svg+xml; charset=utf-8"],
  ["logo.svgz", "application/gzip"],
  ["table.csv", "text/csv; charset=utf-8"],
  ["config.yaml", "text/yaml; charset=utf-8"],
  ["config.toml", "application/toml; charset=utf-8"],
  ["cat.png", "image/png"],
  ["cat.jpeg", "image/jpeg"],
  ["favicon.ico", "image/vnd.microsoft.icon"],
  ["film.mp4", "video/mp4"],
  ["module.wasm", "application/wasm"],
  ["paper.pdf", "application/pdf"],
  ["source.tar.gz", "application/gzip"],
  ["page.html.zst", "application/zstd"],
  ["wire.pcapng", "application/x-pcapng"],
  ["file.unknown-to-all", "application/octet-stream"],
  ["file.", "application/octet-stream"],
  ["html", "application/octet-stream"],
  ["Makefile", "application/octet-stream"],
  ["", "application/octet-stream"],
  ["odd.constructor", "application/octet-stream"],
];

for (const [name, mediaType] of names) {
  test(`a file named "${name}" is ${mediaType}`, () => {
    assert.equal(mediaTypeOf(name), mediaType);
  });
}

const contents: readonly [mediaType: string, compressible: boolean][] = [
  ["text/html", true],
  ["text/html; charset=utf-8", true],
  ["TEXT/HTML ;charset=utf-8", true],
  ["application/json", true],
  ["application/problem+json", true],
  ["image/svg+xml; charset=utf-8", true],
  ["application/wasm", true],
  ["font/ttf", true],
  ["font/woff2", false],
  ["image/png", false],
  ["video/mp4", false],
  ["application/gzip", false],
  ["application/zip", false],
  ["application/octet-stream", false],
  ["text/event-stream", false],
  ["", false],
];

for (const [mediaType, compressible] of contents) {
  test(`${mediaType || "no media type"} is ${compressible ? "" : "not "}compressible`, () => {
    assert.equal(isCompressible(mediaType), compressible);
  });
}
