import { readFileSync } from 'node:fs';
import { openEngine } from '../../dist/libs/runtime/src/index.js';
import { OnnxSession } from '../../dist/libs/runtime/src/onnx-session.js';

// Opens a model as a server does, and prints the CPU milliseconds that it took. Arguments: auto or onnxruntime, and its file:
// a process that made it would have the garbage of that to collect meanwhile.

const [engineName, file] = process.argv.slice(2);
const model = readFileSync(file);
const started = process.cpuUsage();
const engine = await (engineName === 'auto' ? openEngine(model) : OnnxSession.open(model, 1));
const { user, system } = process.cpuUsage(started);
console.log((user + system) / 1_000);
await engine.release();
process.exit();
