let millisecond = 0;
let text = '';

/** Now as ISO 8601 in UTC; answers of the same millisecond share the text. */
export function isoNow(): string {
  const now = Date.now();
  if (now !== millisecond) {
    millisecond = now;
    text = new Date(now).toISOString();
  }
  return text;
}
