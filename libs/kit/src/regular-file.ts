import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Without O_NONBLOCK, opening a named pipe without a writer would block one of Node's four threads for ever. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const STEP_BYTES = 65_536;

/** A file that cannot be read; `${path} ${problem}` makes a sentence. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';

  constructor(
    readonly path: string,
    readonly problem: string,
    /** Node's error code, where the operating system refused: `ENOENT`, `EACCES`. */
    readonly code?: string,
  ) {
    super(`${path} ${problem}`);
  }
}

function refused(path: string, error: unknown): UnreadableFileError {
  if (error instanceof UnreadableFileError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new UnreadableFileError(
    path,
    code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? message})`,
    code,
  );
}

function checkRegular(path: string, stats: { isFile(): boolean }): void {
  if (!stats.isFile()) throw new UnreadableFileError(path, 'is not a regular file');
}

const tooLong = (path: string, limitBytes: number): UnreadableFileError =>
  new UnreadableFileError(path, `is over ${limitBytes} bytes`);

/**
 * Opens a file for reading; follows links, as Kubernetes mounts files through them. Never blocks on another process.
 *
 * @throws UnreadableFileError also when it is a pipe, a device or a folder
 */
export async function openRegularFile(path: string): Promise<FileHandle> {
  const file = await open(path, WITHOUT_WAITING).catch((error: unknown) => {
    throw refused(path, error);
  });
  try {
    checkRegular(path, await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw refused(path, error);
  }
}

/** Holds the file's size and one byte more, so that the end is seen without growing. */
const bufferFor = (size: number, limitBytes: number): Buffer => Buffer.allocUnsafe(Math.min(size, limitBytes) + 1);

const grown = (buffer: Buffer): Buffer => Buffer.concat([buffer, Buffer.allocUnsafe(STEP_BYTES)]);

/**
 * Reads a whole file.
 *
 * @throws UnreadableFileError as {@link openRegularFile}, and when it is longer than the limit
 */
export async function readRegularFile(path: string, limitBytes: number): Promise<Buffer> {
  const file = await openRegularFile(path);
  try {
    let buffer = bufferFor((await file.stat()).size, limitBytes);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
      if (length > limitBytes) throw tooLong(path, limitBytes);
      if (length === buffer.length) buffer = grown(buffer);
    }
  } catch (error) {
    throw refused(path, error);
  } finally {
    await file.close();
  }
}

/** As {@link readRegularFile}, for callers that cannot await. */
export function readRegularFileSync(path: string, limitBytes: number): Buffer {
  let file: number | undefined;
  try {
    file = openSync(path, WITHOUT_WAITING);
    const stats = fstatSync(file);
    checkRegular(path, stats);
    let buffer = bufferFor(stats.size, limitBytes);
    let length = 0;
    for (;;) {
      const bytesRead = readSync(file, buffer, length, buffer.length - length, null);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
      if (length > limitBytes) throw tooLong(path, limitBytes);
      if (length === buffer.length) buffer = grown(buffer);
    }
  } catch (error) {
    throw refused(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
