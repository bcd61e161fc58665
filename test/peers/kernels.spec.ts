import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

it('the committed kernels are what their source compiles to; "npm run kernels" writes them again', () => {
  const directory = mkdtempSync(join(tmpdir(), 'skewless-kernels-'));
  try {
    execFileSync(process.execPath, ['libs/kernels/assembly/compile.mjs', directory]);
    for (const name of ['boosting', 'json', 'layout', 'trees']) {
      const file = join(name, 'compiled.ts');
      expect(readFileSync(join(directory, file), 'utf8')).toBe(readFileSync(join('libs/kernels/src', file), 'utf8'));
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
