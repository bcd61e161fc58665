/** Claims indices below `count`, each for one thread only. @param next counter shared by the threads */
export function* claimIndices(next: Int32Array, count: number): Generator<number> {
  for (let index = Atomics.add(next, 0, 1); index < count; index = Atomics.add(next, 0, 1)) yield index;
}
