/**
 * Makes a text acceptable to every store of MLflow: valid Unicode without NUL, cut to a length with a visible mark. A
 * lone surrogate or a NUL makes some servers answer 500 on every retry.
 */
export function limitedText(value: string, limit: number): string {
  const text = Buffer.from(value).toString().replaceAll('\0', '\uFFFD');
  if (text.length <= limit) return text;
  const mark = `… [cut, ${text.length} characters]`;
  const kept = text.slice(0, limit - mark.length);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}${mark}`;
}
