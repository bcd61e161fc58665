import { PLAIN_NAME } from '#kit';
import { BundleError } from '#bundle';

/** A model's folder (`<name>/aliases.json` and `<name>/<version>/`), or a single version of it. */
export interface FolderSource {
  readonly kind: 'file' | 's3' | 'http';
  /** The model's folder, without a trailing slash. */
  readonly url: URL;
  readonly name: string;
  /** When not given, the aliases at the source name the versions. */
  readonly version?: string;
}

/** A registered model of an MLflow server. */
export interface MlflowSource {
  readonly kind: 'mlflow';
  /** MLflow's name: any text without `/` and `:`. */
  readonly registered: string;
  /** The name under which it is served here. */
  readonly name: string;
  readonly alias?: string;
  readonly version?: string;
}

const KINDS = { 'file:': 'file', 's3:': 's3', 'http:': 'http', 'https:': 'http' } as const;
/** Not parsed as a URL, where the part before @ would be a user. */
const MLFLOW = /^mlflow:\/\/([^@/:]+)(?:@([^@/:]+)|\/([1-9]\d*))$/;
/** A version number, which becomes a folder name. */
export const VERSION = /^[1-9]\d*$/;

/** A URL for messages and logs: without user, password and query, which may contain credentials. */
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

function decoded(text: string, source: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse(source, `has "${text}" in it, which is not percent-encoded as URLs are`);
  }
}

/** A folder name for a name that MLflow allows: "Wine Quality" is served as "Wine_Quality". */
function nameHere(registered: string, source: string): string {
  const name = registered.replace(/[^A-Za-z0-9_.-]+/g, '_').replace(/^[^A-Za-z0-9]+/, '');
  if (name) return name;
  return refuse(source, `names the registered model "${registered}", which has no letter from a to z and no digit`);
}

/** @throws BundleError when it is no valid source */
export function parseSource(text: string): FolderSource | MlflowSource {
  if (text.startsWith('mlflow:')) {
    const [, name, alias, version] =
      MLFLOW.exec(text) ?? refuse('The source', 'is not mlflow://name@alias or mlflow://name/version');
    const registered = decoded(name, 'The source');
    const decodedAlias = alias && decoded(alias, 'The source');
    return { kind: 'mlflow', registered, name: nameHere(registered, 'The source'), alias: decodedAlias, version };
  }
  if (!URL.canParse(text)) refuse('The source', 'is not a URL');
  const url = new URL(text);
  const kind = Object.hasOwn(KINDS, url.protocol) ? KINDS[url.protocol as keyof typeof KINDS] : undefined;
  if (!kind) refuse(shown(url), 'is not file://, s3://, http://, https:// or mlflow://');
  const parts = url.pathname.split('/').filter(Boolean);
  const version = VERSION.test(parts.at(-1) ?? '') ? parts.pop() : undefined;
  url.pathname = `/${parts.join('/')}`;
  const name = decoded(parts.at(-1) ?? '', shown(url));
  if (!name) refuse(shown(url), "names no model: its path ends with the model's name, or with its name and a version");
  if (!PLAIN_NAME.test(name)) {
    refuse(shown(url), `names the model "${name}"; use letters, digits, ".", "_" and "-"`);
  }
  return { kind, url, name, version };
}
