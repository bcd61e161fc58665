/** Index of the largest of `width` values from `offset` on; the first one of ties. */
export function argmax(values: ArrayLike<number>, offset: number, width: number): number {
  let best = 0;
  for (let i = 1; i < width; i++) if (values[offset + i] > values[offset + best]) best = i;
  return best;
}
