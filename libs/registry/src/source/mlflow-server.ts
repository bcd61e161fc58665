import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { BundleError } from '#bundle';
import { ARTIFACTS_PATH, MlflowClient, MlflowError, proxiedPath, withPatience } from '#tracking';
import type { Reach } from './allowed-hosts.js';
import { get, HttpFolder } from './http-folder.js';
import { missing, readStream } from './remote-folder.js';
import { type MlflowSource, shown, VERSION } from './source-url.js';

const REMEDY = 'Point tracking.uri (MLFLOW_TRACKING_URI) to an MLflow server';

/** A version of a registered model in MLflow's response; only the fields used here. */
export interface MlflowVersion {
  readonly version: string;
  readonly run_id?: string;
  readonly source?: string;
  readonly creation_timestamp?: number;
}

/** A limited client of an MLflow server: allowed hosts only, with bounds on the size and slowness of responses. */
export class MlflowServer {
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
      throw new BundleError(shown(asked), 'answered no JSON', REMEDY);
    }
  }

  artifacts(path: string): HttpFolder {
    return new HttpFolder(this.artifactsUrl(), this.reach).below(path);
  }

  /**
   * The names of the files in an artifact folder, without its subfolders.
   *
   * Source: `ListArtifacts` in https://mlflow.org/docs/latest/self-hosting/architecture/artifact-store/
   */
  async filesIn(path: string): Promise<string[]> {
    const url = this.artifactsUrl();
    url.searchParams.set('path', path);
    const response = await get(url, this.reach);
    if (!response) return [];
    const text = await readStream(Readable.fromWeb(response.body as ReadableStream), shown(url));
    let listed: { files?: unknown };
    try {
      listed = Object(JSON.parse(text.toString())) as typeof listed;
    } catch {
      throw new BundleError(shown(url), 'answered no JSON', REMEDY);
    }
    const files = (listed.files ?? []) as readonly { readonly path?: unknown; readonly is_dir?: unknown }[];
    return files.flatMap(({ path: name, is_dir }) => (typeof name === 'string' && is_dir !== true ? name : []));
  }

  private artifactsUrl(): URL {
    const url = new URL(this.uri);
    url.pathname = `${url.pathname.replace(/\/$/, '')}${ARTIFACTS_PATH}`;
    return url;
  }
}

export const placeOf = ({ registered, alias, version }: MlflowSource): string =>
  `mlflow://${encodeURIComponent(registered)}${alias === undefined ? `/${version}` : `@${encodeURIComponent(alias)}`}`;

export async function findVersion(server: MlflowServer, source: MlflowSource): Promise<MlflowVersion> {
  const { registered: name, alias, version } = source;
  // For a missing alias MLflow answers 400 INVALID_PARAMETER_VALUE, not 404 as elsewhere.
  const found =
    alias === undefined
      ? await server.ask<{ model_version: MlflowVersion }>('model-versions/get', { name, version: version! })
      : await server.ask<{ model_version: MlflowVersion }>('registered-models/alias', { name, alias }, [400, 404]);
  if (!found && alias === undefined) return { version: version! };
  if (!found) {
    throw new BundleError(placeOf(source), 'does not exist', 'Set the alias in MLflow, or name another one');
  }
  const registered = found.model_version;
  // The version becomes a folder name.
  if (
    typeof registered?.version !== 'string' ||
    !VERSION.test(registered.version) ||
    registered.version !== (version ?? registered.version)
  ) {
    const answer = JSON.stringify(registered?.version);
    throw new BundleError(placeOf(source), `was answered with the version ${answer}`, 'Check the MLflow server');
  }
  return registered;
}

/** The path of a version's artifacts behind the server's proxy. */
export async function artifactsOf(server: MlflowServer, source: MlflowSource, version: string): Promise<string> {
  const location = placeOf(source);
  const query = { name: source.registered, version };
  const found = await server.ask<{ artifact_uri?: unknown }>('model-versions/get-download-uri', query);
  if (!found) throw missing(location);
  return behindProxy(location, found.artifact_uri);
}

/** The path of artifacts behind the server's proxy. @throws BundleError where they are not proxied */
export function behindProxy(location: string, uri: unknown): string {
  const path = proxiedPath(String(uri));
  if (path !== undefined) return path;
  throw new BundleError(
    location,
    `is stored in ${String(uri)}, which the server does not proxy`,
    'Start MLflow with --serve-artifacts, or name the place itself as the source',
  );
}
