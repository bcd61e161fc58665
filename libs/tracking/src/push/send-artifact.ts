import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { artifactRoot } from '../mlflow/artifact-root.js';
import type { MlflowClient } from '../mlflow/mlflow-client.js';
import { refusal } from '../mlflow/mlflow.error.js';
import type { ServerRun } from '../mlflow/runs.js';
import type { ArtifactRecord } from '../records.js';
import { sha256Of } from '../store/keep-artifact.js';

function readKept(path: string): Buffer<ArrayBuffer> {
  try {
    return readFileSync(path);
  } catch (error) {
    throw refusal(`${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/**
 * Uploads a stored file; idempotent.
 *
 * Source: https://mlflow.org/docs/latest/self-hosting/architecture/artifact-store/ and
 * `mlflow/store/artifact/http_artifact_repo.py`
 */
export async function sendArtifact(
  client: MlflowClient,
  run: ServerRun,
  artifacts: string,
  { path, sha256 }: ArtifactRecord,
): Promise<void> {
  const root = artifactRoot(run.artifact_uri);
  const file = join(artifacts, path);
  const bytes = readKept(file);
  if (sha256Of(bytes) !== sha256) throw refusal(`${file} was changed after it was logged`);
  await client.putArtifact(`${root}/${path}`, bytes);
}
