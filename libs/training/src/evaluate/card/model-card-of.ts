import { grouped } from '#validation';
import type { Candidate } from '../../candidate.js';
import { droppedRows } from '../../data/dropped-text.js';
import type { StageOptions } from '../../stage.options.js';
import type { EvaluationReport } from '../evaluation-report.js';
import type { GateVerdict, ModelCard } from './model-card.js';

/** Facts that only a version has, not a candidate. */
interface VersionFacts {
  readonly version: string;
  /** When it was trained, ISO 8601. */
  readonly timestamp: string;
  /** Of the code; null if unknown. */
  readonly commit: string | null;
  readonly verdict: GateVerdict;
}

/** The card of a candidate, or of the version that it became, without its evaluation. */
export function modelCardOf(
  { prepared, pipeline, training: trained }: Candidate,
  { data, training }: Pick<StageOptions, 'data' | 'training'>,
  { subject }: EvaluationReport,
  facts?: VersionFacts,
): ModelCard {
  const { algorithm, hyperparameters, seed, threshold, fold_accuracy: accuracy, fold_rmse: rmse } = trained;
  const { rows, split } = prepared;
  const inputs = pipeline.inputs.map(({ name }) => name);
  return {
    name: training.model,
    version: facts ? `version ${facts.version}` : 'candidate',
    purpose: `Predicts ${data.target} from ${inputs.join(', ')}.`,
    identity: {
      algorithm,
      ...hyperparameters,
      seed,
      ...(threshold !== undefined && { threshold }),
      ...(facts && { trained: facts.timestamp, commit: facts.commit ?? 'not known' }),
    },
    data: {
      source: data.path,
      target: data.target,
      'rows of the table': grouped(rows.raw),
      'rows dropped': droppedRows(rows).join(', ') || 'none',
      'rows of the training part': grouped(rows.train),
      'rows of the test part': grouped(rows.test),
      ...(split && { 'split by': 'column' in split ? `${split.by}: ${split.column}` : split.by }),
    },
    features: pipeline.outputs,
    champion: subject.champion,
    folds: { metric: rmse ? 'rmse' : 'accuracy', scores: rmse ?? accuracy, by: trained.folds_by ?? null },
    limits: trained.warnings ?? [],
    ...(facts && { verdict: facts.verdict }),
  };
}
