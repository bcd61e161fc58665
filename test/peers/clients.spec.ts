import { execFile } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { boot, type RunningApi } from '../helper/boot.js';
import { type Operation, OPERATIONS } from '../helper/documented.js';
import { temporaryFolder } from '#testing';
import { nodeModules } from './helper/node-modules.js';
import { python } from './helper/python.js';

const run = promisify(execFile);
const JSON_BODY = 'application/json';
const PATH = { model: 'random_forest', version: '1', column: 'feature_1' } as const;
const { example: row } = OPERATIONS.find(({ path }) => path === '/predict/batch')!.requestBody!.content[
  'application/x-ndjson'
];
const ROW = JSON.parse(row as string) as object;

/** The example of an operation's body: its own, or else one that the shipped model takes. */
function bodyOf({ path, requestBody }: Operation): unknown {
  if (path === '/v2/repository/index') return {};
  const { example, examples } = requestBody!.content[JSON_BODY];
  return example ?? Object.values(examples ?? {})[0]?.value ?? ROW;
}

/** The path's parameters as a TypeScript object. */
const pathOf = ({ parameters }: Operation): string =>
  JSON.stringify(
    Object.fromEntries(
      parameters.filter((one) => one.in === 'path').map(({ name }) => [name, PATH[name as keyof typeof PATH]]),
    ),
  );
const bodyText = (operation: Operation): string =>
  operation.method === 'POST' ? `, body: ${JSON.stringify(bodyOf(operation))}` : '';
const all = Object.fromEntries(OPERATIONS.map(({ operationId }) => [operationId, 200]));

const store = temporaryFolder();
let api: RunningApi;
beforeAll(async () => (api = await boot({ MONITOR_ENABLED: 'true', MONITOR_STORE: store })));
afterAll(() => api.close());

/** Compiles a client strictly, bundles it and runs it. @returns what it prints */
async function compiledAndRun(folder: string, tools: string, source: string): Promise<unknown> {
  writeFileSync(join(folder, 'call.ts'), source);
  const options = ['--strict', '--noEmit', '--skipLibCheck', '--target', 'es2022', '--lib', 'es2022,dom,dom.iterable'];
  const modules = ['--module', 'esnext', '--moduleResolution', 'bundler'];
  await run(process.execPath, [
    join(tools, 'node_modules/typescript/bin/tsc'),
    ...options,
    ...modules,
    join(folder, 'call.ts'),
  ]);
  const outfile = join(folder, 'call.mjs');
  await build({ entryPoints: [join(folder, 'call.ts')], bundle: true, platform: 'node', format: 'esm', outfile });
  const { stdout } = await run(process.execPath, [outfile, api.url]);
  return JSON.parse(stdout);
}

const HEAD = `declare const process: { argv: string[] };\nconst url = process.argv[2];\nconst statuses: Record<string, number> = {};\n`;
const TAIL = `\nconsole.log(JSON.stringify(statuses));\n`;

describe('A client generated of openapi.json compiles and calls every operation', () => {
  // Below the tools, so that their node_modules are found.
  const tools = nodeModules('clients');

  it('by openapi-typescript', async () => {
    const folder = join(tools, 'openapi-typescript');
    const cli = join(tools, 'node_modules/openapi-typescript/bin/cli.js');
    await run(process.execPath, [cli, 'openapi.json', '--output', join(folder, 'types.ts')]);
    const calls = OPERATIONS.map((operation) => {
      // Pages for people are HTML, unless they are asked for otherwise.
      const content = operation.responses[200].content ?? {};
      const isText = !(JSON_BODY in content) || 'text/html' in content;
      const path = pathOf(operation);
      const fields = [
        ...(path === '{}' ? [] : [`params: { path: ${path} }`]),
        ...(operation.method === 'POST' ? [`body: ${JSON.stringify(bodyOf(operation))}`] : []),
        ...(isText ? [`parseAs: 'text'`] : []),
      ];
      const options = `{ ${fields.join(', ')} }`;
      return `statuses.${operation.operationId} = (await client.${operation.method}('${operation.path}', ${options})).response.status;`;
    });
    const imports = `import createClient from 'openapi-fetch';\nimport type { paths } from './types';\n`;
    const client = 'const client = createClient<paths>({ baseUrl: url });\n';
    expect(await compiledAndRun(folder, tools, imports + HEAD + client + calls.join('\n') + TAIL)).toEqual(all);
  });

  it('by hey-api', async () => {
    const folder = join(tools, 'hey-api');
    const cli = join(tools, 'node_modules/@hey-api/openapi-ts/bin/index.cjs');
    await run(process.execPath, [cli, '-i', join(process.cwd(), 'openapi.json'), '-o', folder], { cwd: tools });
    const calls = OPERATIONS.map((operation) => {
      const path = pathOf(operation);
      const options = `{ baseUrl: url${path === '{}' ? '' : `, path: ${path}`}${bodyText(operation)} }`;
      return `statuses.${operation.operationId} = (await sdk.${operation.operationId}(${options})).response!.status;`;
    });
    const imports = `import * as sdk from './sdk.gen';\n`;
    expect(await compiledAndRun(folder, tools, imports + HEAD + calls.join('\n') + TAIL)).toEqual(all);
  });

  const temporary = temporaryFolder();

  it('by openapi-python-client', async () => {
    const interpreter = python('clients');
    const generated = join(temporary, 'generated');
    const what = ['generate', '--path', 'openapi.json', '--output-path', generated, '--meta', 'none', '--overwrite'];
    await run(join(interpreter, '../openapi-python-client'), what, { maxBuffer: 2 ** 26 });
    cpSync('test/peers/helper/call-every-operation.py', join(temporary, 'call.py'));
    const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const posts = OPERATIONS.filter(({ method }) => method === 'POST');
    const bodies = Object.fromEntries(posts.map((one) => [snake(one.operationId), bodyOf(one)]));
    const { stdout } = await run(interpreter, [join(temporary, 'call.py'), api.url, JSON.stringify(bodies)]);
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(Object.keys(all).map((name) => [snake(name), 200])));
  });
});
