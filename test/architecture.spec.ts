import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

it('The picture of the libs in docs/architecture.md is that of the code', () => {
  const { status, stderr } = spawnSync(process.execPath, ['tools/draw-libs.mjs', '--check'], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

it('Every lib is on a floor, and every lib and app in nest-cli.json', () => {
  const folders = (root: string): string[] =>
    readdirSync(root, { withFileTypes: true })
      .map(({ name }) => name)
      .filter((name) => name !== 'testing' && existsSync(join(root, name, 'src')));
  const floors = JSON.parse(readFileSync('libs/floors.json', 'utf8')) as string[][];
  expect(floors.flat().sort()).toEqual(folders('libs').sort());
  const { projects } = JSON.parse(readFileSync('nest-cli.json', 'utf8')) as { projects: object };
  expect(Object.keys(projects).sort()).toEqual([...folders('libs'), ...folders('apps')].sort());
});
