import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import {
  BundleError,
  type NewBundle,
  type NewTensorBundle,
  nextVersion,
  packBundle,
  packTensorBundle,
  writePacked,
} from '#bundle';
import { FeaturePipeline } from '#features';
import { type LoadedModel, ServedModel, TensorModel } from '#runtime';
import { promote } from './promote.js';

/** A bundle without a version number. */
export type Unnumbered<B extends NewBundle | NewTensorBundle> = Omit<B, 'manifest'> & {
  readonly manifest: Omit<B['manifest'], 'version'>;
};

export interface PublishOptions {
  /** The name of a bundle's file in errors of the proof; its path in the models folder when not given. */
  readonly fileName?: (file: string) => string;
  /** Makes the version the champion, with a reason, unless `key` requires a signature; when not given, aliases stay. */
  readonly promotion?: { readonly key: KeyObject | undefined; readonly why: string };
  /** Can abort until the version is written. */
  readonly signal?: AbortSignal;
  /** HTML of the version's page, by version number. */
  readonly card?: (version: string) => string;
}

export interface Published<Model extends LoadedModel = LoadedModel> {
  readonly version: string;
  readonly directory: string;
  /** The proven model; closed. */
  readonly model: Model;
  /** Whether it became the champion. */
  readonly isChampion: boolean;
}

/** Inserts the version after the name, to keep the order of keys. */
const withVersion = <M extends object>(manifest: Omit<M, 'version'>, version: string): M =>
  Object.fromEntries(
    Object.entries(manifest).flatMap((entry) => (entry[0] === 'name' ? [entry, ['version', version]] : [entry])),
  ) as M;

/** No requests are served here: a version is opened only to prove it. */
const PROOF = { threads: 1, maxPendingRows: 1 };

async function publish<Model extends LoadedModel>(
  modelsDirectory: string,
  packed: Parameters<typeof writePacked>[1],
  open: (directory: string) => Promise<Model>,
  { fileName, promotion, signal }: PublishOptions,
): Promise<Published<Model>> {
  const { name, version } = packed.manifest;
  const target = join(modelsDirectory, name, version);
  const model = await open(target).catch((error: unknown) => {
    if (!fileName || !(error instanceof BundleError)) throw error;
    throw new BundleError(fileName(error.file.slice(target.length + 1)), error.problem, error.remedy);
  });
  await model.close();
  signal?.throwIfAborted();
  const directory = await writePacked(modelsDirectory, packed);
  const isChampion = promotion !== undefined && (await promote(modelsDirectory, name, version, promotion));
  return { version, directory, model, isChampion };
}

/**
 * Proves a model's next version as a server would, writes it, and makes it the champion if wanted and accepted by
 * servers. All new versions are written here; one that fails its proof never reaches the models folder.
 *
 * @throws BundleError when it does not reproduce its own golden rows, or could not be read back
 */
export async function publishBundle(
  modelsDirectory: string,
  bundle: Unnumbered<NewBundle>,
  options: PublishOptions = {},
): Promise<Published<ServedModel>> {
  const version = await nextVersion(modelsDirectory, bundle.manifest.name);
  const { card } = options;
  const numbered: NewBundle = {
    ...bundle,
    manifest: withVersion(bundle.manifest, version),
    ...(card && { card: card(version) }),
  };
  const packed = packBundle(numbered);
  const open = (directory: string): Promise<ServedModel> =>
    ServedModel.open({ ...numbered, manifest: packed.manifest, directory }, new FeaturePipeline(), PROOF);
  return publish(modelsDirectory, packed, open, options);
}

/** As {@link publishBundle}, for a model without a pipeline. @throws BundleError when its labels contradict its probabilities */
export async function publishTensorBundle(
  modelsDirectory: string,
  bundle: Unnumbered<NewTensorBundle>,
  options: PublishOptions = {},
): Promise<Published<TensorModel>> {
  const version = await nextVersion(modelsDirectory, bundle.manifest.name);
  const { model } = bundle;
  const packed = packTensorBundle({ model, manifest: withVersion(bundle.manifest, version) });
  const open = (directory: string): Promise<TensorModel> =>
    TensorModel.open({ model, manifest: packed.manifest, directory }, PROOF);
  return publish(modelsDirectory, packed, open, options);
}
