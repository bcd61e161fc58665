/** Edits (Levenshtein) that make one text of another. */
function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= to.length; j++)
      row.push(Math.min(row[j - 1] + 1, above[j] + 1, above[j - 1] + Number(from[i - 1] !== to[j - 1])));
  }
  return row[to.length];
}

const plain = (name: string): string => name.trim().toLowerCase();

/** The name that was probably meant: the most similar one, up to a third of its characters different, whatever their case. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((one) => ({ one, distance: edits(plain(name), plain(one)), most: Math.floor(one.length / 3) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= best.most ? best.one : undefined;
}
