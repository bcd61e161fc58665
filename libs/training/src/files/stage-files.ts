import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '#kit';

/** The files of the prepared parts. */
export const preparedFiles = (
  directory: string,
): Readonly<Record<'train' | 'test' | 'trainCsv' | 'testCsv' | 'pipeline' | 'metadata', string>> => ({
  train: join(directory, 'train.parquet'),
  test: join(directory, 'test.parquet'),
  trainCsv: join(directory, 'train.csv'),
  testCsv: join(directory, 'test.csv'),
  pipeline: join(directory, 'pipeline.json'),
  metadata: join(directory, 'metadata.json'),
});

/** The files that training writes. */
export const candidateFiles = (artifacts: string): Readonly<Record<'model' | 'golden' | 'training', string>> => ({
  model: join(artifacts, 'candidate', 'model.onnx'),
  golden: join(artifacts, 'candidate', 'golden.json'),
  training: join(artifacts, 'candidate', 'training.json'),
});

/** The files that the evaluation writes. */
export const evaluationFiles = (artifacts: string): Readonly<Record<'directory' | 'report' | 'card', string>> => ({
  directory: join(artifacts, 'evaluation'),
  report: join(artifacts, 'evaluation', 'evaluation.json'),
  card: join(artifacts, 'evaluation', 'model-card.html'),
});

/** @throws InputError when an earlier stage's file is missing */
export function needs(file: string, stage: string): void {
  if (!existsSync(file)) throw new InputError(`${file} does not exist: run "${stage}" first, or "run" for all stages.`);
}
