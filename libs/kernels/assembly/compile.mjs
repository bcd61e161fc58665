import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { maintainersPackages } from '../../../tools/maintain/install.mjs';

/** Compiles the kernels to WebAssembly, embedded in committed TypeScript files: `npm run kernels`. */
const COMMITTED = join(import.meta.dirname, '../src');
const compiler = join(maintainersPackages().modules, 'assemblyscript/dist/asc.js');
const { main } = await import(pathToFileURL(compiler).href);
const OPTIONS = ['-O3', '--runtime', 'stub', '--noAssert', '--enable', 'simd', '--importMemory'];

/** Compiler options of each folder's memory. */
const SHARED = ['--enable', 'threads', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
const MODULES = {
  boosting: SHARED,
  json: ['--initialMemory', '1'],
  layout: SHARED,
  trees: ['--initialMemory', '1'],
};

for (const [name, memory] of Object.entries(MODULES)) {
  let compiled;
  const files = ['index.ts', '--baseDir', join(import.meta.dirname, name), '--outFile', 'kernels.wasm'];
  const { error, stderr } = await main([...files, ...OPTIONS, ...memory], {
    writeFile: (_, contents) => (compiled = contents),
  });
  if (error) throw new Error(stderr.toString(), { cause: error });
  const lines = Buffer.from(compiled)
    .toString('base64')
    .match(/.{1,110}/g);
  const text = `/** WebAssembly of \`libs/kernels/assembly/${name}\`, in base64; written by "npm run kernels". */
export const COMPILED = [
${lines.map((line) => `  '${line}',\n`).join('')}].join('');
`;
  const folder = join(process.argv[2] ?? COMMITTED, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'compiled.ts'), text);
}
