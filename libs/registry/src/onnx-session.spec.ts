import { TINY_FOREST, tinyBundle } from '../../../test/helper/tiny-bundle.js';
import { OnnxSession } from './onnx-session.js';

const MODEL = tinyBundle().model;

/** The model with a name in it replaced by one of equal length. */
const renamed = (from: string, to: string): Uint8Array =>
  Buffer.from(Buffer.from(MODEL).toString('latin1').replaceAll(from, to), 'latin1');

describe('OnnxSession', () => {
  it('tells how many features a model takes and how many classes it tells apart', async () => {
    const session = await OnnxSession.open(MODEL, 1);
    expect([session.width, session.classes]).toEqual([TINY_FOREST.feature_names.length, TINY_FOREST.classes.length]);
    await session.release();
  });

  it('gives probabilities row by row, and labels next to them', async () => {
    const session = await OnnxSession.open(MODEL, 2);
    const features = Float32Array.of(0, 24.5, 0.5, 0.5, 0, 25, 0, 1, 0.5, 0, 0, 1);
    const expected = [0.125, 0.625, 0.25, 0.875, 0, 0.125, 0.125, 0.125, 0.75];
    expect([...(await session.probabilities(features, 3))]).toEqual(expected);
    const { probabilities, labels } = await session.classify(features, 3);
    expect([...probabilities]).toEqual(expected);
    expect(labels).toEqual(['road', 'air', 'sea']);
    await session.release();
  });

  it('refuses bytes that are no model', async () => {
    await expect(OnnxSession.open(Buffer.from('no model'), 1)).rejects.toThrow('protobuf parsing failed');
  });

  it.each([
    ['probabilities', 'probabilitiez', 'label, probabilitiez'],
    ['\x05label', '\x05lapel', 'lapel, probabilities'],
  ])('refuses a model whose output is not called %j', async (from, to, outputs) => {
    await expect(OnnxSession.open(renamed(from, to), 1)).rejects.toThrow(
      `takes [features] and gives [${outputs}]; due are one float32 tensor [N, features] in, "probabilities" [N, classes] and "label" [N] out`,
    );
  });
});
