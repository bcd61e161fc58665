import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

it('the committed kernels are what their source compiles to; "npm run kernels" writes them again', () => {
  const directory = mkdtempSync(join(tmpdir(), 'skewless-kernels-'));
  try {
    const file = join(directory, 'compiled.ts');
    execFileSync(process.execPath, ['libs/learners/assembly/compile.mjs', file]);
    const committed = 'libs/learners/src/gradient-boosting/kernels/compiled.ts';
    expect(readFileSync(file, 'utf8')).toBe(readFileSync(committed, 'utf8'));
  } finally {
    rmSync(directory, { recursive: true });
  }
});
