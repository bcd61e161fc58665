import type { Interval } from '#statistics';

/** With four decimals; null is "not defined". */
export function numberText(value: number | null): string {
  return value === null ? 'not defined' : value.toFixed(4);
}

/** With its sign; minus is the typographic one. */
export function signedText(value: number): string {
  const text = Math.abs(value).toFixed(4);
  if (Number(text) === 0) return text;
  return value < 0 ? `−${text}` : `+${text}`;
}

export function intervalText(
  interval: Interval | null,
  text: (value: number) => string = (value) => numberText(value),
): string {
  return interval === null ? '' : `${text(interval.low)} to ${text(interval.high)}`;
}
