import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { openStore } from '#monitoring';
import { temporaryFolder } from '#testing';
import { idAt, rowsOf } from '../../../../../libs/monitoring/src/store/testing/store-contract.js';
import type { CommandContext } from '../../command-context.js';
import { importLabels } from './import.js';

const folder = temporaryFolder();
/** A recent time, because the real clock decides what is kept. */
const NOW = Date.now() - 120_000;

it('feedback import says of invalid labels in which line they are, and what is wrong', async () => {
  const monitor = { store: join(folder, 'store'), schema: 'skewless_monitor', maxBytes: 1e9 };
  const id = idAt(NOW, 1);
  const store = await openStore(monitor);
  await store.append({ producer: 'a', sequence: 1, rows: rowsOf([{ id }]) });
  await store.keep('version/m/1', { model: 'm', version: '1', classes: ['no', 'yes'] });
  await store.close();
  const file = join(folder, 'labels.csv');
  writeFileSync(file, `prediction_id,label\n${id},maybe\n\n${id},yes\nx7,no\n`);
  const printed: unknown[] = [];
  const lines: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  const print = (value: unknown, inWords: () => void): void => {
    printed.push(value);
    inWords();
  };
  await importLabels({ config: { monitor }, print } as unknown as CommandContext, file);
  log.mockRestore();
  const errors = [
    { path: 'label', line: 2, id, expected: 'a class of m:1: no, yes', received: 'maybe' },
    { path: 'prediction_id', line: 5, id: 'x7', expected: 'the prediction_id of an answer, a UUID', received: 'x7' },
  ];
  expect(printed).toEqual([expect.objectContaining({ accepted: 1, invalid: 2, errors })]);
  expect(lines).toEqual([
    'accepted: 1',
    `invalid: 2, such as x7`,
    `  ${file}, line 2: label must be a class of m:1: no, yes; received "maybe"`,
    `  ${file}, line 5: prediction_id must be the prediction_id of an answer, a UUID; received "x7"`,
  ]);
});
