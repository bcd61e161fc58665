import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spawnOwned } from '../owned-process.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Where packages, tables and results lie between runs. */
export const CACHE = here('../../.cache/tables');

/** The Python of a virtual environment with what requirements.txt pins; made once for each content of that file. */
function python() {
  const requirements = here('requirements.txt');
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(CACHE, `python-${digest}`);
  const whole = join(folder, 'whole');
  if (!existsSync(whole)) {
    rmSync(folder, { recursive: true, force: true });
    const run = (command, args) => execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    run('python3', ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    run(join(folder, 'bin/python'), pip);
    writeFileSync(whole, '');
  }
  return join(folder, 'bin/python');
}

/** The command that runs a script of this folder. */
export const script = (name, ...args) => [python(), [here(name), ...args]];

/** One Python for all that is asked of it: what it imports takes longer than most of its work. */
export class Worker {
  #child = spawnOwned(...script('worker.py'), {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Threads of OpenMP that wait would take the processor from those they wait for.
    env: { ...process.env, OMP_WAIT_POLICY: 'PASSIVE' },
  });
  #answers = createInterface(this.#child.stdout)[Symbol.asyncIterator]();

  async call(name, args) {
    this.#child.stdin.write(`${JSON.stringify({ call: name, with: args })}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('The Python of this benchmark has ended');
    const { result, error } = JSON.parse(value);
    if (error) throw new Error(error);
    return result;
  }

  end() {
    this.#child.stdin.end();
  }
}
