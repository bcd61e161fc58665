import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'yaml';
import {
  BundleError,
  readManifest,
  replaceVersion,
  selfContained,
  type TensorManifest,
  writeTensorBundle,
} from '#bundle';
import { ARTIFACTS_PATH, MlflowClient, MlflowError, proxiedPath, withPatience } from '#tracking';
import type { Reach } from './allowed-hosts.js';
import { fetchVersion, type SourceCache } from './fetch-version.js';
import { get, HttpFolder } from './http-folder.js';
import { missing, readStream, readWhole } from './remote-folder.js';
import { type MlflowSource, shown, VERSION } from './source-url.js';

const MODEL_BYTES = 2 ** 31 - 1;

/** A version of a registered model, as MLflow tells it; only what is used here. */
interface ModelVersion {
  readonly version: string;
  readonly run_id?: string;
  readonly source?: string;
  readonly creation_timestamp?: number;
}

/** Name and version here. */
export interface FoundVersion {
  readonly name: string;
  readonly version: string;
}

/** An MLflow server, asked within reach: on allowed hosts, for answers that are not too large and do not drip. */
class MlflowServer {
  constructor(
    private readonly uri: URL,
    private readonly reach: Reach,
  ) {}

  async ask<T>(
    endpoint: string,
    query: Readonly<Record<string, string>>,
    absent?: readonly number[],
  ): Promise<T | undefined> {
    let isAbsent = false;
    let asked = this.uri;
    const client = new MlflowClient(withPatience({ uri: this.uri.href }), this.reach.signal, async (text) => {
      asked = new URL(text);
      const response = await get(asked, this.reach, absent);
      isAbsent = !response;
      return new Response(response?.body && (await readStream(Readable.fromWeb(response.body), shown(asked))));
    });
    try {
      return (await client.get(endpoint, query)) as T;
    } catch (error) {
      if (isAbsent) return undefined;
      if (!(error instanceof MlflowError)) throw error;
      throw new BundleError(
        shown(asked),
        'answered no JSON',
        'Point tracking.uri (MLFLOW_TRACKING_URI) to an MLflow server',
      );
    }
  }

  artifacts(path: string): HttpFolder {
    const folder = new URL(this.uri);
    folder.pathname = `${folder.pathname.replace(/\/$/, '')}${ARTIFACTS_PATH}`;
    return new HttpFolder(folder, this.reach).below(path);
  }
}

const placeOf = ({ registered, alias, version }: MlflowSource): string =>
  `mlflow://${encodeURIComponent(registered)}${alias === undefined ? `/${version}` : `@${encodeURIComponent(alias)}`}`;

async function findVersion(server: MlflowServer, source: MlflowSource): Promise<ModelVersion> {
  const { registered: name, alias, version } = source;
  // An alias that there is not is answered with 400 INVALID_PARAMETER_VALUE, not with 404 as all else is.
  const found =
    alias === undefined
      ? await server.ask<{ model_version: ModelVersion }>('model-versions/get', { name, version: version! })
      : await server.ask<{ model_version: ModelVersion }>('registered-models/alias', { name, alias }, [400, 404]);
  if (!found && alias === undefined) return { version: version! };
  if (!found) {
    throw new BundleError(placeOf(source), 'does not exist', 'Set the alias in MLflow, or name another one');
  }
  const registered = found.model_version;
  // It becomes a folder.
  if (
    typeof registered?.version !== 'string' ||
    !VERSION.test(registered.version) ||
    registered.version !== (version ?? registered.version)
  ) {
    const answer = JSON.stringify(registered?.version);
    throw new BundleError(placeOf(source), `was answered with the version ${answer}`, 'Look at the MLflow server');
  }
  return registered;
}

/** The path of a version's artifacts behind the server's proxy. */
async function artifactsOf(server: MlflowServer, source: MlflowSource, version: string): Promise<string> {
  const location = placeOf(source);
  const query = { name: source.registered, version };
  const found = await server.ask<{ artifact_uri?: unknown }>('model-versions/get-download-uri', query);
  if (!found) throw missing(location);
  const uri = String(found.artifact_uri);
  const path = proxiedPath(uri);
  if (path === undefined) {
    throw new BundleError(
      location,
      `lies in ${uri}, not behind the server's proxy`,
      'Start MLflow with --serve-artifacts, or name the place itself as the source',
    );
  }
  return path;
}

/** Where a version came from. Deleted and made again under the same number it comes from elsewhere, or later. */
function lineageOf(source: MlflowSource, { version, run_id, source: artifacts, creation_timestamp }: ModelVersion) {
  return {
    source: `mlflow://${source.registered}/${version}`,
    ...(run_id !== undefined && { run_id }),
    ...(artifacts !== undefined && { artifacts }),
    ...(creation_timestamp !== undefined && { created: creation_timestamp }),
  };
}

/** The manifest of what was fetched before under a name and version, where it is whole. */
async function knownManifest(models: string, { name, version }: FoundVersion): Promise<TensorManifest | undefined> {
  const manifest = await readManifest(join(models, name, version)).catch(() => undefined);
  return manifest && 'kind' in manifest ? manifest : undefined;
}

/** Fetches a model that MLflow itself wrote, of the flavour `onnx`, as a model without a pipeline. */
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
      'is no ONNX model',
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
 * Fetches a version of a registered model: the bundle that `npm run pipeline` stores beside it, so that its pipeline
 * serves, else the ONNX model alone.
 *
 * @returns name and version under which it is here
 * @throws BundleError when it cannot be had
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
