import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';

// Bundles each compiled app and its imports into a few files: reading two thousand took most of its start.

/**
 * Folder -> entry points: the server, and the processes that prove a model, maintain the store of predictions and
 * render its pages; the command line; the worker that renews models.
 */
const APPS = {
  'dist/api': {
    main: 'dist/apps/api/src/main.js',
    prove: 'dist/libs/registry/src/proof/prove.js',
    'monitor-page': 'dist/libs/monitoring/src/page/page-child.js',
    'monitor-maintenance': 'dist/libs/monitoring/src/watch/maintain-stores.js',
  },
  'dist/cli': { main: 'dist/apps/cli/src/main.js' },
  'dist/worker': { main: 'dist/apps/worker/src/main.js' },
};
/**
 * Entry points of long-lived threads of the server: whatever a thread loads is in memory twice, so its files contain
 * only what it uses.
 */
const THREADS = { 'dist/api': { 'monitor-log': 'dist/libs/monitoring/src/log/log-thread.js' } };
const OWN = /[\\/]dist[\\/](?:apps|libs|config)[\\/]/;

/** Decorators need this in every file. */
const METADATA = "import 'reflect-metadata';";
/** CommonJS code within ES modules needs this. */
const PRELUDE = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);
const { filename: __filename, dirname: __dirname } = import.meta;`;

/** Whether a file of a package is CommonJS, by its ending or its package.json. */
function isCommonJs(file) {
  if (/\.[cm]js$/.test(file)) return file.endsWith('.cjs');
  let folder = dirname(file);
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).type !== 'module';
}

/** Nest imports optional packages on demand. */
const optional = {
  name: 'optional',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./#]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === optional) return undefined;
      const resolved = await resolve(path, { kind, resolveDir, pluginData: optional });
      if (resolved.errors.length > 0) return { external: true };
      if (OWN.test(importer) && isCommonJs(resolved.path)) {
        const text = `"${path}" is CommonJS: bundled, import() of it gives no names. Import it in a file of its own, and that on demand`;
        return { errors: [{ text }] };
      }
      return undefined;
    });
  },
};

/** Packages that dependencies load and nothing here uses: parsers of bodies and uploads, and the phone numbers of the world. */
const UNUSED = /^(?:body-parser|libphonenumber-js|multer)(?:\/|$)/;

const withoutUnused = {
  name: 'without-unused',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: 'unused' }));
    onLoad({ filter: UNUSED, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** Files whose regular expressions hold other letters: with one that is not Latin, V8 keeps two bytes for each character of a file. */
const LETTERS = /[\\/]node_modules[\\/]validator[\\/].*\.js$/;

const inAscii = {
  name: 'in-ascii',
  setup({ onLoad }) {
    onLoad({ filter: LETTERS }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(
        /[^\0-\x7f]/g,
        (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    }));
  },
};

/** A class as tsc writes it. esbuild renames some classes, but Swagger, Nest and logs rely on their names. */
const CLASS = /(^|^export | = )class (\w+)([^{\n]*)\{/gm;
const NAMED = "$1class $2$3{ static { Object.defineProperty(this, 'name', { value: '$2', configurable: true }); }";

/** Modules find the files beside their source: schemas, protocols, workers. */
const sourceUrl = (folder, path) =>
  `new URL(${JSON.stringify(relative(folder, path).replaceAll('\\', '/'))}, import.meta.url).href`;

const withUrls = (folder) => ({
  name: 'with-urls',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/](?:apps|libs|config)[\\/].*\.js$/ }, async ({ path }) => {
      const contents = await readFile(path, 'utf8');
      return { contents: contents.replaceAll('import.meta.url', sourceUrl(folder, path)) };
    });
  },
});

const asCompiled = (folder) => ({
  name: 'as-compiled',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](?:dist[\\/](?:apps|libs|config)|@nestjs)[\\/].*\.js$/ }, async ({ path }) => {
      const contents = (await readFile(path, 'utf8')).replace(CLASS, NAMED);
      return { contents: OWN.test(path) ? contents.replaceAll('import.meta.url', sourceUrl(folder, path)) : contents };
    });
  },
});

/** Drops our modules from which nothing is used, with what only they import: a lib's index exports all of the lib. */
const onlyUsed = {
  name: 'only-used',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[.#]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === onlyUsed || kind === 'entry-point') return undefined;
      const resolved = await resolve(path, { kind, importer, resolveDir, pluginData: onlyUsed });
      return OWN.test(resolved.path) ? { ...resolved, sideEffects: false } : resolved;
    });
  },
};

const bundle = (outdir, entryPoints, { plugins, banner }) =>
  build({
    entryPoints,
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['onnxruntime-node', 'reflect-metadata', '@grpc/*', 'grpc-health-check', '@duckdb/*', '@resvg/*'],
    plugins,
    banner: { js: banner },
    minifyWhitespace: true,
    legalComments: 'external',
    logLevel: 'warning',
  });

// Files of older builds stay: a running process may still load them.
for (const [folder, entryPoints] of Object.entries(APPS)) {
  await bundle(folder, entryPoints, {
    plugins: [withoutUnused, inAscii, optional, asCompiled(folder)],
    banner: `${METADATA}\n${PRELUDE}`,
  });
}
for (const [folder, entryPoints] of Object.entries(THREADS)) {
  await bundle(folder, entryPoints, { plugins: [optional, onlyUsed, withUrls(folder)], banner: PRELUDE });
}
