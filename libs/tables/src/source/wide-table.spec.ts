import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RawSchema } from '#schema';
import { temporaryFolder } from '#testing';
import { Database } from './database.js';
import { openDataSource } from './data-source.js';
import { loadTable } from './load-table.js';

const COLUMNS = 200;
const folder = temporaryFolder();

it('a table of many columns is read in the memory that it needs itself', async () => {
  const names = Array.from({ length: COLUMNS }, (_, i) => `n${i}`);
  const line = (row: number): string => names.map((_, i) => (row * 31 + i) % 97).join(',');
  const lines = Array.from({ length: 40 }, (_, row) => `${line(row)},${row % 2}`);
  const path = join(folder, 'wide.csv');
  writeFileSync(path, [`${names.join(',')},y`, ...lines].join('\n'));
  const schema: RawSchema = names.map((name) => ({ name, type: 'float', nullable: false }));
  const source = await openDataSource(path);
  await Database.use(300, undefined, async (database) => {
    const { rows, columns } = await loadTable(database, source, { schema, target: 'y', kept: names });
    expect([rows, columns.length]).toEqual([40, COLUMNS]);
  });
});
