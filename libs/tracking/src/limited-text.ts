/**
 * A value as every store of MLflow can hold it: valid Unicode without NUL, cut to a length with a visible mark.
 *
 * Half a surrogate pair or a NUL would make some servers answer 500 for ever.
 */
export function limitedText(value: string, limit: number): string {
  const text = Buffer.from(value).toString().replaceAll('\0', '\uFFFD');
  if (text.length <= limit) return text;
  const mark = `… [cut, ${text.length} characters]`;
  const kept = text.slice(0, limit - mark.length);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}${mark}`;
}
