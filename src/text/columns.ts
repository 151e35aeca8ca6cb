// How wide a text is in a terminal, where some characters take two columns and some none.

const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
// The blocks that every terminal shows two columns wide: Hangul, CJK, kana, full-width forms, emoji.
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]$/u;

/** How many columns a text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += ZERO_WIDTH.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return columns;
}

/** The text in at most so many columns; what is cut away becomes an ellipsis in the middle, so that an extension stays. */
export function fitColumns(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const characters = [...text];
  const tail = takeColumns(characters.toReversed(), Math.floor((columns - 1) / 2)).reverse();
  const head = takeColumns(characters, columns - 1 - columnsOf(tail.join("")));
  return `${head.join("")}…${tail.join("")}`;
}

function takeColumns(characters: readonly string[], columns: number): string[] {
  const taken: string[] = [];
  let left = columns;
  for (const character of characters) {
    left -= columnsOf(character);
    if (left < 0) break;
    taken.push(character);
  }
  return taken;
}
