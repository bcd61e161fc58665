import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, once } from './once.js';

/** A folder with `node_modules` of what `tools/<name>/package.json` pins; made once for each content of that file. */
export function nodeModules(name: string): string {
  const file = join('test/peers/tools', name, 'package.json');
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
  const folder = join(process.cwd(), CACHE, `${name}-npm-${digest}`);
  const whole = join(folder, 'whole');
  const make = (): void => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    copyFileSync(file, join(folder, 'package.json'));
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent'], { cwd: folder, stdio: 'ignore' });
    writeFileSync(whole, '');
  };
  once(`${name}-npm`, () => existsSync(whole), make);
  return folder;
}
