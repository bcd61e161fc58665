const [QUOTE, BACKSLASH] = Buffer.from('"\\');
const FIRST_PRINTED = 0x20;
const FIRST_OF_SEVERAL = 0x80;
const NO_CHARACTER = '\ufffd';

/** Reads texts of JSON from bytes, the usual ones: the rest is for the JSON reader. */
export class TextScanner {
  /** What was read last. */
  value = '';

  /** @returns where the text ends whose first quote stands at `at`; -1 where it has escapes, is no UTF-8, or goes on behind the bytes */
  scan(bytes: Buffer, at: number): number {
    let isPlain = true;
    for (let i = at + 1; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte === QUOTE) {
        this.value = isPlain ? bytes.toString('latin1', at + 1, i) : bytes.toString('utf8', at + 1, i);
        return isPlain || !this.value.includes(NO_CHARACTER) ? i + 1 : -1;
      }
      if (byte === BACKSLASH || byte < FIRST_PRINTED) return -1;
      if (byte >= FIRST_OF_SEVERAL) isPlain = false;
    }
    return -1;
  }
}
