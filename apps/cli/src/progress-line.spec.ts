import { progressLine } from './progress-line.js';

describe('progressLine', () => {
  const show = (isTTY: boolean) => {
    const written: string[] = [];
    let time = 0;
    const progress = progressLine({ isTTY, write: (text: string) => written.push(text) }, () => time);
    for (const done of [0, 10, 20, 50, 100]) {
      progress('trees', done, 100);
      time += 500;
    }
    progress('rows', 1_000_000, 2_000_000);
    return written.map((text) => text.replace('\r\u001b[2K', '>'));
  };

  it('shows bar, speed and time left on a terminal', () => {
    const bar = (full: number) => `${'█'.repeat(full)}${'░'.repeat(24 - full)}`;
    expect(show(true)).toEqual([
      `>trees ${bar(0)} 0/100`,
      `>trees ${bar(2)} 10/100  20 trees/s  5 s left`,
      `>trees ${bar(4)} 20/100  20 trees/s  4 s left`,
      `>trees ${bar(12)} 50/100  33 trees/s  2 s left`,
      `>trees ${bar(24)} 100/100  50 trees/s  2.0 s\n`,
      `>rows ${bar(12)} 1,000,000/2,000,000`,
    ]);
  });

  it('writes plain lines elsewhere, one for each part', () => {
    expect(show(false)).toEqual(['trees: 100 of 100\n']);
  });
});
