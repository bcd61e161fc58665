import { getHeapSpaceStatistics } from 'node:v8';
import { releaseBootMemory } from './release-boot-memory.js';

const youngGeneration = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')!.space_size;

describe('releaseBootMemory', () => {
  it('shrinks the young generation', async () => {
    const young = youngGeneration();
    for (let i = 0; i < 40 && youngGeneration() <= young; i++) Array.from({ length: 100_000 }, (_, n) => ({ n }));
    const grown = youngGeneration();
    await releaseBootMemory();
    expect(youngGeneration()).toBeLessThan(grown);
  });
});
