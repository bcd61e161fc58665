import { rowMajor } from '#features';
import { TINY_FOREST, tinyBundle } from '#testing';
import { OnnxSession } from './onnx-session.js';

const MODEL = tinyBundle().model;

/** The model with a name replaced by one of equal length. */
const renamed = (from: string, to: string): Uint8Array =>
  Buffer.from(Buffer.from(MODEL).toString('latin1').replaceAll(from, to), 'latin1');

describe('OnnxSession', () => {
  it('tells how many features a model takes and how many classes it tells apart', async () => {
    const session = await OnnxSession.open(MODEL, 1);
    expect([session.width, session.classes]).toEqual([TINY_FOREST.feature_names.length, TINY_FOREST.classes.length]);
    await session.release();
  });

  it('gives probabilities row by row', async () => {
    const session = await OnnxSession.open(MODEL, 2);
    const features = Float32Array.of(0, 24.5, 0.5, 0.5, 0, 25, 0, 1, 0.5, 0, 0, 1);
    const expected = [0.125, 0.625, 0.25, 0.875, 0, 0.125, 0.125, 0.125, 0.75];
    expect([...(await session.run(rowMajor(features, 4), 3))]).toEqual(expected);
    await session.release();
  });

  it('refuses bytes that are no model', async () => {
    await expect(OnnxSession.open(Buffer.from('no model'), 1)).rejects.toThrow('protobuf parsing failed');
  });

  it('asks for no label output', async () => {
    const session = await OnnxSession.open(renamed('\x05label', '\x05lapel'), 1);
    expect([...(await session.run(rowMajor(Float32Array.of(0, 24.5, 0.5, 0.5), 4), 1))]).toEqual([0.125, 0.625, 0.25]);
    await session.release();
  });

  it('refuses a model that gives no probabilities', async () => {
    await expect(OnnxSession.open(renamed('probabilities', 'probabilitiez'), 1)).rejects.toThrow(
      'takes [features] and gives [label, probabilitiez]; expected one input tensor of float32 or float64 [N, features], and the output "probabilities" [N, classes] or "prediction" float64 [N]',
    );
  });
});
