import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { appendLine } from './append-line.js';

describe('appendLine', () => {
  const folder = temporaryFolder();

  it('makes a file, and adds to it', async () => {
    const path = join(folder, 'inside', 'journal.jsonl');
    for (const n of [1, 2]) await appendLine(path, { n });
    expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n{"n":2}\n');
  });

  it.each([
    ['a line that a power cut left unfinished', '{"n":1}\n{"n":2,"wh', '{"n":1}\n{"n":3}\n'],
    ['a first line that is unfinished', '{"n', '{"n":3}\n'],
    ['a line that a person did not end', '{"n":1}\n{"n":2}', '{"n":1}\n{"n":2}\n{"n":3}\n'],
    ['a file of nothing', '', '{"n":3}\n'],
  ])('mends %s', async (_, before, after) => {
    const path = join(folder, 'journal.jsonl');
    writeFileSync(path, before);
    await appendLine(path, { n: 3 });
    expect(readFileSync(path, 'utf8')).toBe(after);
  });
});
