import { BundleError } from '#bundle';
import { type MlflowSource, parseSource } from './source-url.js';

/** A model on an MLflow server: registered, logged, or logged by a run under a path. */
export type MlflowPlace =
  | MlflowSource
  | { readonly kind: 'logged'; readonly id: string }
  | { readonly kind: 'run'; readonly run: string; readonly path: string };

const LOGGED = /^models:\/{1,3}(m-[0-9a-f]{32})$/;
const REGISTERED = /^models:\/{1,3}([^/@]+)(?:@([^/@]+)|\/([1-9]\d*))$/;
const RUN = /^runs:\/{1,3}([0-9a-f]{32})\/([^/].*)$/;

/** Whether a text is meant as a model on an MLflow server, valid or not, rather than a file. */
export const isMlflowPlace = (text: string): boolean => /^(?:mlflow|models|runs):/.test(text);

/**
 * Parses the name of a model on an MLflow server, in the form of sources (`mlflow://name@alias`,
 * `mlflow://name/version`) or of MLflow itself (`models:/name/version`, `models:/name@alias`, `models:/m-<id>`,
 * `runs:/<id>/<path>`), with or without a prefix `mlflow:`.
 *
 * Source: https://mlflow.org/docs/latest/self-hosting/architecture/artifact-store/
 *
 * @throws BundleError on any other form
 */
export function parseMlflowPlace(text: string): MlflowPlace {
  if (text.startsWith('mlflow://')) return parseSource(text) as MlflowSource;
  const own = text.replace(/^mlflow:(?=models:|runs:)/, '');
  const [, id] = LOGGED.exec(own) ?? [];
  if (id !== undefined) return { kind: 'logged', id };
  const [, run, path] = RUN.exec(own) ?? [];
  if (path !== undefined && !path.split('/').some((part) => ['', '.', '..'].includes(part)))
    return { kind: 'run', run, path };
  const [, name, alias, version] = REGISTERED.exec(own) ?? [];
  if (name !== undefined) {
    const at = alias === undefined ? `/${version}` : `@${encodeURIComponent(alias)}`;
    return parseSource(`mlflow://${encodeURIComponent(name)}${at}`) as MlflowSource;
  }
  throw new BundleError(
    text,
    'is not the name of an MLflow model',
    'Use mlflow://name@alias, mlflow://name/version, models:/name/version, models:/name@alias, models:/m-<id> or runs:/<id>/<path>; a stage or "latest" moves, so name a version or an alias',
  );
}
