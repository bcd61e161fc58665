import { readFileSync } from 'node:fs';
import { chooseEngine } from './choose-engine.js';
import { KernelEngine } from './kernel-engine.js';
import { OnnxSession } from './onnx-session.js';

const SHIPPED = readFileSync('models/random_forest/1/model.onnx');

describe('What answers a model', () => {
  let session: OnnxSession;
  beforeAll(async () => {
    session = await OnnxSession.open(SHIPPED, 1);
  });
  afterAll(() => session.release());

  const choose = (open?: (model: Uint8Array) => KernelEngine | string) =>
    chooseEngine({ model: SHIPPED, session, golden: [], tolerance: 1e-6, threads: 1 }, 'auto', open);

  it('is the kernel, where it gives the bits of ONNX Runtime on rows around every threshold', async () => {
    const { choice, scoresDigest } = await choose();
    const { engine, engine_reason, isRefused } = choice;
    expect([engine, isRefused]).toEqual(['kernel', undefined]);
    expect(engine_reason).toMatch(/^It answers \d{3,4} rows as ONNX Runtime does, bit for bit$/);
    expect(scoresDigest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is ONNX Runtime where one threshold of a kernel is wrong by one float32', async () => {
    const wrong = Buffer.from(SHIPPED);
    // nodes_values is packed: its name, then field 7 with its length, then the numbers, of which the first is that of the first root.
    const values = wrong.indexOf('nodes_values') + 'nodes_values'.length;
    const first = values + 1 + 1 + (wrong[values + 1] & 128 ? 1 : 0) + (wrong[values + 2] & 128 ? 1 : 0) + 1;
    wrong.writeUInt32LE(wrong.readUInt32LE(first) + 1, first);
    const { choice, kernel } = await choose(() => KernelEngine.of(wrong, 'probabilities'));
    const { engine, engine_reason, isRefused } = choice;
    expect([engine, isRefused, kernel]).toEqual(['onnxruntime', true, undefined]);
    expect(engine_reason).toMatch(
      /^The kernel is not used: it answers otherwise than ONNX Runtime: score \d of a row is /,
    );
  });

  it('is ONNX Runtime where it is asked for, or no kernel computes the model', async () => {
    const asked = await chooseEngine(
      { model: SHIPPED, session, golden: [], tolerance: 1e-6, threads: 1 },
      'onnxruntime',
    );
    expect(asked.choice).toEqual({
      engine: 'onnxruntime',
      engine_reason: 'inference.engine (INFERENCE_ENGINE) asks for it',
    });
    expect((await choose(() => 'it has the operator MatMul')).choice).toEqual({
      engine: 'onnxruntime',
      engine_reason: 'No kernel computes this model, so ONNX Runtime does: it has the operator MatMul',
    });
  });
});
