const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full; make room and run the command again',
  EDQUOT: 'The quota of this user is used up; make room and run the command again',
  EFBIG: 'The file would exceed the size allowed here; raise the limit and run the command again',
  EROFS: 'The file system is read-only; choose a folder that can be written',
  EACCES: 'This user may not; grant it, or choose another folder',
  EPERM: 'This user may not; grant it, or choose another folder',
  // Node's recursive mkdir reports a read-only file system as ENOENT.
  'mkdir ENOENT':
    'The file system is read-only, or a link on the way leads nowhere; choose a folder that can be written',
  EIO: 'The device failed; look at it before running the command again',
};

/** DuckDB's errors carry no code, only the operating system's message. */
const MESSAGES: Readonly<Record<string, string>> = {
  'No space left on device': 'ENOSPC',
  'Disk quota exceeded': 'EDQUOT',
  'File too large': 'EFBIG',
  'Read-only file system': 'EROFS',
  'Permission denied': 'EACCES',
  'Operation not permitted': 'EPERM',
  'Input/output error': 'EIO',
};

const codeOf = ({ code, syscall, message }: NodeJS.ErrnoException): string | undefined =>
  syscall === 'mkdir' && code === 'ENOENT'
    ? 'mkdir ENOENT'
    : syscall
      ? code
      : MESSAGES[/(?:write|open|sync) file "[^"]*": ([A-Z][\w/ -]*)/.exec(message)?.[1] ?? ''];

/** Describes a storage error and its remedy; `undefined` for any other error. */
export function storageFailure(error: unknown): string | undefined {
  const { path, message } = error as NodeJS.ErrnoException;
  const remedy = REMEDIES[codeOf(error as NodeJS.ErrnoException) ?? ''];
  return remedy && `${message}${path && !message.includes(path) ? ` (${path})` : ''}. ${remedy}.`;
}
