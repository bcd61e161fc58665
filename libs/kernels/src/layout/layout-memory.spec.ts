import { LayoutMemory } from './layout-memory.js';

const BYTES = 3 * 2 ** 16 + 5;

it('A layout finds zeros where the one before it wrote, even one that failed', () => {
  const first = LayoutMemory.use((memory) => {
    memory.bytes(memory.reserve(BYTES), BYTES).fill(1);
    return memory;
  });
  const fail = (memory: LayoutMemory): never => {
    const start = memory.reserve(BYTES);
    memory.bytes(start, BYTES).fill(2);
    memory.release(start);
    throw new Error('on purpose');
  };
  expect(() => LayoutMemory.use(fail)).toThrow('on purpose');
  LayoutMemory.use((memory) => {
    expect(memory).toBe(first);
    expect(memory.bytes(memory.reserve(BYTES), BYTES).every((byte) => byte === 0)).toBe(true);
  });
});

it('A layout within another one has a memory of its own', () => {
  LayoutMemory.use((outer) => LayoutMemory.use((inner) => expect(inner).not.toBe(outer)));
});
