import { openEngine } from '../../dist/libs/runtime/src/index.js';
import { OnnxSession } from '../../dist/libs/runtime/src/onnx-session.js';
import { MODELS } from './models.mjs';

// Opens the model of 500 trees as a server does, and prints the CPU milliseconds that it took. Argument: auto or onnxruntime.

const model = MODELS['big: 500 trees, depth 8']();
const started = process.cpuUsage();
const engine = await (process.argv[2] === 'auto' ? openEngine(model) : OnnxSession.open(model, 1));
const { user, system } = process.cpuUsage(started);
console.log((user + system) / 1_000);
await engine.release();
process.exit();
