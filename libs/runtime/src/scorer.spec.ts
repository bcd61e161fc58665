import { type FeatureFault, FeaturePipeline } from '#features';
import { tinyBundle } from '#testing';
import { OnnxSession } from './onnx-session.js';
import { AS_FEATURES, Scorer } from './scorer.js';

const { pipeline, golden, model } = tinyBundle();
const rows = golden.rows.length;
const raw = pipeline.inputs.map(({ name }) => Float64Array.from(golden.rows, ({ input }) => input[name] ?? NaN));
const expected = Float32Array.from(golden.rows.flatMap(({ probabilities }) => probabilities));

describe('Scorer', () => {
  let session: OnnxSession;
  let runs: unknown[][];
  const ran = (...[count, , , marks]: [number, number, number, (readonly unknown[])?]): unknown =>
    runs.push([count, marks]);

  beforeEach(async () => {
    runs = [];
    session = await OnnxSession.open(model, 1);
  });
  afterEach(() => session.release());

  it('gives the same scores for raw columns through the pipeline and for features', async () => {
    const features = pipeline.outputs.map((_, f) => Float32Array.from(golden.rows, (row) => row.features[f]!));
    const transform = new FeaturePipeline().compile(pipeline);
    expect(await new Scorer(transform, session).score(raw, 0, rows, [])).toEqual(expected);
    expect(await new Scorer(AS_FEATURES, session).score(features, 0, rows, [])).toEqual(expected);
    expect(await new Scorer(AS_FEATURES, session).score(features, 2, 3, [])).toEqual(expected.subarray(6, 15));
  });

  it('notifies its observer of each run, and stops running after a fault', async () => {
    const scorer = new Scorer(new FeaturePipeline().compile(pipeline), session, ran);
    const faults: FeatureFault[] = [];
    const columns = raw.map((column) => column.slice());
    columns[0][3] = 1e300;
    expect(await scorer.score(columns, 0, 3, faults, ['a', 'b', 'c'])).toEqual(expected.subarray(0, 9));
    expect(await scorer.score(columns, 3, 2, faults)).toBeUndefined();
    expect(await scorer.score(columns, 5, 2, faults)).toBeUndefined();
    expect(faults).toEqual([{ row: 3, feature: 'weight_kg', column: 'weight_kg', value: 1e300 }]);
    expect(runs).toEqual([[3, ['a', 'b', 'c']]]);
  });

  it('reads the columns before it returns', async () => {
    const columns = raw.map((column) => column.slice());
    const scores = new Scorer(new FeaturePipeline().compile(pipeline), session).score(columns, 0, rows, []);
    for (const column of columns) column.fill(1);
    expect(await scores).toEqual(expected);
  });
});
