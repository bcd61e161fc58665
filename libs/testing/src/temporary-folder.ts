import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder of the operating system's temporary ones; gone after the tests of this file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'skewless-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
