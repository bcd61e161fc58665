import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRegularFile, readRegularFile, readRegularFileSync } from './regular-file.js';

const folder = mkdtempSync(join(tmpdir(), 'skewless-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

const READERS: [string, (path: string, limitBytes: number) => Promise<Buffer>][] = [
  ['in turns', readRegularFile],
  ['at once', (path, limit) => Promise.resolve().then(() => readRegularFileSync(path, limit))],
];

describe.each(READERS)('A regular file, read %s', (_, read) => {
  it('comes whole, up to its limit', async () => {
    writeFileSync(at('text'), 'é'.repeat(40_000));
    expect((await read(at('text'), 80_000)).toString()).toBe('é'.repeat(40_000));
    await expect(read(at('text'), 79_999)).rejects.toThrow(`${at('text')} is over 79999 bytes`);
  });

  it('is read through links, as Kubernetes swaps them', async () => {
    mkdirSync(at('..2026'), { recursive: true });
    writeFileSync(at('..2026/keys'), 'one');
    rmSync(at('..data'), { force: true });
    rmSync(at('keys'), { force: true });
    symlinkSync('..2026', at('..data'));
    symlinkSync('..data/keys', at('keys'));
    expect((await read(at('keys'), 10)).toString()).toBe('one');
  });

  it('comes whole where the operating system tells no size', async () => {
    expect((await read('/proc/self/stat', 4_096)).toString()).toMatch(/^\d+ \(/);
  });

  it('is not a pipe, a device or a folder, and none of these is waited for', async () => {
    rmSync(at('pipe'), { force: true });
    execFileSync('mkfifo', [at('pipe')]);
    for (const path of [at('pipe'), '/dev/zero', folder]) {
      await expect(read(path, 10)).rejects.toThrow(`${path} is not a regular file`);
    }
  });

  it('says what the operating system says', async () => {
    await expect(read(at('none'), 10)).rejects.toMatchObject({ problem: 'does not exist', code: 'ENOENT' });
    await expect(read(join(at('text'), 'below'), 10)).rejects.toMatchObject({
      problem: 'cannot be read (ENOTDIR)',
      code: 'ENOTDIR',
    });
  });
});

it('A file opened for a stream is a regular one', async () => {
  await expect(openRegularFile('/dev/null')).rejects.toThrow('/dev/null is not a regular file');
  writeFileSync(at('stream'), 'x');
  const file = await openRegularFile(at('stream'));
  const chunks: unknown[] = [];
  for await (const chunk of file.createReadStream()) chunks.push(chunk);
  expect(Buffer.concat(chunks as Buffer[]).toString()).toBe('x');
});
