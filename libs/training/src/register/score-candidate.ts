import { predictedClasses } from '#statistics';
import { classScoreTable, errorTable, type ScoreTable } from '#bundle';
import type { Candidate } from '../candidate.js';
import { OnnxScorer } from '../data/onnx-scorer.js';
import { readPart } from '../data/prepared.js';

/**
 * The candidate's held-out performance by score, or for a regression its errors, on the test part.
 *
 * @param file the test part
 */
export async function scoreCandidate(
  { prepared, pipeline, training, model }: Candidate,
  file: string,
  signal?: AbortSignal,
): Promise<ScoreTable> {
  const classes = prepared.classes.length;
  const { features, labels, targets } = await readPart(file, pipeline, prepared, { signal });
  const scorer = await OnnxScorer.open(model, signal);
  try {
    const probabilities = await scorer.probabilities(features);
    if (classes < 2) return errorTable(probabilities, targets);
    const { threshold } = training;
    const predicted = predictedClasses({ labels, probabilities, classes: prepared.classes, threshold });
    const scores = Float32Array.from(predicted, (c, row) => probabilities[row * classes + (classes === 2 ? 1 : c)]);
    return classScoreTable({ scores, predicted, labels, classes });
  } finally {
    await scorer.close();
  }
}
