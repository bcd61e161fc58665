import { LineBuffer } from './line-buffer.js';

describe('LineBuffer', () => {
  let written: string[];
  beforeEach(() => (written = []));

  const buffer = (): LineBuffer =>
    new LineBuffer({
      write: (lines) => void written.push(lines.toString()),
      flushSync: () => void written.push('synced'),
    });

  it('hands on many lines together, in their order, and the rest when the process ends', () => {
    const before = new Set(process.listeners('exit'));
    const lines = buffer();
    const line = `${'x'.repeat(999)}\n`;
    for (let i = 0; i < 67; i++) lines.write(`${i}${line}`);
    expect(written).toHaveLength(1);
    const onExit = process.listeners('exit').find((listener) => !before.has(listener))!;
    process.off('exit', onExit);
    onExit(0);
    expect(written).toHaveLength(3);
    expect(written[2]).toBe('synced');
    expect(written[0] + written[1]).toBe(Array.from({ length: 67 }, (_, i) => `${i}${line}`).join(''));
  });

  it('keeps characters of any width whole, and the order around a line that is too long to wait', () => {
    const lines = buffer();
    const long = `${'x'.repeat(65_536)}\n`;
    const wide = `${'\u00e9\u{1f600}'.repeat(1_000)}\n`;
    for (let i = 0; i < 12; i++) lines.write(wide);
    lines.write(long);
    expect(written.join('')).toBe(wide.repeat(12) + long);
  });

  it('hands on a single line within the next moments', async () => {
    const lines = buffer();
    lines.write('one\n');
    while (written.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(written).toEqual(['one\n']);
  });
});
