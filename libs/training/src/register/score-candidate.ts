import { predictedClasses } from '#statistics';
import { type ClassScoreBin, classScoreTable, type ScoreTable } from '#bundle';
import type { Candidate } from '../candidate.js';
import { OnnxScorer } from '../data/onnx-scorer.js';
import { readPart } from '../data/prepared.js';

/**
 * What the candidate's scores are worth on the test part, none of which it was trained on; of a regression, nothing yet.
 *
 * @param file the test part
 */
export async function scoreCandidate(
  { prepared, pipeline, training, model }: Candidate,
  file: string,
  signal?: AbortSignal,
): Promise<ScoreTable<ClassScoreBin> | undefined> {
  const classes = prepared.classes.length;
  if (classes < 2) return undefined;
  const { features, labels } = await readPart(file, pipeline, prepared, { signal });
  const scorer = await OnnxScorer.open(model, signal);
  try {
    const probabilities = await scorer.probabilities(features);
    const { threshold } = training;
    const predicted = predictedClasses({ labels, probabilities, classes: prepared.classes, threshold });
    const scores = Float32Array.from(predicted, (c, row) => probabilities[row * classes + (classes === 2 ? 1 : c)]);
    return classScoreTable({ scores, predicted, labels, classes });
  } finally {
    await scorer.close();
  }
}
