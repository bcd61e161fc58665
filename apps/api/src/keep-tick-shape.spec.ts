import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';

// Runs in a separate process: in this one, hooks of earlier specs may have changed the hidden class of ticks.
const COMPARE = `
  import { executionAsyncResource } from 'node:async_hooks';

  const { keepTickShape } = await import(process.argv[1]);
  const kept = keepTickShape();
  const later = await new Promise((resolve) => process.nextTick(() => resolve(executionAsyncResource())));
  console.log(JSON.stringify({ same: kept === later, later: %HaveSameMap(kept, later), plain: %HaveSameMap(kept, {}) }));
`;

describe('keepTickShape', () => {
  it('holds an object of the hidden class that later ticks have', () => {
    const source = readFileSync(join(import.meta.dirname, 'keep-tick-shape.ts'), 'utf8');
    const { code } = transformSync(source, { loader: 'ts', format: 'esm' });
    const module = `data:text/javascript,${encodeURIComponent(code)}`;

    const output = execFileSync(
      process.execPath,
      ['--allow-natives-syntax', '--input-type=module', '--eval', COMPARE, module],
      { encoding: 'utf8', env: {}, timeout: 240_000 },
    );

    expect(JSON.parse(output)).toEqual({ same: false, later: true, plain: false });
  });
});
