import { executionAsyncResource } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { keepTickShape } from './keep-tick-shape.js';

describe('keepTickShape', () => {
  it('holds an object of the hidden class that later ticks have', async () => {
    const kept = keepTickShape();
    const later = await new Promise((resolve) => process.nextTick(() => resolve(executionAsyncResource())));

    setFlagsFromString('--allow-natives-syntax');
    const haveSameShape = runInThisContext('(a, b) => %HaveSameMap(a, b)') as (a: unknown, b: unknown) => boolean;

    expect(later).not.toBe(kept);
    expect(haveSameShape(kept, later)).toBe(true);
    expect(haveSameShape(kept, {})).toBe(false);
  });
});
