// What the pages of the HTML report share: the frame of a page, its style, and how times look. No page needs a script,
// another file or the network.

import type { Markup, Write } from "./markup.ts";

/** How a page of ours says that it is one. */
export const GENERATOR = "sockeye";

/** A whole page. The policy keeps whatever might have come into it from being run or fetched. */
export function pageOf(title: string, body: Markup, write: Write): string {
  return write`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${GENERATOR}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.markup;
}

/** A length of time for people. */
export function durationText(milliseconds: number): string {
  if (milliseconds === 0) return "0 ms";
  if (milliseconds < 10) return `${milliseconds.toFixed(1)} ms`;
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(2)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** To the second, in UTC. */
export function instantText(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** "1 request", "2 requests". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** A mark that is told apart without its colour, too. */
export function badge(success: boolean, write: Write): Markup {
  return success
    ? write`<span class="badge good">✓ Success</span>`
    : write`<span class="badge bad">✗ Failure</span>`;
}

const STYLE: Markup = {
  markup: `
:root {
  --page: #fbfbfa; --card: #fff; --text: #1d2125; --soft: #5c656e; --line: #dfe3e6; --link: #0b62c4;
  --good: #1a7f37; --good-soft: #e3f4e6; --bad: #c02b2b; --bad-soft: #fdebea;
  --queue: #a3acb5; --dns: #7d5bc4; --connect: #d98a1f; --tls: #c2477f; --wait: #3f83d6; --transfer: #35a06b;
  --keyword: #0b5fa8; --number: #9a4d00; --comment: #6a737b; --mark: #8250a8;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "D2Coding", "Noto Sans Mono CJK KR", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1b1f23; --text: #e3e7ea; --soft: #9aa4ad; --line: #30363c; --link: #74b3ff;
    --good: #5fcb7c; --good-soft: #17301e; --bad: #ff8982; --bad-soft: #3c1d1d;
    --queue: #6c767f; --dns: #a58be6; --connect: #e8a84f; --tls: #e57cab; --wait: #6ba7f0; --transfer: #58c38c;
    --keyword: #7fb7f2; --number: #e0a36a; --comment: #89939c; --mark: #c39be3;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); line-height: 1.5;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans KR", "Apple SD Gothic Neo", sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 28px 20px 64px; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
h1 { font-size: 24px; line-height: 1.3; margin: 4px 0 6px; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 36px 0 10px; }
h3 { font-size: 13px; margin: 16px 0 4px; color: var(--soft); font-weight: 600; }
.soft { color: var(--soft); } .nowrap { white-space: nowrap; }
.facts { color: var(--soft); display: flex; flex-wrap: wrap; gap: 4px 18px; align-items: center; margin: 0; }
.badge { display: inline-block; padding: 1px 9px; border-radius: 11px; font-size: 13px; font-weight: 600; white-space: nowrap; }
.good { color: var(--good); background: var(--good-soft); } .bad { color: var(--bad); background: var(--bad-soft); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px; margin: 20px 0 12px; padding: 0; }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; }
.tiles dt { color: var(--soft); font-size: 13px; } .tiles dd { margin: 0; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; }
.share { display: flex; height: 8px; border-radius: 4px; overflow: hidden; background: var(--line); margin: 0 0 24px; }
.share i { display: block; background: var(--good); } .share i + i { background: var(--bad); }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; } th { font-size: 13px; color: var(--soft); font-weight: 600; }
.list th, .list td { padding: 8px 14px; text-align: left; } .list tbody tr { border-top: 1px solid var(--line); }
.list tbody tr:hover { background: color-mix(in srgb, var(--link) 6%, transparent); }
.list td:nth-child(2) { width: 99%; overflow-wrap: anywhere; min-width: 180px; }
.list .figure, .figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
pre, code, .source, .fields td { font-family: var(--mono); font-size: 13px; }
pre { margin: 0; padding: 10px 14px; overflow-x: auto; tab-size: 4; line-height: 1.45; }
.failure { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 8px; margin: 0 0 12px; }
.failure p { margin: 0; padding: 8px 14px 0; font-weight: 600; } .failure p a { font-weight: 400; }
.note b { color: var(--bad); }
.removed { color: var(--bad); } .added { color: var(--good); }
details.entry, .call { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: 0 0 10px; }
details.entry > summary { padding: 9px 14px; cursor: pointer; display: flex; gap: 10px; align-items: baseline; }
details.entry[open] > summary { border-bottom: 1px solid var(--line); }
summary .url { flex: 1; min-width: 0; overflow-wrap: anywhere; font-family: var(--mono); font-size: 13px; }
summary .number { color: var(--soft); min-width: 1.6em; font-variant-numeric: tabular-nums; }
.inside { padding: 8px 14px 12px; } .call > .facts { font-size: 13px; margin-top: 8px; }
.call { padding: 2px 14px 12px; margin: 12px 0; background: none; }
.call h3 { color: var(--text); font-size: 14px; overflow-wrap: anywhere; }
.call pre, .inside > pre { background: var(--page); border: 1px solid var(--line); border-radius: 6px; padding: 8px 12px; max-height: 420px; }
.fields { width: auto; } .fields td { padding: 0 16px 0 0; vertical-align: top; overflow-wrap: anywhere; }
.fields td:first-child { color: var(--soft); white-space: nowrap; overflow-wrap: normal; }
.call details > summary { cursor: pointer; color: var(--link); font-size: 14px; margin-top: 6px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13px; color: var(--soft); margin: 8px 0 0; padding: 0; list-style: none; }
.legend svg { vertical-align: -1px; margin-right: 5px; }
.waterfall { display: block; width: 100%; min-width: 720px; font: 12px var(--mono); }
.waterfall text { fill: var(--text); } .waterfall .tick { fill: var(--soft); font: 11px system-ui, sans-serif; }
.waterfall line { stroke: var(--line); } .waterfall a:hover text { text-decoration: underline; }
.waterfall .failed { fill: var(--bad); } .waterfall .band { fill: transparent; } .waterfall a:hover .band { fill: color-mix(in srgb, var(--link) 8%, transparent); }
.queue { fill: var(--queue); } .dns { fill: var(--dns); } .connect { fill: var(--connect); } .tls { fill: var(--tls); }
.wait { fill: var(--wait); } .transfer { fill: var(--transfer); }
.source { padding: 8px 0; line-height: 1.55; tab-size: 4; min-width: max-content; }
.row { display: flex; } .row a { flex: none; width: 4.5em; padding-right: 14px; text-align: right; color: var(--soft); user-select: none; position: sticky; left: 0; background: var(--card); }
.row code { white-space: pre; padding-right: 14px; font-size: inherit; } .row:target, .row.wrong { background: var(--bad-soft); } .row:target { background: color-mix(in srgb, var(--link) 12%, transparent); }
.row.wrong a { background: var(--bad-soft); color: var(--bad); font-weight: 700; box-shadow: inset 4px 0 var(--bad); }
.note { margin: 2px 14px 6px 5.6em; padding: 4px 10px; border-radius: 6px; background: var(--bad-soft); white-space: pre-wrap; overflow-wrap: anywhere; max-width: 900px; }
.t-keyword { color: var(--keyword); } .t-number { color: var(--number); } .t-comment { color: var(--comment); font-style: italic; } .t-mark { color: var(--mark); }
@media print { details.entry > summary { list-style: none; } .scroll { overflow: visible; } }
`,
};
