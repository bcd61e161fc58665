// Compiles the TypeScript of apps, libs and config into dist, each file by itself: types are checked by `npm run check`.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transform } from '@swc/core';

const FOLDERS = ['apps', 'libs', 'config'];
const NOT_BUILT = /\.spec\.ts$|\/testing\/|^libs\/kernels\/assembly\//;
/** Files that modules read from beside their source. */
const ASSETS = /^(libs\/.*|config\/[^/]*)\.json$|^apps\/api\/src\/(grpc\/.*\.proto|docs\/redoc\/.*)$/;
/** The same options as in tsconfig.json. */
const OPTIONS = {
  configFile: false,
  swcrc: false,
  sourceMaps: true,
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, verbatimModuleSyntax: true },
    target: 'es2023',
  },
  module: { type: 'es6' },
};

async function compile(file) {
  const target = join('dist', file.replace(/\.ts$/, '.js'));
  const { code, map } = await transform(readFileSync(file, 'utf8'), { ...OPTIONS, filename: file });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${code}//# sourceMappingURL=${target.split('/').at(-1)}.map\n`);
  writeFileSync(`${target}.map`, map);
}

const files = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).replaceAll('\\', '/')),
).filter((file) => !NOT_BUILT.test(file));
await Promise.all(files.filter((file) => /(?<!\.d)\.ts$/.test(file)).map(compile));
for (const file of files.filter((file) => ASSETS.test(file))) cpSync(file, join('dist', file));
