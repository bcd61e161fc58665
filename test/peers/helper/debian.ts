import { execFileSync } from 'node:child_process';
import { once } from './once.js';

/**
 * A program of Debian, Ubuntu and their like; installed where it is not there and this user may.
 *
 * @param find where it is, if it is there
 */
export function installed(packageName: string, find: () => string | undefined): string {
  const apt = (...args: string[]): void => {
    execFileSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  const install = (): void => {
    apt('update', '-q');
    apt('install', '-q', '-y', '--no-install-recommends', packageName);
  };
  once('apt', () => find() !== undefined, install);
  return find()!;
}
