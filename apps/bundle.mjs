import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
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

/** Packages that dependencies load and nothing here uses: parsers of bodies, uploads and nested queries, and the phone numbers of the world. */
const UNUSED = /^(?:body-parser|libphonenumber-js|multer|qs)(?:\/|$)/;
/** What Nest's ValidationPipe asks for, all of it; what our own validation uses of it is a sixth. */
const PIPE_PACKAGES = /^class-(?:transformer|validator)$/;

const withoutUnused = {
  name: 'without-unused',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: 'unused' }));
    onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: 'module.exports = {};' }));
    onResolve({ filter: PIPE_PACKAGES }, ({ path, importer }) =>
      importer.endsWith('validation.pipe.js') ? { path, namespace: 'refused' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'refused' }, () => ({
      contents: "throw new Error('The bundle leaves out what ValidationPipe needs: see apps/bundle.mjs');",
    }));
  },
};

/** Of the files that the server sends; Express would keep the two thousand of the registry. */
const EXTENSIONS = new Set(['css', 'csv', 'html', 'ico', 'js', 'json', 'map', 'png', 'svg', 'txt', 'xml', 'yaml']);

const fewMediaTypes = {
  name: 'few-media-types',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/]mime-db[\\/]db\.json$/ }, async ({ path }) => {
      const types = Object.entries(JSON.parse(await readFile(path, 'utf8')));
      const kept = types.filter(([, { extensions = [] }]) => extensions.some((extension) => EXTENSIONS.has(extension)));
      return { contents: JSON.stringify(Object.fromEntries(kept)), loader: 'json' };
    });
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

/**
 * Drops modules from which nothing is used, with what only they import: the index of a lib or package exports all of it.
 *
 * @param pure matches the files that do nothing but define what they export
 */
const onlyUsed = (pure) => ({
  name: 'only-used',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^/]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData !== undefined || kind !== 'import-statement') return undefined;
      const resolved = await resolve(path, { kind, importer, resolveDir, pluginData: onlyUsed });
      return pure.test(resolved.path) ? { ...resolved, sideEffects: false } : undefined;
    });
  },
});
/** Its packages do not say it of themselves. */
const NEST = /[\\/]node_modules[\\/]@nestjs[\\/]/;

/** For Node.js these name their CommonJS files, of which nothing can be left out. */
const AS_MODULES = {
  'class-validator': 'class-validator/esm5/index.js',
  rxjs: 'rxjs/dist/esm/index.js',
  'rxjs/operators': 'rxjs/dist/esm/operators/index.js',
};
const alias = Object.fromEntries(
  Object.entries(AS_MODULES).map(([name, path]) => [
    name,
    fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url)),
  ]),
);

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
    alias,
    minifyWhitespace: true,
    legalComments: 'external',
    logLevel: 'warning',
  });

// Files of older builds stay: a running process may still load them.
for (const [folder, entryPoints] of Object.entries(APPS)) {
  await bundle(folder, entryPoints, {
    plugins: [withoutUnused, fewMediaTypes, optional, onlyUsed(NEST), asCompiled(folder)],
    banner: `${METADATA}\n${PRELUDE}`,
  });
}
for (const [folder, entryPoints] of Object.entries(THREADS)) {
  await bundle(folder, entryPoints, { plugins: [optional, onlyUsed(OWN), withUrls(folder)], banner: PRELUDE });
}
