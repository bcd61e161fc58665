import type { StageOptions } from '../stage.options.js';
import { readAliases } from '#bundle';
import { readStructured } from '#kit';
import type { Candidate } from '../candidate.js';
import type { EvaluationReport, EvaluationSubject } from '../evaluate/evaluation-report.js';
import { knownVersion } from '../register/known-version.js';
import { evaluationFiles } from '../files/stage-files.js';

/** What the evaluation stage would be about now. */
export async function evaluationSubject(
  { digests, training: { threshold } }: Candidate,
  { training, models }: Pick<StageOptions, 'training' | 'models'>,
): Promise<EvaluationSubject> {
  return {
    ...digests,
    ...(threshold !== undefined && { threshold }),
    champion: (await readAliases(models.directory, training.model))?.champion ?? null,
  };
}

export const readEvaluation = ({ training }: Pick<StageOptions, 'training'>): Promise<EvaluationReport> =>
  readStructured<EvaluationReport>(evaluationFiles(training.artifacts).report, {
    type: 'object',
    required: ['subject', 'evaluation', 'trivial'],
  });

/** What makes an evaluation useless to the gate; a candidate that is the champion already was measured beside another. */
export async function whyStale(
  { subject, slices }: Omit<EvaluationReport, 'slices'> & Partial<Pick<EvaluationReport, 'slices'>>,
  candidate: Candidate,
  config: Pick<StageOptions, 'training' | 'models'>,
): Promise<string | undefined> {
  if (slices === undefined) return 'is of an earlier Skewless';
  const now = await evaluationSubject(candidate, config);
  if (subject.model !== now.model || subject.pipeline !== now.pipeline || subject.threshold !== now.threshold)
    return 'is of another candidate';
  if (subject.champion === now.champion || now.champion === (await knownVersion(candidate, config))) return undefined;
  return `compares with ${subject.champion ? `champion ${subject.champion}` : 'none'}, but the champion is ${now.champion ?? 'none'} now`;
}
