// Content negotiation: RFC 9110, 12. Chooses among what the server has by what the client says it prefers, and
// knows neither files nor how a coding is applied.

import { type MediaType, parseMediaType } from "./media-types.ts";

// weight = 0 to 1 with at most three digits after the point.  RFC 9110, 12.4.2
const WEIGHT = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;
const CODING = /^[ \t]*([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]*(?:;[ \t]*[qQ]=([\d.]+)[ \t]*)?$/;

/**
 * Chooses the offer that the Accept field prefers; the first of those preferred equally. Gives
 * `undefined` when the client accepts none. A field that is absent, or in which nothing can be
 * read, accepts everything. `offers` are media types, with or without parameters, in the server's
 * order of preference.  RFC 9110, 12.5.1
 */
export function preferMediaType(accept: string | undefined, offers: readonly string[]): string | undefined {
  const ranges = accept === undefined ? [] : mediaRanges(accept);
  if (ranges.length === 0) return offers[0];
  let preferred: string | undefined;
  let highest = 0;
  for (const offer of offers) {
    const mediaType = parseMediaType(offer);
    const quality = mediaType === undefined ? 0 : qualityOf(mediaType, ranges);
    if (quality > highest) {
      preferred = offer;
      highest = quality;
    }
  }
  return preferred;
}

/**
 * Chooses a content coding by the Accept-Encoding field: one of `offers` (lower case, in the server's
 * order of preference, "identity" not among them), or "identity" for none, or `undefined` when the
 * client refuses even that. Any coding that the client accepts is preferred to none, unless the
 * client itself gives "identity" the higher weight. An absent field asks for none: it would permit
 * every coding, but who sends none cannot be expected to decode any.  RFC 9110, 12.5.3
 */
export function preferEncoding(
  acceptEncoding: string | undefined,
  offers: readonly string[],
): string | undefined {
  if (acceptEncoding === undefined) return "identity";
  const weights = codingWeights(acceptEncoding);
  const others = weights.get("*");
  let preferred: string | undefined;
  let highest = 0;
  for (const offer of offers) {
    const quality = weights.get(offer) ?? others ?? 0;
    if (quality > highest) {
      preferred = offer;
      highest = quality;
    }
  }
  const identity = weights.get("identity");
  if (preferred !== undefined) return identity !== undefined && identity > highest ? "identity" : preferred;
  // Refused by name, or by "*;q=0" where the name does not appear.
  return (identity ?? others) === 0 ? undefined : "identity";
}

interface MediaRange extends MediaType {
  readonly weight: number;
  /** The more exact range decides: a full type before `type/*` before `*`/`*`, then by its parameters. */
  readonly exactness: number;
}

function mediaRanges(accept: string): MediaRange[] {
  const ranges: MediaRange[] = [];
  for (const member of splitMembers(accept)) {
    const mediaType = parseMediaType(member);
    if (mediaType === undefined) continue;
    const { essence } = mediaType;
    if (essence.startsWith("*/") && essence !== "*/*") continue;
    const parameters = new Map(mediaType.parameters);
    const weight = parameters.get("q") ?? "1";
    if (!WEIGHT.test(weight)) continue;
    parameters.delete("q");
    const level = essence === "*/*" ? 0 : essence.endsWith("/*") ? 1 : 2;
    ranges.push({ essence, parameters, weight: Number(weight), exactness: level * 1000 + parameters.size });
  }
  return ranges;
}

function qualityOf(offer: MediaType, ranges: readonly MediaRange[]): number {
  let deciding: MediaRange | undefined;
  for (const range of ranges) {
    if ((deciding === undefined || range.exactness > deciding.exactness) && covers(range, offer))
      deciding = range;
  }
  return deciding?.weight ?? 0;
}

function covers(range: MediaRange, offer: MediaType): boolean {
  const { essence, parameters } = range;
  const covered =
    essence === offer.essence ||
    essence === "*/*" ||
    (essence.endsWith("/*") && offer.essence.startsWith(essence.slice(0, -1)));
  if (!covered) return false;
  for (const [name, value] of parameters) {
    const offered = offer.parameters.get(name);
    // Clients ask for `application/json;charset=utf-8`, though JSON has no such parameter.
    if (offered === undefined && name === "charset") continue;
    if (offered?.toLowerCase() !== value.toLowerCase()) return false;
  }
  return true;
}

function codingWeights(acceptEncoding: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const member of acceptEncoding.split(",")) {
    const match = CODING.exec(member);
    if (match === null) continue;
    const weight = match[2] ?? "1";
    if (!WEIGHT.test(weight)) continue;
    const coding = (match[1] ?? "").toLowerCase();
    // RFC 9110, 8.4.1.3: recipients take x-gzip for gzip.
    weights.set(coding === "x-gzip" ? "gzip" : coding, Number(weight));
  }
  return weights;
}

// Commas within a quoted string do not separate. One pass, so that no value can make it slow.
function splitMembers(value: string): readonly string[] {
  if (!value.includes('"')) return value.split(",");
  const members: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index < value.length; index += 1) {
    const character = value[index];
    if (character === '"') quoted = !quoted;
    else if (character === "\\" && quoted) index += 1;
    else if (character === "," && !quoted) {
      members.push(value.slice(start, index));
      start = index + 1;
    }
  }
  members.push(value.slice(start));
  return members;
}
