import { join } from 'node:path';
import { type Baseline, baselineOfColumns, type Manifest } from '#bundle';
import { type Published, publishBundle, type PublishOptions } from '#registry';
import type { Candidate } from '../candidate.js';
import { readPart } from '../data/prepared.js';
import { lineageOf } from '../lineage/bundle-lineage.js';
import { preparedFiles } from '../files/stage-files.js';
import { scoreCandidate } from './score-candidate.js';
import type { StageOptions } from '../stage.options.js';

/**
 * Publishes the candidate as the model's next version.
 *
 * @param metrics of the test part
 * @throws BundleError when the candidate does not reproduce its own golden rows
 */
export async function publishCandidate(
  candidate: Candidate,
  config: StageOptions,
  metrics: Readonly<Record<string, number>>,
  { runId, promotion, signal }: Omit<PublishOptions, 'fileName'> & { readonly runId?: string },
): Promise<Pick<Published, 'version' | 'isChampion'>> {
  const { prepared, pipeline, training: trained, golden, model } = candidate;
  const { data, training, models } = config;
  const files = preparedFiles(data.processed);
  const { rows, classes } = prepared;
  const { algorithm, hyperparameters } = trained;
  const manifest: Omit<Manifest, 'files' | 'version'> = {
    format_version: 1,
    name: training.model,
    algorithm,
    hyperparameters,
    metrics: Object.fromEntries(Object.entries(metrics).map(([key, value]) => [`test_${key}`, value])),
    train_samples: rows.train,
    test_samples: rows.test,
    timestamp: new Date().toISOString(),
    ...(prepared.task && { task: classes.length > 2 ? 'multiclass' : classes.length === 2 ? 'binary' : 'regression' }),
    classes,
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
  return publishBundle(models.directory, bundle, { fileName, promotion, signal });
}
