import { digestOf, type Golden, parseDocument } from '#bundle';
import type { FittedPipeline } from '#features';
import { readBytes, readStructured, readText } from '#kit';
import type { PreparedData } from './files/prepared-data.js';
import { candidateFiles, preparedFiles } from './files/stage-files.js';
import type { Training } from './files/training-summary.js';
import type { StageOptions } from './stage.options.js';

/** A trained model before its registration, as written by the stages of a run. */
export interface Candidate {
  readonly prepared: PreparedData;
  readonly pipeline: FittedPipeline;
  readonly training: Training;
  readonly golden: Golden;
  /** The bytes of `model.onnx`. */
  readonly model: Uint8Array;
  /** SHA-256 of the two files that determine its answers. */
  readonly digests: Readonly<Record<'model' | 'pipeline', string>>;
}

/** @throws InputError when one of its files is missing or invalid */
export async function loadCandidate({ data, training }: Pick<StageOptions, 'data' | 'training'>): Promise<Candidate> {
  const [prepared, files] = [preparedFiles(data.processed), candidateFiles(training.artifacts)];
  const pipeline = await readBytes(prepared.pipeline);
  const model = await readBytes(files.model);
  return {
    prepared: await readStructured<PreparedData>(prepared.metadata, { type: 'object' }),
    pipeline: parseDocument('pipeline', pipeline.toString(), prepared.pipeline),
    training: await readStructured<Training>(files.training, { type: 'object' }),
    golden: parseDocument('golden', await readText(files.golden), files.golden),
    model,
    digests: { model: digestOf(model).sha256, pipeline: digestOf(pipeline).sha256 },
  };
}
