import { refusal } from './mlflow.error.js';

const PROXY = /^(?:mlflow-artifacts:(?:\/\/[^/]+)?|https?:\/\/.*?\/api\/2\.0\/mlflow-artifacts\/artifacts)\//;

/** The path behind the server's proxy of artifacts, of the URI of an artifact; nothing where it lies elsewhere. */
export function proxiedPath(artifactUri: string): string | undefined {
  const path = artifactUri.replace(PROXY, '');
  return path === artifactUri ? undefined : path.replace(/^\/+|\/+$/g, '');
}

/**
 * The path of a run's artifacts behind the server's proxy, as its `artifact_uri` tells.
 *
 * Source: https://mlflow.org/docs/latest/self-hosting/architecture/artifact-store/
 *
 * @throws MlflowError when the artifacts are elsewhere, such as in a bucket that only the server's users can write
 */
export function artifactRoot(artifactUri: string): string {
  const path = proxiedPath(artifactUri);
  if (path !== undefined) return path;
  throw refusal(`the server keeps artifacts in ${artifactUri}, not behind its proxy: start it with --serve-artifacts`);
}
