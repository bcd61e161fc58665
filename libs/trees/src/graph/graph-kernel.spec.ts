import { toBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { ModelProtoSchema } from 'onnx-buf';
import { attribute, ensembleClassifier, node, parseModel } from '#onnx';
import { createTensor, openSession } from '#runtime';
import { anyEnsemble, rowsFor } from '#testing';
import { readFileSync } from 'node:fs';
import { GraphKernel } from './graph-kernel.js';

async function both(model: Uint8Array, given: readonly (readonly number[])[], type: 'float32' | 'float64') {
  const kernel = GraphKernel.of(model, ['probabilities', 'label'], given.length);
  if (typeof kernel === 'string') throw new Error(kernel);
  given.forEach((row, i) => row.forEach((x, f) => (kernel.input.data[f * kernel.input.rows + i] = x)));
  kernel.run(given.length);
  const session = await openSession(model, 1);
  const data = type === 'float32' ? Float32Array.from(given.flat()) : Float64Array.from(given.flat());
  const results = await session.run({
    [kernel.input.name]: createTensor(type, data as Float32Array, [given.length, given[0].length]),
  });
  await session.release();
  const probabilities = kernel.output('probabilities');
  const label = kernel.output('label');
  return {
    expected: results.probabilities.data as Float32Array,
    got: probabilities.data.subarray(0, given.length * probabilities.width),
    labels: [
      [...(results.label.data as BigInt64Array)].map(Number),
      Array.from({ length: given.length }, (_, i) => label.labels![label.data[i]]),
    ],
  };
}

describe('a graph of trees', () => {
  it('answers bit for bit as ONNX Runtime: the shipped forest', async () => {
    const model = readFileSync('models/random_forest/1/model.onnx');
    let seed = 1;
    const random = () => ((seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5) * 4;
    const rows = Array.from({ length: 1024 }, () => Array.from({ length: 14 }, random));
    const { expected, got, labels } = await both(model, rows, 'float32');
    expect(Float32Array.from(got)).toEqual(expected);
    expect(labels[1]).toEqual(labels[0]);
  });

  it('answers as ONNX Runtime does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .constantFrom('float32' as const, 'float64' as const)
          .chain((input) =>
            fc
              .integer({ min: 2, max: 4 })
              .chain((classes) =>
                fc.tuple(anyEnsemble({ features: 5, input, outputs: classes, link: 'softmax' }), fc.constant(classes)),
              ),
          ),
        async ([ensemble, classes]) => {
          const rows = rowsFor(ensemble, []);
          const model = ensembleClassifier({ ...ensemble, join: 'sum' }, [...Array(classes).keys()], 'float64');
          const { expected, got } = await both(model, rows, ensemble.input);
          got.forEach((p, i) => expect(Math.abs(p - expected[i])).toBeLessThan(1e-6));
        },
      ),
      { numRuns: 20, endOnFailure: true },
    );
  });

  it.each([
    ['MatMul', 'it has the operator MatMul, which gives "turned"'],
    ['Softmax', 'of the Softmax that gives "turned": it is not over the classes'],
  ])('says which operator it cannot compute: %s', (operator, expected) => {
    const model = parseModel(readFileSync('models/random_forest/1/model.onnx'));
    model.graph!.node.push(
      node(
        operator,
        ['probabilities', 'probabilities'].slice(0, operator === 'MatMul' ? 2 : 1),
        ['turned'],
        [attribute.int('axis', 0)],
      ),
    );
    expect(GraphKernel.of(toBinary(ModelProtoSchema, model), ['turned'], 1)).toBe(expected);
  });
});
