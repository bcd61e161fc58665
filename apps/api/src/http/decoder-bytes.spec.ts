import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { decoderBytes } from './decoder-bytes.js';

const TEXT = Buffer.from('x'.repeat(100));

describe('decoderBytes', () => {
  it.each(Array.from({ length: 15 }, (_, i) => 10 + i))('of Brotli with a window of 2^%i', (bits) => {
    const [first] = brotliCompressSync(TEXT, { params: { [constants.BROTLI_PARAM_LGWIN]: bits } });
    expect(decoderBytes('br', first)).toBe(65_536 + 2 ** bits);
  });

  it('of gzip is the same for all', () => {
    expect(decoderBytes('gzip', gzipSync(TEXT)[0])).toBe(65_536);
  });
});
