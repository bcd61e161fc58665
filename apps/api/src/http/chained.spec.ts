import { chained, type Middleware } from './chained.js';

describe('chained', () => {
  const run = (middleware: readonly Middleware[], handler: () => void = () => {}): Promise<unknown> =>
    new Promise((resolve) => {
      const answer = (): void => {
        handler();
        resolve('answered');
      };
      chained(middleware, answer, (error) => resolve(error))({} as never, {} as never);
    });

  it('runs middleware in its order, then the handler', async () => {
    const seen: string[] = [];
    const say =
      (word: string): Middleware =>
      (_request, _response, next) => {
        seen.push(word);
        next();
      };
    const later: Middleware = async (_request, _response, next) => {
      await Promise.resolve();
      seen.push('later');
      next();
    };
    await run([say('first'), later, say('last')], () => void seen.push('handler'));
    expect(seen).toEqual(['first', 'later', 'last', 'handler']);
  });

  it('stops where a middleware answers by itself', () => {
    let isAnswered = false;
    const handler = chained(
      [() => {}],
      () => (isAnswered = true),
      () => (isAnswered = true),
    );
    handler({} as never, {} as never);
    expect(isAnswered).toBe(false);
  });

  const error = new Error('refused');
  it.each<[string, Middleware]>([
    ['handed on', (_request, _response, next) => next(error)],
    [
      'thrown',
      () => {
        throw error;
      },
    ],
    ['of a promise', () => Promise.reject(error)],
  ])('fails with an error %s, and runs nothing after it', async (_how, middleware) => {
    let wentOn = false;
    expect(await run([middleware, () => (wentOn = true)])).toBe(error);
    expect(wentOn).toBe(false);
  });

  it('fails with what the handler throws', async () => {
    expect(
      await run([], () => {
        throw error;
      }),
    ).toBe(error);
  });
});
