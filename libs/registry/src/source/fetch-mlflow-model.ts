import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BundleError } from '#bundle';
import { AllowedHosts } from './allowed-hosts.js';
import { artifactsOf, behindProxy, findVersion, MlflowServer, placeOf } from './mlflow-server.js';
import { paced } from './paced.js';
import { broken, missing } from './remote-folder.js';
import type { SourceOptions } from './source-options.js';
import { type MlflowPlace, parseMlflowPlace } from './mlflow-place.js';

/** MLflow writes about a dozen. */
const MOST_FILES = 100;
/** Files that can execute code when they are opened: never fetched. */
const PICKLES = /\.(?:pkl|pickle|cloudpickle|joblib|skops|pt|pth)$/i;
/** A plain file name on any system. */
const PLAIN = /^[^/\\\0]+$/;

/** The fetched model, and its origin for messages and lineage. */
export interface FetchedModel {
  /** For example `mlflow://churn/3`, also where an alias named it. */
  readonly from: string;
  readonly files: readonly string[];
}

/** A "logged model" of MLflow 3; only the fields used here. */
interface LoggedModel {
  readonly model?: { readonly info?: { readonly name?: string; readonly artifact_uri?: string } };
}

interface Run {
  readonly run?: {
    readonly info?: { readonly artifact_uri?: string };
    readonly outputs?: { readonly model_outputs?: readonly { readonly model_id?: string }[] };
  };
}

const logged = (server: MlflowServer, id: string): Promise<LoggedModel | undefined> =>
  server.ask<LoggedModel>(`logged-models/${encodeURIComponent(id)}`, {});

/** The artifacts of a model that a run logged: MLflow 3 stores them apart, MLflow 2 with the run. */
async function artifactsOfRun(
  server: MlflowServer,
  text: string,
  { run: id, path }: MlflowPlace & { kind: 'run' },
): Promise<string> {
  const found = await server.ask<Run>('runs/get', { run_id: id });
  if (!found) throw missing(text);
  const [name, ...rest] = path.split('/');
  for (const { model_id: model } of found.run?.outputs?.model_outputs ?? []) {
    const { info } = (model === undefined ? undefined : await logged(server, model))?.model ?? {};
    if (info?.name === name) return [behindProxy(text, info.artifact_uri), ...rest].join('/');
  }
  return `${behindProxy(text, found.run?.info?.artifact_uri)}/${path}`;
}

/** The path of the artifacts behind the server's proxy, and the place's name for messages. */
async function locate(server: MlflowServer, text: string, place: MlflowPlace): Promise<{ path: string; from: string }> {
  if (place.kind === 'run') return { path: await artifactsOfRun(server, text, place), from: text };
  if (place.kind === 'logged') {
    const found = await logged(server, place.id);
    if (!found) throw missing(text);
    return { path: behindProxy(text, found.model?.info?.artifact_uri), from: text };
  }
  const { version } = await findVersion(server, place);
  const from = placeOf({ ...place, alias: undefined, version });
  return { path: await artifactsOf(server, place, version), from };
}

/**
 * Fetches a model's folder from an MLflow server, without pickles.
 *
 * @param text see {@link parseMlflowPlace}
 * @param folder an existing, empty folder
 * @throws BundleError saying what is wrong with the place, or why it cannot be fetched
 */
export async function fetchMlflowModel(
  text: string,
  folder: string,
  { mlflowUri, allowedHosts }: Pick<SourceOptions, 'mlflowUri' | 'allowedHosts'>,
): Promise<FetchedModel> {
  const place = parseMlflowPlace(text);
  if (mlflowUri === undefined) {
    throw new BundleError(text, 'needs an MLflow server, and none is set', 'Set tracking.uri (MLFLOW_TRACKING_URI)');
  }
  const uri = new URL(mlflowUri);
  // The configured server is allowed implicitly; redirects lead to allowed hosts only.
  const hosts = new AllowedHosts([uri.host, ...allowedHosts]);
  const server = new MlflowServer(uri, { hosts, signal: new AbortController().signal });
  const { path, from } = await locate(server, text, place);
  const names = (await server.filesIn(path)).filter((name) => PLAIN.test(name) && name !== '..' && name !== '.');
  if (names.length > MOST_FILES)
    throw new BundleError(from, `has ${names.length} files`, 'Name the folder of the model');
  if (!names.includes('MLmodel')) {
    throw new BundleError(from, 'contains no model: the file MLmodel is missing', 'Name the folder of the model');
  }
  const artifacts = server.artifacts(path);
  const files = names.filter((name) => !PICKLES.test(name));
  for (const name of files) {
    const stream = await artifacts.read(name);
    if (!stream) throw missing(artifacts.locate(name));
    await pipeline(paced(stream), createWriteStream(join(folder, name), { flags: 'wx' })).catch((error: unknown) => {
      throw broken(artifacts.locate(name), error);
    });
  }
  return { from, files };
}
