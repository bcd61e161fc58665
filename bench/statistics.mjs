export const ascending = (numbers) => Float64Array.from(numbers).sort();

/** The smallest number that a share `q` of all numbers does not exceed. */
export function quantile(sorted, q) {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
}

export function median(numbers) {
  const sorted = ascending(numbers);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
