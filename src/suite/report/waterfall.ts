// When each call of a file was made and what its time went into, as a drawing.

import type { Timing } from "../../client/options.ts";
import type { Call, FileOutcome } from "../run/outcome.ts";
import { durationText } from "./html-page.ts";
import type { Markup, Write } from "./markup.ts";

/** The steps of a call in their order: the class of its colour, and its name. */
const STEPS = [
  { step: "queue", label: "Queued" },
  { step: "dns", label: "Name" },
  { step: "connect", label: "Connect" },
  { step: "tls", label: "TLS" },
  { step: "wait", label: "Waiting for the answer" },
  { step: "transfer", label: "Transfer" },
] as const;

/** More rows make a page that nobody scrolls. */
const MOST_ROWS = 300;

const WIDTH = 1080;
const LEFT = 330;
const RIGHT = 1000;
const ROW = 26;
const TOP = 26;

export interface TimedCall {
  readonly call: Call;
  /** Where the page tells of it: the id of an element. */
  readonly id: string;
  readonly failed: boolean;
}

interface Scale {
  readonly begin: number;
  /** Milliseconds from the first call's beginning to the last one's end. */
  readonly length: number;
}

/** Undefined when nothing was sent. */
export function waterfall(
  calls: readonly TimedCall[],
  { redact }: FileOutcome,
  write: Write,
): Markup | undefined {
  if (calls.length === 0) return undefined;
  const shown = calls.slice(0, MOST_ROWS);
  const scale = scaleOf(shown);
  const height = TOP + shown.length * ROW + 6;
  const hidden = calls.length - shown.length;
  return write`<div class="scroll"><svg class="waterfall" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="When each request was made">
${ticks(scale, height, write)}
${shown.map((one, i) => row(one, i, scale, redact, write))}
</svg></div>
<ul class="legend">${STEPS.map(
    ({ step, label }) =>
      write`<li><svg width="10" height="10"><rect class="${step}" width="10" height="10" rx="2"/></svg>${label}</li>`,
  )}</ul>${hidden > 0 ? write`<p class="soft">… and ${hidden} more</p>` : undefined}`;
}

function scaleOf(calls: readonly TimedCall[]): Scale {
  const begin = Math.min(...calls.map(({ call }) => call.startedAt.getTime()));
  const end = Math.max(...calls.map(({ call }) => call.startedAt.getTime() + call.timing.total));
  return { begin, length: Math.max(end - begin, 0.1) };
}

function ticks({ length }: Scale, height: number, write: Write): Markup[] {
  const step = tickStep(length);
  const count = Math.floor(length / step) + 1;
  return Array.from({ length: count }, (_, i) => {
    const x = round(LEFT + ((i * step) / length) * (RIGHT - LEFT));
    return write`<line x1="${x}" x2="${x}" y1="${TOP - 4}" y2="${height}"/><text class="tick" x="${x}" y="${TOP - 10}" text-anchor="middle">${durationText(i * step)}</text>`;
  });
}

/** 1, 2 or 5 of a power of ten, for at most seven ticks. */
function tickStep(length: number): number {
  const power = 10 ** Math.floor(Math.log10(length / 6));
  return power * ([1, 2, 5, 10].find((factor) => length / (power * factor) <= 6) ?? 10);
}

function row(
  { call, id, failed }: TimedCall,
  index: number,
  scale: Scale,
  redact: (text: string) => string,
  write: Write,
): Markup {
  const { request, response, timing, startedAt } = call;
  const y = TOP + index * ROW;
  const x = (milliseconds: number): number =>
    round(LEFT + ((startedAt.getTime() - scale.begin + milliseconds) / scale.length) * (RIGHT - LEFT));
  let at = 0;
  const bars = stepsOf(timing).map(({ step, milliseconds }) => {
    const from = x(at);
    at += milliseconds;
    const width = Math.max(round(x(at) - from), 0.5);
    return write`<rect class="${step}" x="${from}" y="${y + 6}" width="${width}" height="14"/>`;
  });
  const label = write`<text x="10" y="${y + 17}" class="${failed ? "failed" : ""}">${shortLabel(redact(`${response.status} ${request.method} ${pathOf(request.url)}`))}</text>`;
  const total = write`<text class="tick" x="${round(x(Math.max(at, timing.total)) + 6)}" y="${y + 17}">${durationText(timing.total)}</text>`;
  return write`<a href="#${id}"><title>${tooltip(call)}</title><rect class="band" x="0" y="${y}" width="${WIDTH}" height="${ROW}"/>${label}${bars}${total}</a>
`;
}

function stepsOf(timing: Timing): { step: string; milliseconds: number }[] {
  return STEPS.map(({ step }) => ({
    step,
    milliseconds: (step === "wait" ? timing.firstByte : timing[step]) ?? 0,
  })).filter(({ milliseconds }) => milliseconds > 0);
}

function tooltip({ request, timing }: Call): string {
  const steps = STEPS.map(({ step, label }) => {
    const milliseconds = step === "wait" ? timing.firstByte : timing[step];
    return milliseconds === undefined ? undefined : `${label}: ${durationText(milliseconds)}`;
  });
  return [`${request.method} ${request.url}`, ...steps.filter((step) => step !== undefined)].join("\n");
}

function pathOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/?#]*/i, "") || "/";
}

/** As much as fits before the bars, wide characters counted twice. */
function shortLabel(text: string): string {
  let columns = 0;
  let end = 0;
  for (const character of text) {
    columns += character.charCodeAt(0) < 0x1100 ? 1 : 2;
    if (columns > 42) return `${text.slice(0, end)}…`;
    end += character.length;
  }
  return text;
}

function round(number: number): number {
  return Math.round(number * 100) / 100;
}
