import { temporaryFolder, writePriceBundle, writeTinyBundle } from '#testing';
import type { CommandContext } from '../../command-context.js';
import { list } from './list.js';

const directory = temporaryFolder();

it('models list has the error of a regression, where a classifier has its accuracy', async () => {
  await writePriceBundle(directory);
  await writeTinyBundle(directory);
  let listed: unknown;
  const context = { config: { models: { directory } }, print: (rows: unknown) => (listed = rows) };
  await list(context as unknown as CommandContext);
  expect(listed).toEqual([
    expect.objectContaining({ model: 'prices', test_accuracy: null, test_rmse: 0.5 }),
    expect.not.objectContaining({ test_rmse: expect.anything() }),
  ]);
});
