// The decoder euc-kr of the Encoding Standard (https://encoding.spec.whatwg.org/#euc-kr), which is Windows' code page
// 949: KS X 1001 and, in the places that it leaves, all other syllables. Node's own knows KS X 1001 alone, and makes
// controls of the rest without a word.

/** Its characters by their two bytes, `lead << 8 | trail`. */
let characters: ReadonlyMap<number, string> | undefined;

/** Text of bytes in euc-kr. Throws TypeError at the first bytes that are none. */
export function decodeEucKr(bytes: Uint8Array): string {
  characters ??= allCharacters();
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at] as number;
    if (lead < 0x80) {
      pieces.push(String.fromCharCode(lead));
      continue;
    }
    at += 1;
    const character = characters.get((lead << 8) | (bytes[at] ?? 0));
    if (character === undefined) throw new TypeError(`no character of euc-kr begins at byte ${at}`);
    pieces.push(character);
  }
  return pieces.join("");
}

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;

function allCharacters(): Map<number, string> {
  const all = standardCharacters();
  const known = new Set(all.values());
  // The syllables that KS X 1001 left out stand in their order in the places that it left out.
  let syllable = FIRST_SYLLABLE;
  for (const place of placesLeft()) {
    while (known.has(String.fromCharCode(syllable))) syllable += 1;
    if (syllable > LAST_SYLLABLE) break;
    all.set(place, String.fromCharCode(syllable));
    syllable += 1;
  }
  // Came later than Node's table.
  return all.set(0xa2e6, "€").set(0xa2e7, "®");
}

function standardCharacters(): Map<number, string> {
  const decoder = new TextDecoder("euc-kr");
  const found = new Map<number, string>();
  for (let lead = 0xa1; lead <= 0xfe; lead += 1) {
    for (let trail = 0xa1; trail <= 0xfe; trail += 1) {
      const text = decoder.decode(Uint8Array.of(lead, trail));
      // Two rows are for private use, which is no text.
      if (/^[^\ue000-\uf8ff\ufffd]$/.test(text)) found.set((lead << 8) | trail, text);
    }
  }
  return found;
}

function* placesLeft(): Generator<number> {
  for (let lead = 0x81; lead <= 0xc6; lead += 1) {
    const last = lead < 0xa1 ? 0xfe : 0xa0;
    for (let trail = 0x41; trail <= last; trail += 1) {
      const gap = (trail > 0x5a && trail < 0x61) || (trail > 0x7a && trail < 0x81);
      if (!gap) yield (lead << 8) | trail;
    }
  }
}
