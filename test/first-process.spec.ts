import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { until } from '#testing';

const ALONE = ['--pid', '--fork', '--kill-child', '--mount-proc'];
const canUnshare = spawnSync('unshare', [...ALONE, 'true']).status === 0;
const MAIN = 'dist/api/main.js';
const BEGUN = 'begun';
const ENVIRONMENT = {
  HOST: '127.0.0.1',
  PORT: '0',
  GRPC_ENABLED: 'false',
  // Before Node has begun with scripts, none of them can hear a signal. As soon as they listen, they wait for one to be sent.
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(`
    import { readSync } from 'node:fs';
    const hold = (name) => {
      if (name !== 'SIGINT') return;
      process.off('newListener', hold);
      process.stdout.write('${BEGUN}');
      readSync(0, Buffer.alloc(1));
    };
    process.on('newListener', hold)`)}`,
};

describe('As the first process of a container (skipped without the right to unshare)', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  (canUnshare ? it : it.skip).each(['1', '2'])(
    'ends when told to before it serves, with %s workers',
    async (workers) => {
      const { pid, stdin, stdout } = (child = spawn(
        'unshare',
        [...ALONE, process.execPath, MAIN, '--workers', workers],
        {
          env: ENVIRONMENT,
          stdio: ['pipe', 'pipe', 'inherit'],
        },
      ));
      let text = '';
      stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
      const ended = once(child, 'close');
      await until(() => text === BEGUN);
      const first = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'));
      process.kill(first, 'SIGTERM');
      stdin.end('.');
      const [code] = (await ended) as [number | null];
      expect([code, text]).toEqual([0, BEGUN]);
    },
  );
});
