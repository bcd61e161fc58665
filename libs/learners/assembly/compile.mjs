import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { maintainersPackages } from '../../../tools/maintain/install.mjs';

/** Compiles the kernels of gradient boosting to WebAssembly in a TypeScript file, which is committed: `npm run kernels`. */
const COMMITTED = join(import.meta.dirname, '../src/gradient-boosting/kernels/compiled.ts');
const compiler = join(maintainersPackages().modules, 'assemblyscript/dist/asc.js');
const { main } = await import(pathToFileURL(compiler).href);
const OPTIONS = [
  ...['index.ts', '--baseDir', import.meta.dirname, '--outFile', 'kernels.wasm'],
  ...['-O3', '--runtime', 'stub', '--noAssert'],
  ...['--enable', 'simd', '--enable', 'threads'],
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
];

let compiled;
const { error, stderr } = await main(OPTIONS, { writeFile: (_, contents) => (compiled = contents) });
if (error) throw new Error(stderr.toString(), { cause: error });
const lines = Buffer.from(compiled)
  .toString('base64')
  .match(/.{1,110}/g);
const text = `/** WebAssembly of \`libs/learners/assembly\`, in base64; written by "npm run kernels". */
export const COMPILED = [
${lines.map((line) => `  '${line}',\n`).join('')}].join('');
`;
writeFileSync(process.argv[2] ?? COMMITTED, text);
