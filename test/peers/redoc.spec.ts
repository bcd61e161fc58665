import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { maintainersPackages } from '../../tools/maintain/install.mjs';

const COMMITTED = 'apps/api/src/docs/redoc';

it.each(['bundles/redoc.standalone.js', 'bundles/redoc.standalone.js.LICENSE.txt', 'LICENSE'])(
  'the committed file of ReDoc is that of its package: %s',
  (file) => {
    const package_ = join(maintainersPackages().require.resolve('redoc/package.json'), '..');
    const committed = readFileSync(join(COMMITTED, file.split('/').at(-1)!));
    expect(committed.equals(readFileSync(join(package_, file)))).toBe(true);
  },
);
