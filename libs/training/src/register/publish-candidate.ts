import { join } from 'node:path';
import { type Baseline, baselineOfColumns, type Manifest } from '#bundle';
import { type Published, publishBundle, type PublishOptions } from '#registry';
import type { Candidate } from '../candidate.js';
import { readPart } from '../data/prepared.js';
import { modelCardOf } from '../evaluate/card/model-card-of.js';
import type { GateVerdict } from '../evaluate/card/model-card.js';
import type { EvaluationReport } from '../evaluate/evaluation-report.js';
import { flatMetrics } from '../evaluate/flat-metrics.js';
import { codeCommit } from '../lineage/code-commit.js';
import { lineageOf } from '../lineage/bundle-lineage.js';
import { preparedFiles } from '../files/stage-files.js';
import { scoreCandidate } from './score-candidate.js';
import type { StageOptions } from '../stage.options.js';

/**
 * Publishes the candidate as the model's next version, with its model card.
 *
 * @param evaluation of the candidate
 * @throws BundleError when the candidate does not reproduce its own golden rows
 */
export async function publishCandidate(
  candidate: Candidate,
  config: StageOptions,
  evaluation: EvaluationReport,
  {
    runId,
    verdict,
    promotion,
    signal,
  }: Omit<PublishOptions, 'fileName' | 'card'> & { readonly runId?: string; readonly verdict: GateVerdict },
): Promise<Pick<Published, 'version' | 'isChampion'>> {
  const { prepared, pipeline, training: trained, golden, model } = candidate;
  const { data, training, models } = config;
  const files = preparedFiles(data.processed);
  const { rows, classes } = prepared;
  const { algorithm, hyperparameters } = trained;
  const timestamp = new Date().toISOString();
  const manifest: Omit<Manifest, 'files' | 'version'> = {
    format_version: 1,
    name: training.model,
    algorithm,
    hyperparameters,
    metrics: Object.fromEntries(Object.entries(flatMetrics(evaluation)).map(([key, value]) => [`test_${key}`, value])),
    train_samples: rows.train,
    test_samples: rows.test,
    timestamp,
    ...(prepared.task && { task: classes.length > 2 ? 'multiclass' : classes.length === 2 ? 'binary' : 'regression' }),
    classes,
    ...(trained.threshold !== undefined && { threshold: trained.threshold }),
    proof: { answered_by: 'training' },
    lineage: await lineageOf(config, runId ?? null, prepared, trained),
  };
  const { raw } = await readPart(files.train, pipeline, prepared, { signal });
  const { cells } = prepared;
  const scores = cells && (await scoreCandidate(candidate, files.test, signal));
  const described = baselineOfColumns(pipeline.inputs, raw);
  const baseline: Baseline = cells ? { ...described, format_version: 2, cells, ...(scores && { scores }) } : described;
  const bundle = { manifest, pipeline, golden, model, baseline };
  const fileName = (file: string): string => join(training.artifacts, 'candidate', file);
  // Lazy, because the plotting library takes long to load.
  const { renderPlots } = await import('../evaluate/plots/render-plots.js');
  const { renderModelCard } = await import('../evaluate/card/render-model-card.js');
  const plots = renderPlots(evaluation);
  const commit = await codeCommit();
  const card = (version: string): string =>
    renderModelCard(
      modelCardOf(candidate, config, evaluation, { version, timestamp, commit, verdict }),
      evaluation,
      plots,
    );
  return publishBundle(models.directory, bundle, { fileName, promotion, signal, card });
}
