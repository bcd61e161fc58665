import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { spawnOwned } from '../owned-process.mjs';
import { pythonOf } from '../python.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Where packages, tables and results lie between runs. */
export const CACHE = here('../../.cache/tables');

/** The command that runs a script of this folder. */
export const script = (name, ...args) => [pythonOf(here('requirements.txt'), CACHE), [here(name), ...args]];

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
