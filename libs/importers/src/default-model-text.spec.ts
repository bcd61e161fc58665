import { join } from 'node:path';
import { adder, temporaryFolder, writeForeignModel, writeTinyBundle } from '#testing';
import { defaultModelText } from './default-model-text.js';

const directory = join(temporaryFolder(), 'models');
const HOW = (name: string) => `DEFAULT_MODEL=${name} npm start, or set models.default`;

it('tells what the next start brings: the only model, the one named, none of several', async () => {
  await writeTinyBundle(directory);
  expect(await defaultModelText('tiny', directory, { directory })).toBe('POST /predict uses it.');
  await writeForeignModel(directory, 'simple', adder());
  expect(await defaultModelText('simple', directory, { directory })).toBe(
    `POST /predict still uses tiny; to use simple instead: ${HOW('simple')}.`,
  );
  await writeTinyBundle(directory, { name: 'second' });
  expect(await defaultModelText('second', directory, { directory })).toBe(
    `There are 3 models and none of them is the default: second, simple, tiny. From the next start on, POST /predict answers 409 no-default-model; to name one: ${HOW('second')}.`,
  );
  expect(await defaultModelText('second', directory, { directory, default: 'tiny' })).toBe(
    `POST /predict still uses tiny; to use second instead: ${HOW('second')}.`,
  );
  expect(await defaultModelText('second', directory, { directory, default: 'second' })).toBe('POST /predict uses it.');
  expect(await defaultModelText('second', directory, { directory: 'other', default: 'second' })).toMatch(
    /^There are 3/,
  );
  expect(await defaultModelText('second', directory, { directory, default: 'gone' })).toMatch(
    /^POST \/predict cannot answer: .*contains no model "gone", only: second, simple, tiny\./,
  );
});

it('lists no more models than people read', async () => {
  const many = join(directory, 'many');
  for (let i = 10; i < 21; i++) await writeTinyBundle(many, { name: `m${i}` });
  expect(await defaultModelText('m10', many, { directory: many })).toBe(
    `There are 11 models and none of them is the default. From the next start on, POST /predict answers 409 no-default-model; to name one: ${HOW('m10')}.`,
  );
});
