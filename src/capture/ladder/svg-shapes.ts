// Shapes of the SVG, as text, with everything in them escaped.

/** A text in XML 1.0: what has a meaning there is escaped, what may not stand there is replaced. */
export function xmlText(text: string): string {
  return text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function textShape(
  x: number,
  y: number,
  text: string,
  className: string,
  anchor: "start" | "middle" | "end",
): string {
  if (text === "") return "";
  const place = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return `<text class="${className}" x="${x}" y="${y}"${place}>${xmlText(text)}</text>\n`;
}

export function lifelineShapes(lifelines: readonly number[], top: number, bottom: number): string {
  return lifelines
    .map((x) => `<line class="lifeline" x1="${x}" y1="${top}" x2="${x}" y2="${bottom}"/>\n`)
    .join("");
}

/** An arrow between two lifelines, its head at the second. */
export function arrowShapes(from: number, to: number, y: number, dashed: boolean): string {
  const back = to > from ? -1 : 1;
  const start = from - back * 2;
  const point = to + back * 2;
  const shaft = `<line class="shaft${dashed ? " dashed" : ""}" x1="${start}" y1="${y}" x2="${point + back * 7}" y2="${y}"/>\n`;
  return `${shaft}<path class="point" d="M${point} ${y}l${back * 9} -4.5v9z"/>\n`;
}
