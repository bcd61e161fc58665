import type { StageOptions } from '../stage.options.js';
import { readAliases } from '#bundle';
import { readStructured } from '#kit';
import type { Candidate } from '../candidate.js';
import type { EvaluationReport, EvaluationSubject } from '../evaluate/evaluation-report.js';
import { knownVersion } from '../register/known-version.js';
import { evaluationFiles } from '../files/stage-files.js';

/** The subject that an evaluation would have now. */
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

/** Why an evaluation is stale for the gate; a candidate that is the champion already was compared with another one. */
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
