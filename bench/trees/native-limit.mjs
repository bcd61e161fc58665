import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directory = mkdtempSync(join(tmpdir(), 'skewless-trees-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

/** The limit's program; nothing where no compiler of C is found. */
function compiled() {
  const program = join(directory, 'limit');
  const source = join(import.meta.dirname, 'limit.c');
  const compiler = ['cc', 'gcc', 'clang'].find(
    (name) => spawnSync(name, ['-O3', '-march=native', '-std=gnu11', '-o', program, source]).status === 0,
  );
  return compiler && program;
}

const program = compiled();

/**
 * What measures the kernel's layout in native code, for runs of some rows: microseconds a row.
 *
 * @param kernel its memory is copied
 * @param columns of rows, one after the other
 */
export function nativeLimit(kernel, columns, rows) {
  if (!program) return undefined;
  const [image, table] = ['image', 'rows'].map((name) => join(directory, name));
  writeFileSync(image, new Uint8Array(kernel.features.buffer));
  writeFileSync(table, columns);
  const features = columns.length / rows;
  const where = [kernel.features.byteOffset, kernel.rows];
  return (run) => Number(execFileSync(program, [image, kernel.plan, table, features, rows, run, ...where].map(String)));
}
