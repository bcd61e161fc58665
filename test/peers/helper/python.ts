import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, once } from './once.js';

const requirements = 'test/peers/requirements';

/** The Python of a virtual environment with what `requirements/<name>.txt` pins; made once for each content of that file. */
export function python(name: string): string {
  const file = join(requirements, `${name}.txt`);
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
  const folder = join(process.cwd(), CACHE, `${name}-${digest}`);
  const whole = join(folder, 'whole');
  const make = (): void => {
    rmSync(folder, { recursive: true, force: true });
    run('python3', ['-m', 'venv', folder]);
    // Compiling all modules takes as long as installing them; Python compiles those that it imports.
    const options = ['--quiet', '--disable-pip-version-check', '--no-compile'];
    run(join(folder, 'bin/python'), ['-m', 'pip', 'install', ...options, '-r', file]);
    writeFileSync(whole, '');
  };
  once(name, () => existsSync(whole), make);
  return join(folder, 'bin/python');
}

function run(command: string, args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
}
