import { stratifiedFolds } from '#learners';
import { InputError } from './input.error.js';
import { namingSetting } from './naming-setting.js';

describe('namingSetting', () => {
  it('gives what the work gives', async () => {
    expect(await namingSetting('training.seed', () => 42)).toBe(42);
  });

  it.each([
    ['the user gave', new InputError('It is wrong.'), new InputError('data.recipe: It is wrong.')],
    ['ends on demand', new InputError('Stopped.', true), new InputError('Stopped.', true)],
    ['is a fault of the program', new TypeError('x'), new TypeError('x')],
  ])('names itself before what %s only', async (_, error, expected) => {
    await expect(namingSetting('data.recipe', () => Promise.reject(error))).rejects.toThrow(expected);
  });

  it('names itself before what a learner refuses', async () => {
    await expect(namingSetting('training.folds', () => stratifiedFolds([0, 1, 0], 5, 1))).rejects.toThrow(
      new InputError('training.folds: folds is 5; it must be a whole number from 2 to the 3 rows'),
    );
  });
});
