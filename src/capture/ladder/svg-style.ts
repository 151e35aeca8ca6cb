// The colours of the SVG, light and dark. Each has a contrast of 4.5 to 1 at least against its paper, and none of them
// says anything alone.

export const SVG_STYLE: string = `
.ladder { color-scheme: light dark; background: var(--paper); --paper: #ffffff; --ink: #1c2128; --faint: #5b6472; --line: #c3cad4;
  --request: #0a58b0; --good: #17702f; --moved: #0b6b74; --wrong: #8a5300; --failed: #b3261e; }
@media (prefers-color-scheme: dark) {
  .ladder { color-scheme: light dark; background: var(--paper); --paper: #12161c; --ink: #e4e8ee; --faint: #98a2b1; --line: #3b4450;
    --request: #7cb7ff; --good: #6fcf85; --moved: #5fc9d3; --wrong: #e6b35a; --failed: #ff8a80; }
}
.ladder text { font: 12px ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK KR", monospace;
  fill: var(--ink); stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; paint-order: stroke; }
.ladder .paper { fill: var(--paper); }
.ladder .head, .ladder .state { font-weight: 600; }
.ladder .faint, .ladder .time { fill: var(--faint); }
.ladder .lifeline { stroke: var(--line); stroke-width: 1.5; }
.ladder .shaft { stroke: currentColor; stroke-width: 1.5; fill: none; }
.ladder .dashed { stroke-dasharray: 5 4; }
.ladder .point { fill: currentColor; }
.ladder .row { color: var(--ink); }
.ladder .row .label { fill: currentColor; }
.ladder .request { color: var(--request); }
.ladder .good { color: var(--good); }
.ladder .moved { color: var(--moved); }
.ladder .wrong, .ladder .retransmission { color: var(--wrong); }
.ladder .failed, .ladder .rst { color: var(--failed); }
.ladder .interim, .ladder .keep-alive { color: var(--faint); }
`;
