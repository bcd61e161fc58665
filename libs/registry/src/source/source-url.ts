import { BundleError } from '../bundle/bundle.error.js';

/** A folder of bundles: `<name>/aliases.json` and `<name>/<version>/`, or one of its versions alone. */
export interface FolderSource {
  readonly kind: 'file' | 's3' | 'http';
  /** The model's folder, without a slash at its end. */
  readonly url: URL;
  readonly name: string;
  /** When not given, the aliases at the source say which versions. */
  readonly version?: string;
}

/** A registered model of an MLflow server. */
export interface MlflowSource {
  readonly kind: 'mlflow';
  readonly name: string;
  readonly alias?: string;
  readonly version?: string;
}

const KINDS = { 'file:': 'file', 's3:': 's3', 'http:': 'http', 'https:': 'http' } as const;
/** Not read as a URL: what stands before an @ would be a user. */
const MLFLOW = /^mlflow:\/\/([^@/:]+)(?:@([^@/:]+)|\/([1-9]\d*))$/;
const VERSION = /^[1-9]\d*$/;

/** A URL as messages and logs may show it: without user, password and query, which hold credentials. */
export function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function refuse(source: string, problem: string): never {
  throw new BundleError(
    source,
    problem,
    'Correct MODELS_SOURCE, or models.source in config/config.yaml; docs/models.md shows each kind',
  );
}

/** @throws BundleError when it names no model in a way that is read here */
export function parseSource(text: string): FolderSource | MlflowSource {
  if (text.startsWith('mlflow:')) {
    const [, name, alias, version] =
      MLFLOW.exec(text) ?? refuse('The source', 'is not mlflow://name@alias or mlflow://name/version');
    return { kind: 'mlflow', name: decodeURIComponent(name), alias, version };
  }
  if (!URL.canParse(text)) refuse('The source', 'is no URL');
  const url = new URL(text);
  const kind = Object.hasOwn(KINDS, url.protocol) ? KINDS[url.protocol as keyof typeof KINDS] : undefined;
  if (!kind) refuse(shown(url), 'is not file://, s3://, http://, https:// or mlflow://');
  const parts = url.pathname.split('/').filter(Boolean);
  const version = VERSION.test(parts.at(-1) ?? '') ? parts.pop() : undefined;
  url.pathname = `/${parts.join('/')}`;
  const name = decodeURIComponent(parts.at(-1) ?? '');
  if (!name) refuse(shown(url), "names no model: its path ends with the model's name, or with its name and a version");
  return { kind, url, name, version };
}
