import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { moveIntoPlace } from './move-into-place.js';

describe('moveIntoPlace', () => {
  const folder = temporaryFolder();
  const [unfinished, place] = [join(folder, 'unfinished'), join(folder, 'place')];

  it('puts a file in the place of another', async () => {
    await writeFile(place, 'old');
    await writeFile(unfinished, 'new');
    await moveIntoPlace(unfinished, place);
    expect(await readdir(folder)).toEqual(['place']);
    expect(await readFile(place, 'utf8')).toBe('new');
  });

  it('puts a folder where none is that holds something, and leaves both as they were otherwise', async () => {
    const [first, second, target] = ['first', 'second', 'target'].map((name) => join(folder, name));
    for (const made of [first, second]) {
      await mkdir(made);
      await writeFile(join(made, 'file'), made);
    }
    await moveIntoPlace(first, target);
    await expect(moveIntoPlace(second, target)).rejects.toMatchObject({ code: 'ENOTEMPTY' });
    expect(await readFile(join(target, 'file'), 'utf8')).toBe(first);
    expect(await readFile(join(second, 'file'), 'utf8')).toBe(second);
  });
});
