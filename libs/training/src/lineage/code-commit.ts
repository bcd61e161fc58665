import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectRoot } from '#kit';

/** The commit of this project; null outside a repository. Git's check of the owner is disabled. */
export const codeCommit = (): Promise<string | null> =>
  promisify(execFile)('git', ['-c', 'safe.directory=*', 'rev-parse', 'HEAD'], { cwd: projectRoot() }).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
