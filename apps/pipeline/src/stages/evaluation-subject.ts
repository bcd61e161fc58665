import type { PipelineConfig } from '#config';
import { digestOf, readAliases } from '#registry';
import { readBytes } from '../data/read-bytes.js';
import type { EvaluationReport, EvaluationSubject } from '../evaluate/evaluation-report.js';
import { readStructured } from '../import/read-input.js';
import { knownVersion } from '../models/known-version.js';
import { candidateFiles, evaluationFiles, preparedFiles } from './stage-files.js';

/** What the evaluation stage would be about now. */
export async function evaluationSubject({ data, training, models }: PipelineConfig): Promise<EvaluationSubject> {
  const digest = async (path: string): Promise<string> => digestOf(await readBytes(path)).sha256;
  return {
    model: await digest(candidateFiles(training.artifacts).model),
    pipeline: await digest(preparedFiles(data.processed).pipeline),
    champion: (await readAliases(models.directory, training.model))?.champion ?? null,
  };
}

export const readEvaluation = ({ training }: PipelineConfig): Promise<EvaluationReport> =>
  readStructured<EvaluationReport>(evaluationFiles(training.artifacts).report, {
    type: 'object',
    required: ['subject', 'evaluation', 'trivial'],
  });

/** What makes an evaluation useless to the gate; a candidate that is the champion already was measured beside another. */
export async function whyStale({ subject }: EvaluationReport, config: PipelineConfig): Promise<string | undefined> {
  const now = await evaluationSubject(config);
  if (subject.model !== now.model || subject.pipeline !== now.pipeline) return 'is of another candidate';
  if (subject.champion === now.champion || now.champion === (await knownVersion(config))) return undefined;
  return `compares with ${subject.champion ? `champion ${subject.champion}` : 'none'}, but the champion is ${now.champion ?? 'none'} now`;
}
