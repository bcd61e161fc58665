import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { FeaturePipeline } from '#features';
import { forestToOnnx } from '#learners';
import { baselineOf, countedBaseline, digestOf, type Manifest, readRecipe, uncountedBaseline } from '#bundle';
import { publishBundle } from '#registry';
import type { ParityReport } from '#runtime';
import { fitFromScaler, plainRecipe, readScalerDump } from './fitted-recipe.js';
import { readForestDump } from './forest-dump.js';
import { computedGolden, recordedGolden } from './golden-rows.js';
import { publishImported, type ImportedChampion, type ImportTarget } from './imported-champion.js';
import { checkModelName } from './model-name.js';
import { readStructured } from '#kit';
import { readTrainingRows } from './read-training-rows.js';

/** The command line's options; all but forest, scaler and name are optional there. */
export interface ImportOptions extends ImportTarget {
  readonly forest: string;
  readonly scaler: string;
  readonly recipe?: string;
  readonly metadata?: string;
  readonly golden?: string;
  readonly data?: string;
  readonly split?: string;
}

export interface ImportedModel extends ImportedChampion {
  readonly directory: string;
  readonly version: string;
  readonly parity: ParityReport;
  /** Who answered the golden rows; where it is the import, they only prove that we agree with ourselves. */
  readonly proof: Manifest['proof'];
}

const SPLIT_SCHEMA = {
  type: 'object',
  required: ['train'],
  properties: { train: { type: 'array', items: { type: 'integer', minimum: 0 } } },
};

type Metadata = Partial<
  Pick<Manifest, 'algorithm' | 'hyperparameters' | 'metrics' | 'train_samples' | 'test_samples' | 'timestamp'>
> & { readonly run_id?: string };

async function digests(paths: readonly (string | undefined)[]): Promise<Record<string, string>> {
  const named = paths.filter((path) => path !== undefined);
  return Object.fromEntries(
    await Promise.all(named.map(async (path) => [basename(path), digestOf(await readFile(path)).sha256] as const)),
  );
}

/**
 * Converts a scikit-learn forest dump and its scaler to a bundle. The bundle is proven in memory first: a model that
 * does not reproduce its golden rows is never written to the models folder.
 *
 * @throws InputError or BundleError saying which file is wrong and how to fix it
 */
export async function importModel(options: ImportOptions): Promise<ImportedModel> {
  const { name, modelsDirectory } = options;
  checkModelName(name);
  const dump = await readForestDump(options.forest);
  const scaler = await readScalerDump(options.scaler);
  const recipe = options.recipe ? await readRecipe(options.recipe) : plainRecipe(scaler, dump.feature_names);
  const pipeline = fitFromScaler(recipe, scaler, dump.feature_names, options.recipe ?? options.scaler);
  const golden = options.golden
    ? await recordedGolden(options.golden)
    : computedGolden(dump, new FeaturePipeline().compile(pipeline));
  const split = options.split ? await readStructured<{ train: number[] }>(options.split, SPLIT_SCHEMA) : undefined;
  const trainingRows = options.data
    ? await readTrainingRows(options.data, split?.train)
    : golden.rows.map(({ input }) => input);
  // The rows of a training split are not all that a server accepts.
  const describe = options.split ? baselineOf : options.data || options.golden ? countedBaseline : uncountedBaseline;
  const metadata = options.metadata ? await readStructured<Metadata>(options.metadata, { type: 'object' }) : {};

  const manifest: Omit<Manifest, 'files' | 'version'> = {
    format_version: 1,
    name,
    algorithm: metadata.algorithm ?? 'random_forest',
    hyperparameters: metadata.hyperparameters ?? { n_estimators: dump.trees.length },
    metrics: metadata.metrics ?? {},
    train_samples: metadata.train_samples ?? null,
    test_samples: metadata.test_samples ?? null,
    timestamp: metadata.timestamp ?? new Date().toISOString(),
    classes: dump.classes,
    proof: { answered_by: options.golden ? 'source' : 'import' },
    lineage: {
      source: 'scikit-learn',
      versions: scaler.versions ?? {},
      run_id: metadata.run_id ?? null,
      sha256: await digests([
        options.forest,
        options.scaler,
        options.recipe,
        options.metadata,
        options.golden,
        options.data,
        options.split,
      ]),
    },
  };
  const bundle = {
    manifest,
    pipeline,
    golden,
    baseline: describe(pipeline.inputs, trainingRows),
    model: forestToOnnx(dump),
  };
  const { directory, version, model, champion, waitsForSignature } = await publishImported(options, (promotion) =>
    publishBundle(modelsDirectory, bundle, promotion),
  );
  return { directory, version, parity: model.parity, proof: manifest.proof, champion, waitsForSignature };
}
