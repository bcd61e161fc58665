/** At most `count` of the indices 0 to `total - 1`, evenly spaced. */
export function evenPlaces(total: number, count: number): number[] {
  const taken = Math.min(total, count);
  return Array.from({ length: taken }, (_, i) => Math.floor((i * total) / taken));
}
