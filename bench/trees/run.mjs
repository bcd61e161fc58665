import { writeFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { GraphKernel } from '../../dist/libs/trees/src/index.js';
import { environment } from '../environment.mjs';
import { median } from '../statistics.mjs';
import { MODELS, uniforms } from './models.mjs';
import { nativeLimit } from './native-limit.mjs';
import { treesTable } from './markdown.mjs';
import { put, sample } from './sample.mjs';

/**
 * Trees by ONNX Runtime, by the kernel and, as the limit, by its layout in native code: microseconds of CPU a row, on one
 * thread. In turn, several rounds; a figure is the median, a ratio the median of the ratios within a round. Rows rotate:
 * the same 64 again and again would make ONNX Runtime look three times as fast. `--keep` writes results.json.
 */
const ROUNDS = 5;
const SIZES = [1, 16, 64, 1_000, 100_000];
const ROWS = 102_400;
const CHUNK = 1_024;

function rowsOf(features) {
  const random = uniforms(9);
  return Float32Array.from({ length: ROWS * features }, () => 2 * (random() + random() + random() - 1.5));
}

async function measure(model) {
  const kernel = GraphKernel.of(model, ['probabilities'], CHUNK);
  if (typeof kernel === 'string') throw new Error(kernel);
  const { width, data, rows: room } = kernel.input;
  const columns = rowsOf(width);
  const byRow = Float32Array.from(
    { length: columns.length },
    (_, i) => columns[(i % width) * ROWS + Math.floor(i / width)],
  );
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const native = nativeLimit(kernel.trees[0], columns, ROWS);
  const byRuntime = (at, size) =>
    session.run({ features: new Tensor('float32', byRow.subarray(at * width, (at + size) * width), [size, width]) }, [
      'probabilities',
    ]);
  const byKernel = (at, size) => {
    for (let from = at; from < at + size; from += room) {
      const count = Math.min(room, at + size - from);
      for (let f = 0; f < width; f++) put(columns, f * ROWS + from, count, data, f * room);
      kernel.run(count);
    }
  };
  const cells = [];
  for (const size of SIZES) {
    const rounds = [];
    for (const run of [byRuntime, byKernel]) await sample(size, ROWS, run);
    for (let round = 0; round < ROUNDS; round++) {
      const runtime = await sample(size, ROWS, byRuntime);
      const own = await sample(size, ROWS, byKernel);
      rounds.push({ runtime, kernel: own, native: native?.(Math.min(size, CHUNK)) });
    }
    const of = (figure) => median(rounds.map(figure));
    cells.push({
      rows: size,
      runtime: of(({ runtime }) => runtime),
      kernel: of(({ kernel }) => kernel),
      native: native ? of(({ native }) => native) : null,
      times: of(({ runtime, kernel }) => runtime / kernel),
    });
  }
  await session.release();
  return cells;
}

const models = [];
for (const [name, make] of Object.entries(MODELS)) {
  const cells = await measure(make());
  models.push({ name, cells });
  console.log(name);
  for (const { rows, runtime, kernel, native, times } of cells) {
    const figures = [runtime, kernel, native ?? NaN].map((figure) => figure.toFixed(2)).join(' / ');
    console.log(
      `  ${String(rows).padStart(7)} rows: ONNX Runtime / kernel / native ${figures} us, ${times.toFixed(1)} times`,
    );
  }
}
if (process.argv.includes('--keep')) {
  const { maintainersPackages } = await import('../../tools/maintain/install.mjs');
  const { format } = maintainersPackages().require('prettier');
  const text = JSON.stringify({ ...environment(), rounds: ROUNDS, models });
  const file = new URL('results.json', import.meta.url);
  writeFileSync(file, await format(text, { parser: 'json', printWidth: 120 }));
  console.log(`\n${treesTable(file)}`);
}
