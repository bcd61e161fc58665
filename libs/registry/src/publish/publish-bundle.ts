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

/** A bundle that has no number yet. */
export type Unnumbered<B extends NewBundle | NewTensorBundle> = Omit<B, 'manifest'> & {
  readonly manifest: Omit<B['manifest'], 'version'>;
};

export interface PublishOptions {
  /** What errors of the proof call a file of the bundle; its place in the models folder when not given. */
  readonly fileName?: (file: string) => string;
  /** Makes the version the champion, and why. It waits where `key` asks for a signature; it stays as it is when not given. */
  readonly promotion?: { readonly key: KeyObject | undefined; readonly why: string };
  /** Heeded until the version is written. */
  readonly signal?: AbortSignal;
  /** HTML of a page on the version, by its number. */
  readonly card?: (version: string) => string;
}

export interface Published<Model extends LoadedModel = LoadedModel> {
  readonly version: string;
  readonly directory: string;
  /** As it was proven; closed. */
  readonly model: Model;
  /** Whether it became the champion. */
  readonly isChampion: boolean;
}

/** The version stands beside the name, as it always has. */
const withVersion = <M extends object>(manifest: Omit<M, 'version'>, version: string): M =>
  Object.fromEntries(
    Object.entries(manifest).flatMap((entry) => (entry[0] === 'name' ? [entry, ['version', version]] : [entry])),
  ) as M;

/** Nothing answers here: a version is opened to be proven. */
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
 * Proves a model's next version as a server would, writes it, and makes it the champion where that is wanted and servers take
 * it: the one way in which versions come to be. What does not prove itself never reaches the models folder.
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
