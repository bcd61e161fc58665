import { Readable } from 'node:stream';
import fc from 'fast-check';
import { type Line, readLines } from './read-lines.js';

async function linesOf(chunks: readonly string[], limit = 1_000): Promise<[number, string | undefined][]> {
  const lines: Line[] = [];
  const source = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  for await (const some of readLines(source as AsyncIterable<Buffer>, limit)) lines.push(...some);
  return lines.map(({ number, bytes }) => [number, bytes?.toString()]);
}

describe('readLines', () => {
  it('finds the lines of a text however it is cut', async () => {
    const line = fc.stringMatching(/^[a-z]{0,5}$/);
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(40)), async (lines, cuts) => {
        const text = lines.map((content) => `${content}\n`).join('');
        const edges = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length];
        const chunks = edges.slice(1).map((end, i) => text.slice(edges[i], end));
        expect(await linesOf(chunks.filter(Boolean))).toEqual(
          lines.map((content, i) => [i + 1, content]).filter(([, content]) => content !== ''),
        );
      }),
    );
  });

  it('takes a last line without its end', async () => {
    expect(await linesOf(['a\nb', 'c'])).toEqual([
      [1, 'a'],
      [2, 'bc'],
    ]);
  });

  it('drops a line over the limit, keeps its number, and goes on', async () => {
    expect(await linesOf(['ok\n12', '34', '56\nok\n1234', '567'], 5)).toEqual([
      [1, 'ok'],
      [2, undefined],
      [3, 'ok'],
      [4, undefined],
    ]);
  });

  it('hands on whole lines before the next chunk comes', async () => {
    const source = new Readable({ read: () => undefined });
    const lines = readLines(source as AsyncIterable<Buffer>, 100);
    source.push('a\nb\nc');
    expect((await lines.next()).value).toEqual([
      { number: 1, bytes: Buffer.from('a') },
      { number: 2, bytes: Buffer.from('b') },
    ]);
    source.push(null);
    expect((await lines.next()).value).toEqual([{ number: 3, bytes: Buffer.from('c') }]);
  });
});
