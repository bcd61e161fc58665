import { COMPARISON, goesLeft, type TreeEnsemble } from '#onnx';
import { featureCells, numberIn } from './feature-cells.js';
import { codesOf } from './paths.js';

it('gives each cell a code that a node sends to the side of the cell’s numbers', () => {
  const splits = [
    ...[0, 1, -0, 1e39, Infinity, -Infinity, NaN, 3].flatMap((threshold) =>
      [COMPARISON.atMost, COMPARISON.below].flatMap((comparison) =>
        [0, 1].map((missing) => ({ threshold, comparison, missing, set: [] as number[] })),
      ),
    ),
    ...[0, 1].map((missing) => ({ threshold: 0, comparison: COMPARISON.member, missing, set: [0, 3] })),
    ...[0, 1].map((missing) => ({ threshold: 0, comparison: COMPARISON.member, missing, set: [2] })),
  ];
  const nodes = splits.length;
  const setStart = [0];
  for (const { set } of splits) setStart.push(setStart.at(-1)! + set.length);
  for (const input of ['float32', 'float64'] as const) {
    const ensemble = {
      features: 1,
      input,
      feature: new Int32Array(nodes),
      threshold: Float64Array.from(splits, ({ threshold }) => threshold),
      comparison: Uint8Array.from(splits, ({ comparison }) => comparison),
      missingLeft: Uint8Array.from(splits, ({ missing }) => missing),
      left: new Int32Array(nodes).fill(1),
      setStart: Int32Array.from(setStart),
      setCodes: Int32Array.from(splits.flatMap(({ set }) => set)),
    } as unknown as TreeEnsemble;
    const asked = featureCells(ensemble);
    const [cells] = asked.cells;
    const codes = codesOf(ensemble, asked);
    if (typeof codes === 'string') throw new Error(codes);
    const wrong = splits.flatMap((split, node) =>
      Array.from({ length: cells.breaks.length + 2 }, (_, cell) => cell)
        .filter((cell) => {
          if (cell === 0 && cells.breaks[0] === -Infinity) return false;
          const code = codes.tables[codes.place[node] / 4].codes[cell];
          return code <= codes.largest[node] !== goesLeft(ensemble, node, numberIn(cells, cell));
        })
        .map((cell) => ({ ...split, number: numberIn(cells, cell) })),
    );
    expect(wrong).toEqual([]);
  }
});
