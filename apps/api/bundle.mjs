import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { build } from 'esbuild';

// Puts the compiled server and what it imports into a few files: reading two thousand took most of its boot.

const FROM = 'dist/apps/api/src/main.js';
const TO = 'dist/api';
const OWN = /[\\/]dist[\\/](?:apps|libs|config)[\\/].*\.js$/;

/** Decorators need the first line in every file, CommonJS within ES modules the others. */
const PRELUDE = `import 'reflect-metadata';
import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);
const { filename: __filename, dirname: __dirname } = import.meta;`;

/** Nest imports on demand what only some applications have installed. */
const optional = {
  name: 'optional',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./#]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === optional) return undefined;
      const { errors } = await resolve(path, { kind, resolveDir, pluginData: optional });
      return errors.length > 0 ? { external: true } : undefined;
    });
  },
};

/** Own modules go on finding what lies beside them: schemas, protocols, workers. */
const beside = {
  name: 'beside',
  setup({ onLoad }) {
    onLoad({ filter: OWN }, async ({ path }) => {
      const url = `new URL(${JSON.stringify(relative(TO, path).replaceAll('\\', '/'))}, import.meta.url).href`;
      return { contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', url) };
    });
  },
};

// What an older build left stays: a server that runs may still ask for it.
await build({
  entryPoints: [FROM],
  outdir: TO,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Nest names modules, providers and log contexts by their classes.
  keepNames: true,
  external: ['onnxruntime-node', 'reflect-metadata', '@grpc/*', 'grpc-health-check'],
  plugins: [optional, beside],
  banner: { js: PRELUDE },
  minifyWhitespace: true,
  legalComments: 'external',
  logLevel: 'warning',
});
