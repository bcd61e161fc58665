import { LayoutMemory } from '#kernels';
import { COMPARISON, goesLeft, type TreeEnsemble } from '#onnx';
import { featureCells, numberIn } from './feature-cells.js';
import { codesOf } from './codes.js';
import { ensembleStruct, placeEnsemble } from './placed-ensemble.js';

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
      right: new Int32Array(nodes),
      roots: Int32Array.of(0),
      firstOutput: new Int32Array(1),
      leafWidth: 1,
      leafValues: new Float64Array(1),
    } as unknown as TreeEnsemble;
    const placed = placeEnsemble(new LayoutMemory(), ensemble);
    const struct = ensembleStruct(placed);
    const asked = featureCells(placed, struct);
    const [cells] = asked.cells;
    const codes = codesOf(placed, struct, asked);
    if (typeof codes === 'string') throw new Error(codes);
    const largest = placed.memory.int32s(codes.places.largest, nodes);
    const place = new Uint16Array(largest.buffer, codes.places.place, nodes);
    const wrong = splits.flatMap((split, node) =>
      Array.from({ length: cells.breaks.length + 2 }, (_, cell) => cell)
        .filter((cell) => {
          if (cell === 0 && cells.breaks[0] === -Infinity) return false;
          const code = codes.tables[place[node] / 4].codes[cell];
          return code <= largest[node] !== goesLeft(ensemble, node, numberIn(cells, cell));
        })
        .map((cell) => ({ ...split, number: numberIn(cells, cell) })),
    );
    expect(wrong).toEqual([]);
  }
});
