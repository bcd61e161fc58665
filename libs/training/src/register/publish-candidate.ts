import { join } from 'node:path';
import type { StageOptions } from '../stage.options.js';
import { baselineOfColumns, type Golden, type Manifest, parseDocument } from '#bundle';
import { type Published, publishBundle, type PublishOptions } from '#registry';
import { readBytes, readStructured, readText } from '#kit';
import { readPart, readPipeline } from '../data/prepared.js';
import { lineageOf } from '../lineage/bundle-lineage.js';
import type { PreparedData } from '../files/prepared-data.js';
import { candidateFiles, preparedFiles } from '../files/stage-files.js';
import type { Training } from '../files/training-summary.js';

/**
 * Publishes the candidate as the model's next version.
 *
 * @param metrics of the test part
 * @throws BundleError when the candidate does not reproduce its own golden rows
 */
export async function publishCandidate(
  config: StageOptions,
  metrics: Readonly<Record<string, number>>,
  { runId, promotion, signal }: Omit<PublishOptions, 'fileName'> & { readonly runId?: string },
): Promise<Pick<Published, 'version' | 'isChampion'>> {
  const { data, training, models } = config;
  const [prepared, candidate] = [preparedFiles(data.processed), candidateFiles(training.artifacts)];
  const metadata = await readStructured<PreparedData>(prepared.metadata, { type: 'object' });
  const { rows, classes } = metadata;
  const trained = await readStructured<Training>(candidate.training, { type: 'object' });
  const { algorithm, hyperparameters } = trained;
  const pipeline = await readPipeline(prepared.pipeline);
  const golden: Golden = parseDocument('golden', await readText(candidate.golden), candidate.golden);
  const manifest: Omit<Manifest, 'files' | 'version'> = {
    format_version: 1,
    name: training.model,
    algorithm,
    hyperparameters,
    metrics: Object.fromEntries(Object.entries(metrics).map(([key, value]) => [`test_${key}`, value])),
    train_samples: rows.train,
    test_samples: rows.test,
    timestamp: new Date().toISOString(),
    classes,
    proof: { answered_by: 'training' },
    lineage: await lineageOf(config, runId ?? null, metadata, trained),
  };
  const { raw } = await readPart(prepared.train, pipeline, signal);
  const bundle = {
    manifest,
    pipeline,
    golden,
    model: await readBytes(candidate.model),
    baseline: baselineOfColumns(pipeline.inputs, raw),
  };
  const fileName = (file: string): string => join(training.artifacts, 'candidate', file);
  return publishBundle(models.directory, bundle, { fileName, promotion, signal });
}
