import { jest } from '@jest/globals';
import { pino } from 'pino';
import * as trees from '#trees';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A kernel that is wrong on purpose: the first threshold of its trees is the next float32. */
function wrong(model: Uint8Array): Uint8Array {
  const bytes = Buffer.from(model);
  // nodes_values, packed: the name, then field 7 with its length, then the first of its numbers, the first root's.
  const values = bytes.indexOf('nodes_values') + 'nodes_values'.length;
  const first = values + 1 + 1 + (bytes[values + 1] & 128 ? 1 : 0) + (bytes[values + 2] & 128 ? 1 : 0) + 1;
  bytes.writeUInt32LE(bytes.readUInt32LE(first) + 1, first);
  return bytes;
}

jest.unstable_mockModule('#trees', () => ({
  ...trees,
  GraphKernel: {
    of: (model: Uint8Array, outputs: readonly string[], rows: number) =>
      trees.GraphKernel.of(wrong(model), outputs, rows),
  },
}));
// Only now: what imports #trees shall get the wrong one.
const { temporaryFolder, writeForeignModel } = await import('#testing');
const { boot } = await import('./helper/boot.js');
const { createLogging } = await import('../apps/api/src/logging/create-logging.js');

describe('A kernel that answers otherwise than ONNX Runtime', () => {
  const models = temporaryFolder();

  it('does not serve: the log, /model/info and a metric say so, and answers are those of ONNX Runtime', async () => {
    cpSync('models/random_forest', join(models, 'random_forest'), { recursive: true });
    await writeForeignModel(models, 'bare', readFileSync('models/random_forest/1/model.onnx'));
    const lines: { level: number; msg: string }[] = [];
    const sink = { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) };
    const logging = { ...createLogging({ level: 'silent', format: 'json' }), logger: pino({ level: 'warn' }, sink) };
    const api = await boot({ MODELS_DIR: models, MODEL_NAME: 'random_forest' }, logging);
    try {
      const refused = /^The kernel is not used: it answers otherwise than ONNX Runtime: /;
      for (const path of ['/model/info', '/models/bare']) {
        const { engine, engine_reason } = (await api.ask(path)).body;
        expect([path, engine]).toEqual([path, 'onnxruntime']);
        expect(engine_reason).toMatch(refused);
      }
      const warned = lines.filter(({ msg }) => / runs on ONNX Runtime: The kernel is not used: /.test(msg));
      expect(warned.map(({ level }) => level)).toEqual([40, 40]);
      const metrics = (await api.ask('/metrics')).text.split('\n').filter((line) => line.includes('_model_engine{'));
      expect(metrics.sort()).toEqual([
        'skewless_model_engine{name="bare",version="1",engine="onnxruntime"} 1',
        'skewless_model_engine{name="random_forest",version="1",engine="onnxruntime"} 1',
      ]);
      const { rows } = JSON.parse(readFileSync('models/random_forest/1/golden.json', 'utf8')) as {
        rows: { input: object; prediction: number }[];
      };
      for (const { input, prediction } of rows.slice(0, 5)) {
        expect((await api.post('/predict', input)).body.prediction).toBe(prediction);
      }
    } finally {
      await api.close();
    }
  });
});
