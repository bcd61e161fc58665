import { readFileSync } from 'node:fs';
import { KernelEngine } from '../../dist/libs/runtime/src/kernel-engine.js';
import { openEngine } from '../../dist/libs/runtime/src/open-engine.js';
import { OnnxSession } from '../../dist/libs/runtime/src/onnx-session.js';
import { comparedRows, digestOfScores, scoresOf } from '../../dist/libs/runtime/src/proof-rows.js';

// Opens a model and prints the CPU milliseconds that it took: `sessions` opens those of ONNX Runtime that a server without kernels opens as
// shipped, for few rows and for many, `onnxruntime` the first of them alone, `auto` proves a kernel beside that, and `proven` lays out a kernel
// that another process has proven and compares its scores, as a server does. Arguments: one of these, and the model's file: a process that
// made it would have the garbage of that to collect meanwhile.

const [way, file] = process.argv.slice(2);
const model = readFileSync(file);

async function openProven() {
  const kernel = KernelEngine.of(model, 'probabilities');
  digestOfScores(await scoresOf(kernel, comparedRows(kernel, [])));
  return kernel;
}

const OPEN = {
  auto: () => openEngine(model),
  onnxruntime: () => OnnxSession.open(model, 1),
  proven: openProven,
  sessions: async () => [await OnnxSession.open(model, 1), await OnnxSession.open(model, 2)][0],
};
const started = process.cpuUsage();
const engine = await OPEN[way]();
const { user, system } = process.cpuUsage(started);
console.log((user + system) / 1_000);
await engine.release();
process.exit();
