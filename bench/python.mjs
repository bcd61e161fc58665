import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The Python of a virtual environment with what a file of requirements pins; made once for each content of that file.
 *
 * @param cache the folder that keeps such environments
 */
export function pythonOf(requirements, cache) {
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(cache, `python-${digest}`);
  const whole = join(folder, 'whole');
  if (!existsSync(whole)) {
    rmSync(folder, { recursive: true, force: true });
    const run = (command, args) => execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    run('python3', ['-m', 'venv', folder]);
    // Compiling all modules takes as long as installing them; Python compiles those that it imports.
    const options = ['--quiet', '--disable-pip-version-check', '--no-compile'];
    run(join(folder, 'bin/python'), ['-m', 'pip', 'install', ...options, '-r', requirements]);
    writeFileSync(whole, '');
  }
  return join(folder, 'bin/python');
}
