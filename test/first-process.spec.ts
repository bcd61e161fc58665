import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { isAlive, until } from './helper/server-process.js';

const ALONE = ['--pid', '--fork', '--kill-child', '--mount-proc'];
const canUnshare = spawnSync('unshare', [...ALONE, 'true']).status === 0;
const MAIN = 'dist/api/main.js';
const BEGUN = 'begun';
const ENVIRONMENT = {
  HOST: '127.0.0.1',
  PORT: '0',
  GRPC_ENABLED: 'false',
  // Before Node has begun with scripts, none of them can hear a signal. A while to send one, as soon as they listen.
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(`
    process.on('newListener', (name) => {
      if (name !== 'SIGINT') return;
      process.stdout.write('${BEGUN}');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    })`)}`,
};

describe('As the first process of a container (skipped without the right to unshare)', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  (canUnshare ? it : it.skip).each(['1', '2'])(
    'ends when told to before it serves, with %s workers',
    async (workers) => {
      const { pid, stdout } = (child = spawn('unshare', [...ALONE, process.execPath, MAIN, '--workers', workers], {
        env: ENVIRONMENT,
        stdio: ['ignore', 'pipe', 'inherit'],
      }));
      let text = '';
      stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
      const ended = once(child, 'close');
      await until(() => text === BEGUN);
      const first = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
      await until(() => !isAlive(first) || (process.kill(first, 'SIGTERM'), false));
      const [code, signal] = (await ended) as [number | null, string | null];
      // One that comes as Node sets its handlers can be fatal: for a container that is 143 too.
      expect([signal === 'SIGTERM' ? 143 : code, text]).toEqual([143, BEGUN]);
    },
  );
});
