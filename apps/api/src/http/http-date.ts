let second = 0;
let text = '';

/** Now as HTTP writes it (RFC 9110, 5.6.7); answers of the same second share the text. */
export function httpDate(): string {
  const now = Math.floor(Date.now() / 1_000);
  if (now !== second) {
    second = now;
    text = new Date(now * 1_000).toUTCString();
  }
  return text;
}
