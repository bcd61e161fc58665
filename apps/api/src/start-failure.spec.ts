import { BundleError } from '#bundle';
import { UserError } from '#kit';
import { parseCommandLine } from './command-line.js';
import { startFailure } from './start-failure.js';

const failureOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail');
};

describe('startFailure', () => {
  it.each([
    [new UserError('Port 80 is taken'), 'error: Port 80 is taken'],
    [new BundleError('a/1', 'is broken', 'Mend it'), 'error: a/1: is broken. Mend it.'],
    [failureOf(() => parseCommandLine(['--prot', '80'])), "error: Unknown option '--prot'"],
  ])('is a sentence where a user can mend it', (error, told) => {
    expect(startFailure(error)).toBe(told);
  });

  it('tells where the program failed otherwise', () => {
    const error = new RangeError('no such place');
    expect(startFailure(error)).toBe(`error: no such place\n${error.stack}`);
  });
});
