import { refusal } from './mlflow.error.js';

const PROXY = /^(?:mlflow-artifacts:(?:\/\/[^/]+)?|https?:\/\/.*?\/api\/2\.0\/mlflow-artifacts\/artifacts)\//;

/** The path behind the server's artifact proxy for an artifact URI; undefined where it is not proxied. */
export function proxiedPath(artifactUri: string): string | undefined {
  const path = artifactUri.replace(PROXY, '');
  return path === artifactUri ? undefined : path.replace(/^\/+|\/+$/g, '');
}

/**
 * The path of a run's artifacts behind the server's proxy, from its `artifact_uri`.
 *
 * Source: https://mlflow.org/docs/latest/self-hosting/architecture/artifact-store/
 *
 * @throws MlflowError when they are not proxied, for example in a bucket that clients must access directly
 */
export function artifactRoot(artifactUri: string): string {
  const path = proxiedPath(artifactUri);
  if (path !== undefined) return path;
  throw refusal(`the server keeps artifacts in ${artifactUri}, not behind its proxy: start it with --serve-artifacts`);
}
