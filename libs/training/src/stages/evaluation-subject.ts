import type { StageOptions } from '../stage.options.js';
import { digestOf, readAliases } from '#bundle';
import { readBytes, readStructured } from '#kit';
import type { EvaluationReport, EvaluationSubject } from '../evaluate/evaluation-report.js';
import { knownVersion } from '../register/known-version.js';
import { candidateFiles, evaluationFiles, preparedFiles } from '../files/stage-files.js';

/** What the evaluation stage would be about now. */
export async function evaluationSubject({
  data,
  training,
  models,
}: Pick<StageOptions, 'data' | 'training' | 'models'>): Promise<EvaluationSubject> {
  const digest = async (path: string): Promise<string> => digestOf(await readBytes(path)).sha256;
  return {
    model: await digest(candidateFiles(training.artifacts).model),
    pipeline: await digest(preparedFiles(data.processed).pipeline),
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
  { subject }: EvaluationReport,
  config: Pick<StageOptions, 'data' | 'training' | 'models'>,
): Promise<string | undefined> {
  const now = await evaluationSubject(config);
  if (subject.model !== now.model || subject.pipeline !== now.pipeline) return 'is of another candidate';
  if (subject.champion === now.champion || now.champion === (await knownVersion(config))) return undefined;
  return `compares with ${subject.champion ? `champion ${subject.champion}` : 'none'}, but the champion is ${now.champion ?? 'none'} now`;
}
