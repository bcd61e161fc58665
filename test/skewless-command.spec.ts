import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const skewless = (...args: string[]) =>
  spawnSync('npx', ['--offline', 'skewless', ...args], { cwd: 'docs', encoding: 'utf8', timeout: 240_000 });

describe('npx skewless', () => {
  it('is the command line, from any folder of the project and without a network', () => {
    const { status, stdout } = skewless('models', 'list', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual([expect.objectContaining({ model: 'random_forest', version: '1' })]);
  });

  it('tells its version', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(skewless('--version')).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  it('hands the exit code on', () => {
    const { status, stderr } = skewless('models', 'promote', 'nobody', '1');
    expect(stderr).toContain('error: There is no model nobody under');
    expect(status).toBe(2);
  });
});
