/** With more texts, few characters seldom distinguish all of them, and finding the characters is slow. */
const MOST_TEXTS = 1_024;
const MOST_CHARACTERS = 4;
/** Only the first characters of the texts are considered. */
const REACH = 64;
/** Longest probe sequence of the hash table. */
const LONGEST_PROBE = 4;

/** @returns positions of the characters that, with the length, distinguish all texts; undefined where a few are not enough */
function distinguishingPositions(texts: readonly string[]): number[] | undefined {
  const longest = Math.min(
    REACH,
    texts.reduce((most, { length }) => Math.max(most, length), 0),
  );
  const positions: number[] = [];
  let groups = texts.map(({ length }) => length);
  let count = new Set(groups).size;
  while (count < texts.length) {
    let best: { readonly at: number; readonly groups: number[]; readonly count: number } | undefined;
    for (let at = 0; at < longest; at++) {
      const numbers = new Map<string, number>();
      const split = groups.map((group, i) => {
        const key = `${group} ${texts[i].charCodeAt(at)}`;
        const number = numbers.get(key) ?? numbers.size;
        numbers.set(key, number);
        return number;
      });
      if (numbers.size > (best?.count ?? count)) best = { at, groups: split, count: numbers.size };
    }
    if (!best || positions.push(best.at) > MOST_CHARACTERS) return undefined;
    ({ groups, count } = best);
  }
  return positions;
}

/**
 * Finds the index of a text in a list by a hash of few characters and one comparison. A `Map` hashes all characters of a text that
 * was just read, and takes twice as long (`node bench/kinds.mjs`).
 *
 * @param texts must be distinct
 */
export function textPlaces(texts: readonly string[]): (text: string) => number | undefined {
  const map = new Map(texts.map((text, index) => [text, index]));
  const positions = texts.length > MOST_TEXTS ? undefined : distinguishingPositions(texts);
  if (!positions) return (text) => map.get(text);
  const at = Uint8Array.from(positions);
  const bits = 2 + Math.ceil(Math.log2(texts.length + 1));
  const mask = 2 ** bits - 1;
  const slots = new Int32Array(2 ** bits).fill(-1);
  const slotOf = (text: string): number => {
    const { length } = text;
    let hash = length;
    for (let i = 0; i < at.length; i++) {
      hash = Math.imul(hash, 31) + (at[i] < length ? text.charCodeAt(at[i]) : 0);
    }
    // The multiplier of Fibonacci hashing: Knuth, The Art of Computer Programming, 6.4.
    return Math.imul(hash, 0x9e3779b1) >>> (32 - bits);
  };
  for (const [index, text] of texts.entries()) {
    let slot = slotOf(text);
    for (let probe = 1; slots[slot] >= 0; probe++) {
      if (probe === LONGEST_PROBE) return (one) => map.get(one);
      slot = (slot + 1) & mask;
    }
    slots[slot] = index;
  }
  return (text) => {
    for (let slot = slotOf(text); slots[slot] >= 0; slot = (slot + 1) & mask) {
      if (texts[slots[slot]] === text) return slots[slot];
    }
    return undefined;
  };
}
