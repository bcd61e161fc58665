import { join } from 'node:path';
import type { StageOptions } from '../stage.options.js';
import { FeaturePipeline } from '#features';
import {
  baselineOfColumns,
  type Bundle,
  type Golden,
  type Manifest,
  nextVersion,
  parseDocument,
  writeBundle,
} from '#bundle';
import { ServedModel } from '#runtime';
import { readBytes, readStructured, readText } from '#kit';
import { readPart, readPipeline } from '../data/prepared.js';
import { lineageOf } from '../lineage/bundle-lineage.js';
import type { PreparedData } from '../files/prepared-data.js';
import { candidateFiles, preparedFiles } from '../files/stage-files.js';
import type { Training } from '../files/training-summary.js';

/**
 * Writes the candidate as the model's next version, once it has proven itself as a server would have it do.
 *
 * @param metrics of the test part
 * @returns the version
 * @throws BundleError when the candidate does not reproduce its own golden rows
 */
export async function writeCandidate(
  config: StageOptions,
  metrics: Readonly<Record<string, number>>,
  { runId, signal }: { readonly runId?: string; readonly signal?: AbortSignal },
): Promise<string> {
  const { data, training, models } = config;
  const [prepared, candidate] = [preparedFiles(data.processed), candidateFiles(training.artifacts)];
  const metadata = await readStructured<PreparedData>(prepared.metadata, { type: 'object' });
  const { rows, classes } = metadata;
  const trained = await readStructured<Training>(candidate.training, { type: 'object' });
  const { algorithm, hyperparameters } = trained;
  const pipeline = await readPipeline(prepared.pipeline);
  const golden: Golden = parseDocument('golden', await readText(candidate.golden), candidate.golden);
  const manifest: Omit<Manifest, 'files'> = {
    format_version: 1,
    name: training.model,
    version: await nextVersion(models.directory, training.model),
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
  const unwritten: Bundle = {
    ...bundle,
    directory: join(training.artifacts, 'candidate'),
    manifest: { ...manifest, files: {} as never },
  };
  await (await ServedModel.open(unwritten, new FeaturePipeline(), { threads: 1, maxPendingRows: 1 })).close();
  signal?.throwIfAborted();
  await writeBundle(models.directory, bundle);
  return manifest.version;
}
