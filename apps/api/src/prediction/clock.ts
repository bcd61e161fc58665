let millisecond = 0;
let text = '';

/** The current time as ISO 8601 in UTC; cached for answers of the same millisecond. */
export function isoNow(): string {
  const now = Date.now();
  if (now !== millisecond) {
    millisecond = now;
    text = new Date(now).toISOString();
  }
  return text;
}
