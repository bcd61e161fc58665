import { join } from 'node:path';
import { parse } from 'yaml';
import {
  BundleError,
  readManifest,
  replaceVersion,
  selfContained,
  type TensorManifest,
  writeTensorBundle,
} from '#bundle';
import type { Reach } from './allowed-hosts.js';
import { fetchVersion, type SourceCache } from './fetch-version.js';
import type { HttpFolder } from './http-folder.js';
import { artifactsOf, findVersion, MlflowServer, type MlflowVersion } from './mlflow-server.js';
import { missing, readWhole } from './remote-folder.js';
import type { MlflowSource } from './source-url.js';

const MODEL_BYTES = 2 ** 31 - 1;

/** Local name and version. */
export interface FoundVersion {
  readonly name: string;
  readonly version: string;
}

/** The origin of a version. If it is deleted and recreated under the same number, its origin or time differs. */
function lineageOf(source: MlflowSource, { version, run_id, source: artifacts, creation_timestamp }: MlflowVersion) {
  return {
    source: `mlflow://${source.registered}/${version}`,
    ...(run_id !== undefined && { run_id }),
    ...(artifacts !== undefined && { artifacts }),
    ...(creation_timestamp !== undefined && { created: creation_timestamp }),
  };
}

/** The manifest of the cached version, if it is valid. */
async function knownManifest(models: string, { name, version }: FoundVersion): Promise<TensorManifest | undefined> {
  const manifest = await readManifest(join(models, name, version)).catch(() => undefined);
  return manifest && 'kind' in manifest ? manifest : undefined;
}

/** Fetches a model of MLflow's own `onnx` flavour, as a model without a pipeline. */
async function fetchOnnxFlavour(
  folder: HttpFolder,
  { name, version }: FoundVersion,
  lineage: TensorManifest['lineage'] & object,
  { models, claim }: SourceCache,
): Promise<void> {
  claim(name);
  const known = await knownManifest(models, { name, version });
  const isSame = JSON.stringify(known?.lineage) === JSON.stringify(lineage);
  if (known && (isSame || !('created' in lineage))) return;
  const location = folder.locate('MLmodel');
  const text = await readWhole(folder, 'MLmodel');
  if (!text) throw missing(location);
  const { flavors } = (parse(text.toString()) ?? {}) as { flavors?: { onnx?: { data?: unknown } } };
  const data = flavors?.onnx?.data;
  if (typeof data !== 'string' || data.split('/').some((part) => ['', '.', '..'].includes(part))) {
    throw new BundleError(
      location,
      'is not an ONNX model',
      'Log it with mlflow.onnx.log_model, and its file as model.onnx',
    );
  }
  const bytes = await readWhole(folder, data, MODEL_BYTES);
  if (!bytes) throw missing(folder.locate(data));
  const beside = folder.below(data.split('/').slice(0, -1).join('/'));
  const { model } = await selfContained(bytes, folder.locate(data), (file) => readWhole(beside, file, MODEL_BYTES));
  const manifest = { format_version: 1, kind: 'tensor', name, version, lineage } as const;
  try {
    await writeTensorBundle(models, { manifest, model }, replaceVersion);
  } catch (error) {
    // Another worker of this server may have been faster.
    const placed = await knownManifest(models, { name, version });
    if (JSON.stringify(placed?.lineage) !== JSON.stringify(lineage)) throw error;
  }
}

/**
 * Fetches a version of a registered model: the bundle that `register` stores beside it, which includes the
 * pipeline, else only the ONNX model.
 *
 * @returns its local name and version
 * @throws BundleError when it cannot be fetched
 */
export async function syncMlflow(
  source: MlflowSource,
  uri: URL,
  reach: Reach,
  cache: SourceCache,
): Promise<FoundVersion> {
  const server = new MlflowServer(uri, reach);
  const found = await findVersion(server, source);
  const path = await artifactsOf(server, source, found.version);
  const beside = server.artifacts(path.replace(/[^/]+$/, 'bundle'));
  if (await readWhole(beside, 'manifest.json')) return fetchVersion(beside, '', cache, true);
  const here = { name: source.name, version: found.version };
  await fetchOnnxFlavour(server.artifacts(path), here, lineageOf(source, found), cache);
  return here;
}
