import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { BundleError } from '../bundle/bundle.error.js';
import { writeTensorBundle } from '../bundle/write-bundle.js';
import type { Reach } from './allowed-hosts.js';
import { fetchVersion, type SourceCache } from './fetch-version.js';
import { get, HttpFolder } from './http-folder.js';
import { missing, readWhole } from './remote-folder.js';
import { type MlflowSource, shown } from './source-url.js';

/** What the server's artifact proxy calls itself in the URI of an artifact. */
const PROXIED = /^(?:mlflow-artifacts:(?:\/\/[^/]+)?|https?:\/\/.*?\/api\/2\.0\/mlflow-artifacts\/artifacts)\/+/;
const MODEL_BYTES = 2 ** 31;

interface FoundVersion {
  readonly name: string;
  readonly version: string;
}

/** One MLflow server over its REST API (https://mlflow.org/docs/latest/api_reference/rest-api.html). */
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
    const url = this.at(`api/2.0/mlflow/${endpoint}`);
    url.search = new URLSearchParams(query).toString();
    const response = await get(url, this.reach, absent);
    if (!response) return undefined;
    return response.json().catch(() => {
      throw new BundleError(shown(url), 'answered no JSON', 'Point MLFLOW_TRACKING_URI to an MLflow server');
    }) as Promise<T>;
  }

  artifacts(path: string): HttpFolder {
    return new HttpFolder(this.at(`api/2.0/mlflow-artifacts/artifacts/${path}`), this.reach);
  }

  private at(path: string): URL {
    const url = new URL(this.uri);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`;
    return url;
  }
}

async function findVersion(server: MlflowServer, { name, alias, version }: MlflowSource): Promise<FoundVersion> {
  if (alias === undefined) return { name, version: version! };
  // An alias that there is not is answered with 400 INVALID_PARAMETER_VALUE, not with 404 as all else is.
  const found = await server.ask<{ model_version: FoundVersion }>(
    'registered-models/alias',
    { name, alias },
    [400, 404],
  );
  if (found) return found.model_version;
  throw new BundleError(`mlflow://${name}@${alias}`, 'does not exist', 'Set the alias in MLflow, or name another one');
}

/** The path of a version's artifacts behind the server's proxy. */
async function artifactsOf(server: MlflowServer, { name, version }: FoundVersion): Promise<string> {
  const location = `mlflow://${name}/${version}`;
  const found = await server.ask<{ artifact_uri: string }>('model-versions/get-download-uri', { name, version });
  if (!found) throw missing(location);
  const path = found.artifact_uri.replace(PROXIED, '');
  if (path !== found.artifact_uri) return path.replace(/\/+$/, '');
  throw new BundleError(
    location,
    `lies in ${found.artifact_uri}, not behind the server's proxy`,
    'Start MLflow with --serve-artifacts, or name the place itself as the source',
  );
}

/** Fetches a model that MLflow itself wrote, of the flavour `onnx`, as a model without a pipeline. */
async function fetchOnnxFlavour(folder: HttpFolder, found: FoundVersion, { models }: SourceCache): Promise<void> {
  const { name, version } = found;
  const isHere = await access(join(models, name, version)).then(
    () => true,
    () => false,
  );
  if (isHere) return;
  const location = folder.locate('MLmodel');
  const text = await readWhole(folder, 'MLmodel');
  if (!text) throw missing(location);
  const { flavors } = (parse(text.toString()) ?? {}) as { flavors?: { onnx?: { data?: unknown } } };
  const data = flavors?.onnx?.data;
  if (typeof data !== 'string' || data.split('/').includes('..')) {
    throw new BundleError(
      location,
      'is no ONNX model',
      'Log it with mlflow.onnx.log_model, and its file as model.onnx',
    );
  }
  const model = await readWhole(folder, data, MODEL_BYTES);
  if (!model) throw missing(folder.locate(data));
  const lineage = { source: `mlflow://${name}/${version}` };
  await writeTensorBundle(models, { manifest: { format_version: 1, kind: 'tensor', name, version, lineage }, model });
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
  const path = await artifactsOf(server, found);
  const beside = server.artifacts(path.replace(/[^/]+$/, 'bundle'));
  if (await readWhole(beside, 'manifest.json')) return fetchVersion(beside, '', cache);
  await fetchOnnxFlavour(server.artifacts(path), found, cache);
  return found;
}
