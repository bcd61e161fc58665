import { fileURLToPath } from 'node:url';
import { spawnOwned } from '../owned-process.mjs';

/** The load generator: a process of its own, one for the whole benchmark, so that it is warm from the first round on. */
export class Load {
  #worker = spawnOwned(process.execPath, [fileURLToPath(new URL('worker.mjs', import.meta.url))], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });

  /**
   * Puts load on one contestant; rejects when any answer is not 200.
   *
   * @param length `seconds`, or a `count` of requests
   */
  sample(scenario, { port, pid }, length) {
    return new Promise((resolve, reject) => {
      const died = () => reject(new Error('The load generator died'));
      this.#worker.once('exit', died);
      this.#worker.once('message', ({ result, error }) => {
        this.#worker.off('exit', died);
        if (error) reject(new Error(error));
        else resolve(result);
      });
      this.#worker.send({ scenario, port, pid, ...length });
    });
  }
}
