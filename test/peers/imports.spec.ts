import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { maintainersPackages } from '../../tools/maintain/install.mjs';

const DEPCRUISE = join(maintainersPackages().modules, 'dependency-cruiser/bin/dependency-cruise.mjs');
const RULES = ['.dependency-cruiser.cjs', '.dependency-cruiser.folders.cjs', 'libs/floors.json', 'package.json'];

/** What the import check says of a project of these files, under the rules of this one. */
function check(rules: string, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'skewless-imports-'));
  try {
    for (const file of RULES) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      cpSync(file, join(folder, file));
    }
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    return spawnSync(process.execPath, [DEPCRUISE, 'apps', 'libs', '--config', rules], {
      cwd: folder,
      encoding: 'utf8',
    }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const errorsIn = (output: string): string[] =>
  (output.match(/^ +error [^\n]*/gm) ?? []).map((line) => line.trim()).sort();

describe('The import check', () => {
  it('refuses imports of a higher floor, of an app, past an index, and of one app by another; not of a lower floor', () => {
    const output = check('.dependency-cruiser.cjs', {
      'libs/kit/src/index.ts': "export { higher } from '#registry';\nexport * from '../../../apps/cli/src/own.js';\n",
      'libs/kit/src/inside.ts': 'export const inside = 1;\n',
      'libs/registry/src/index.ts': 'export const higher = 1;\n',
      'libs/onnx/src/index.ts': "export { inside } from '../../kit/src/inside.js';\nexport { higher } from '#kit';\n",
      'apps/cli/src/main.ts': "import '../../api/src/main.js';\n",
      'apps/cli/src/own.ts': 'export const own = 1;\n',
      'apps/api/src/main.ts': "import '#onnx';\n",
    });
    expect(errorsIn(output)).toEqual([
      'error door-cli: apps/cli/src/main.ts → apps/api/src/main.ts',
      'error floor-0-kit: libs/kit/src/index.ts → apps/cli/src/own.ts',
      'error floor-0-kit: libs/kit/src/index.ts → libs/registry/src/index.ts',
      'error index-only: libs/onnx/src/index.ts → libs/kit/src/inside.ts',
    ]);
  });

  it('refuses an app and helpers of tests over HTTP in specs of libs and in what they are made of', () => {
    const output = check('.dependency-cruiser.cjs', {
      'apps/api/src/own.ts': 'export const own = 1;\n',
      'test/helper/boot.ts': 'export const boot = 1;\n',
      'libs/testing/src/index.ts': "export { own } from '../../../apps/api/src/own.js';\n",
      'libs/kit/src/a.spec.ts': "import '#testing';\nimport '../../../test/helper/boot.js';\n",
      'libs/kit/src/testing/b.ts': "import '../../../../apps/api/src/own.js';\n",
      'apps/api/src/c.spec.ts': "import '#testing';\nimport './own.js';\n",
    });
    expect(errorsIn(output)).toEqual([
      'error lib-specs-alone: libs/kit/src/a.spec.ts → test/helper/boot.ts',
      'error lib-specs-alone: libs/kit/src/testing/b.ts → apps/api/src/own.ts',
      'error lib-specs-alone: libs/testing/src/index.ts → apps/api/src/own.ts',
    ]);
  });

  it('refuses a circle of folders, inside apps too', () => {
    const circle = (root: string): Record<string, string> => ({
      [`${root}/src/one/a.ts`]: "import '../two/b.js';\n",
      [`${root}/src/two/b.ts`]: 'export const b = 1;\n',
      [`${root}/src/two/c.ts`]: "export { d } from '../one/d.js';\n",
      [`${root}/src/one/d.ts`]: 'export const d = 1;\n',
    });
    const output = check('.dependency-cruiser.folders.cjs', { ...circle('apps/api'), ...circle('libs/kit') });
    for (const root of ['apps/api', 'libs/kit']) expect(output).toContain(`no-folder-circle: ${root}/src/one`);
  });
});
