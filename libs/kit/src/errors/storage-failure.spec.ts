import { storageFailure } from './storage-failure.js';

const failure = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`${code}: no, write`), { code, syscall: 'write', ...more });

describe('storageFailure', () => {
  it('says what storage refused, where, and how to mend it', () => {
    expect(storageFailure(failure('ENOSPC', { path: '/data/x' }))).toBe(
      'ENOSPC: no, write (/data/x). The disk is full; make room and run the command again.',
    );
    expect(storageFailure(failure('EROFS'))).toBe(
      'EROFS: no, write. The file system is read-only; choose a folder that can be written.',
    );
  });

  it('knows what Node says where it makes folders on a read-only file system', () => {
    expect(storageFailure(failure('ENOENT', { syscall: 'mkdir', path: '/data/x' }))).toContain('read-only');
  });

  it('knows what the database reports without a code', () => {
    for (const said of ['No space left on device', 'Permission denied', 'Input/output error']) {
      expect(storageFailure(new Error(`IO Error: Could not write file "/t/x.tmp": ${said}`))).toContain(`: ${said}. `);
    }
    expect(storageFailure(new Error('IO Error: Cannot open file "/t/x": No such file or directory'))).toBeUndefined();
  });

  it('leaves other errors alone', () => {
    for (const error of [new Error('ENOSPC'), failure('ECONNRESET'), new TypeError('x'), failure('ENOENT')]) {
      expect(storageFailure(error)).toBeUndefined();
    }
  });
});
