import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNode } from './helper/run-node.js';

const EXPORTED = /^export (?:declare )?(?:abstract )?(?:class|interface|type|enum) (\w+)/gm;

it('The picture of the libs in docs/architecture.md is that of the code', () => {
  const { status, stderr } = runNode(['tools/draw-libs.mjs', '--check']);
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

it('A name of a type or class has one meaning in all apps and libs', () => {
  const declared = new Map<string, string[]>();
  for (const root of ['apps', 'libs', 'config']) {
    for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue;
      for (const [, name] of readFileSync(join(root, file), 'utf8').matchAll(EXPORTED)) {
        declared.set(name, [...(declared.get(name) ?? []), join(root, file)]);
      }
    }
  }
  expect(declared.size).toBeGreaterThan(500);
  expect([...declared].filter(([, files]) => files.length > 1)).toEqual([]);
});
