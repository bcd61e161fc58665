import { FeaturePipeline } from '../feature-pipeline.js';
import { PipelineError } from '../pipeline.error.js';
import type { FittedPipeline } from '../pipeline.js';

const pipelineOf = (edges: number[], outputs: string[]): FittedPipeline => ({
  format_version: 1,
  inputs: [{ name: 'x', type: 'float', nullable: false }],
  steps: [{ kind: 'bins', column: 'x', edges, outputs }],
  outputs,
});

function binsOf(x: number): string {
  const transform = new FeaturePipeline().compile(pipelineOf([0, 25, 50, 75, 100], ['medium', 'high', 'very_high']));
  return transform
    .compute([Float64Array.of(x)], 0, 1)
    .map(([value]) => value)
    .join('');
}

describe('bins', () => {
  it.each([
    [-1, '000', 'is below all bins'],
    [0, '000', 'is the lowest edge, which is open'],
    [Number.MIN_VALUE, '000', 'is in the first bin, which is dropped'],
    [25, '000', 'is the closed end of the first bin'],
    [25.000000000000004, '100', 'is the next number after an edge'],
    [50, '100', 'is the closed end of the second'],
    [50.00000000000001, '010', 'is in the third'],
    [75, '010', 'is the closed end of the third'],
    [75.00000000000001, '001', 'is in the last'],
    [100, '001', 'is the closed end of the last'],
    [100.00000000000001, '000', 'is above all bins'],
    [Infinity, '000', 'is above all bins'],
    [NaN, '000', 'is nowhere'],
  ])('%d becomes %s: it %s', (x, expected) => expect(binsOf(x)).toBe(expected));

  it.each([
    [[0, 1, 2], ['a', 'b'], '3 edges make 2 bins, so 1 outputs are expected after the first is dropped, not 2'],
    [[0, 1, 2, 3], ['a'], '4 edges make 3 bins, so 2 outputs are expected after the first is dropped, not 1'],
    [[0, 2, 2], ['a'], 'edges must ascend'],
    [[0, 2, 1], ['a'], 'edges must ascend'],
    [[0, NaN, 1], ['a'], 'edges must ascend'],
  ])('refuses the edges %j with the outputs %j', (edges, outputs, flaw) => {
    expect(() => new FeaturePipeline().compile(pipelineOf(edges, outputs))).toThrow(
      new PipelineError(`steps[0] (bins): ${flaw}`),
    );
  });
});
