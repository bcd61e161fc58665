import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectRoot } from '#kit';

/** The commit that this project is at; null outside a repository. Whoever owns the files, which git minds by itself. */
export const codeCommit = (): Promise<string | null> =>
  promisify(execFile)('git', ['-c', 'safe.directory=*', 'rev-parse', 'HEAD'], { cwd: projectRoot() }).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
