import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type PipelineConfig, projectRoot } from '#config';
import { FeaturePipeline } from '#features';
import {
  type Bundle,
  digestOf,
  type Golden,
  type Manifest,
  nextVersion,
  parseDocument,
  readAliases,
  ServedModel,
  writeBundle,
} from '#registry';
import { baselineOfColumns } from '../import/baseline.js';
import { readStructured, readText } from '../import/read-input.js';
import { readPart, readPipeline } from '../data/prepared.js';
import { readBytes } from '../data/read-bytes.js';
import { moveAlias } from '../models/alias-history.js';
import { readVersions } from '../models/versions.js';
import { evaluationFiles } from './evaluate.stage.js';
import { type PreparedData, preparedFiles } from './preprocess.stage.js';
import { candidateFiles, type Training } from './train.stage.js';

/** What became of a candidate. */
export interface Registration {
  readonly outcome: 'registered' | 'already registered' | 'refused';
  readonly model: string;
  /** The version that holds the candidate; none where it was refused and not kept. */
  readonly version: string | null;
  readonly champion: string | null;
  /** Why the gate refused it; empty when it passed. */
  readonly reasons: readonly string[];
}

type Metrics = Readonly<Record<string, number | null>>;

/** What the gate has against a candidate: too low a metric, or worse than the champion by more than the margin. */
export function gateReasons({ minimumAccuracy, accuracyMargin }: PipelineConfig['gate'], metrics: Metrics): string[] {
  const accuracy = metrics.accuracy ?? 0;
  const champion = metrics.champion_accuracy;
  const reasons: string[] = [];
  if (!(accuracy >= minimumAccuracy))
    reasons.push(`accuracy ${accuracy} is below gate.minimumAccuracy ${minimumAccuracy}`);
  if (typeof champion === 'number' && !(accuracy >= champion - accuracyMargin)) {
    reasons.push(
      `accuracy ${accuracy} is below the champion's ${champion} by more than gate.accuracyMargin ${accuracyMargin}`,
    );
  }
  return reasons;
}

/** The commit that this project is at; null outside a repository. */
async function codeCommit(): Promise<string | null> {
  const git = promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: projectRoot() });
  return git.then(({ stdout }) => stdout.trim()).catch(() => null);
}

async function lineageOf({ data, training }: PipelineConfig, runId: string | null): Promise<Manifest['lineage']> {
  const digest = async (path: string): Promise<string | null> =>
    readBytes(path).then(
      (bytes) => digestOf(bytes).sha256,
      () => null,
    );
  return {
    source: 'skewless pipeline',
    run_id: runId,
    seed: training.seed,
    commit: await codeCommit(),
    versions: { node: process.versions.node },
    config: { data, training: { ...training, threads: undefined } },
    sha256: {
      data: await digest(data.path),
      recipe: await digest(data.recipe),
      'dvc.lock': await digest(join(projectRoot(), 'dvc.lock')),
    },
  };
}

/**
 * Lets the gate decide on the candidate. One that passes becomes the next version and the champion; one that does not
 * leaves the champion untouched. A candidate that is registered already stays what it is: its bytes say so.
 *
 * @param options.keepChallenger registers a refused candidate too, under the alias `challenger`
 * @throws BundleError when the candidate does not reproduce its own golden rows
 */
export async function register(
  config: PipelineConfig,
  options: { readonly keepChallenger: boolean; readonly runId?: string },
): Promise<Registration> {
  const { data, training, gate, models } = config;
  const [prepared, candidate] = [preparedFiles(data.processed), candidateFiles(training.artifacts)];
  const name = training.model;
  const metrics = await readStructured<Metrics>(evaluationFiles(training.artifacts).metrics, { type: 'object' });
  const { rows, classes } = await readStructured<PreparedData>(prepared.metadata, { type: 'object' });
  const summary = await readStructured<Training>(candidate.training, { type: 'object' });
  const pipeline = await readPipeline(prepared.pipeline);
  const model = await readBytes(candidate.model);
  const golden: Golden = parseDocument('golden', await readText(candidate.golden), candidate.golden);

  const versions = await readVersions(models.directory, name);
  const known = versions.find(({ files }) => files['model.onnx'].sha256 === digestOf(model).sha256);
  const champion = (await readAliases(models.directory, name))?.champion ?? null;
  if (known) return { outcome: 'already registered', model: name, version: known.version, champion, reasons: [] };
  const reasons = gateReasons(gate, metrics);
  if (reasons.length > 0 && !options.keepChallenger) {
    return { outcome: 'refused', model: name, version: null, champion, reasons };
  }

  const interpreter = new FeaturePipeline();
  const manifest: Omit<Manifest, 'files'> = {
    format_version: 1,
    name,
    version: await nextVersion(models.directory, name),
    algorithm: summary.algorithm,
    hyperparameters: summary.hyperparameters,
    metrics: Object.fromEntries(
      Object.entries(metrics).flatMap(([key, value]) => (value === null ? [] : [[`test_${key}`, value]])),
    ),
    train_samples: rows.train,
    test_samples: rows.test,
    timestamp: new Date().toISOString(),
    classes,
    lineage: await lineageOf(config, options.runId ?? null),
  };
  const { raw } = await readPart(prepared.train, pipeline);
  const bundle = { manifest, pipeline, golden, model, baseline: baselineOfColumns(pipeline.inputs, raw) };
  const unwritten: Bundle = {
    ...bundle,
    directory: join(training.artifacts, 'candidate'),
    manifest: { ...manifest, files: {} as never },
  };
  await (await ServedModel.open(unwritten, interpreter, { threads: 1, maxPendingRows: 1 })).close();
  await writeBundle(models.directory, bundle);
  const alias = reasons.length === 0 ? 'champion' : 'challenger';
  const why = reasons.length === 0 ? 'passed the gate' : `refused by the gate: ${reasons.join('; ')}`;
  await moveAlias(models.directory, name, { alias, to: manifest.version, why });
  return {
    outcome: reasons.length === 0 ? 'registered' : 'refused',
    model: name,
    version: manifest.version,
    champion: reasons.length === 0 ? manifest.version : champion,
    reasons,
  };
}
