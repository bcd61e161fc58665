import type { AliasRecord, ModelVersion, ModelVersionRecord } from '../records.js';
import type { MlflowClient } from './mlflow-client.js';
import { MlflowError, refusal } from './mlflow.error.js';
import { RUN_ID_TAG, type ServerRun } from './runs.js';

/** The tag that holds our version number: MLflow numbers versions on its own. */
const VERSION_TAG = 'skewless.version';

interface AnsweredVersion {
  readonly version: string;
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
}

/** https://mlflow.org/docs/latest/api_reference/rest-api.html#search-modelversions */
async function versionsOf(client: MlflowClient, name: string): Promise<AnsweredVersion[]> {
  const versions: AnsweredVersion[] = [];
  let token: string | undefined;
  do {
    const page = (await client.get('model-versions/search', {
      filter: `name = '${name}'`,
      ...(token && { page_token: token }),
    })) as { model_versions?: AnsweredVersion[]; next_page_token?: string };
    versions.push(...(page.model_versions ?? []));
    token = page.next_page_token;
  } while (token);
  return versions;
}

const hasTag = ({ tags }: AnsweredVersion, key: string, value: string): boolean =>
  tags?.some((tag) => tag.key === key && tag.value === value) ?? false;

/** https://mlflow.org/docs/latest/api_reference/rest-api.html#create-registeredmodel */
async function createModel(client: MlflowClient, name: string): Promise<void> {
  try {
    await client.post('registered-models/create', { name });
  } catch (error) {
    if (!(error instanceof MlflowError) || error.errorCode !== 'RESOURCE_ALREADY_EXISTS') throw error;
  }
}

/**
 * Registers a version, unless an earlier attempt did.
 *
 * Source: https://mlflow.org/docs/latest/api_reference/rest-api.html#create-modelversion
 */
export async function createModelVersion(
  client: MlflowClient,
  run: ServerRun,
  { name, version, runId, artifactPath }: ModelVersionRecord,
  isInDoubt: boolean,
): Promise<void> {
  await createModel(client, name);
  const isThere = (found: AnsweredVersion): boolean =>
    hasTag(found, RUN_ID_TAG, runId) && hasTag(found, VERSION_TAG, version);
  if (isInDoubt && (await versionsOf(client, name)).some(isThere)) return;
  await client.post('model-versions/create', {
    name,
    source: `${run.artifact_uri}/${artifactPath}`,
    run_id: run.run_id,
    tags: [
      { key: RUN_ID_TAG, value: runId },
      { key: VERSION_TAG, value: version },
    ],
  });
}

async function serverVersion(client: MlflowClient, { name, version }: ModelVersion): Promise<string> {
  const found = (await versionsOf(client, name)).filter((candidate) => hasTag(candidate, VERSION_TAG, version));
  if (found.length === 0) throw refusal(`the server has no version ${version} of the model "${name}"`);
  return String(Math.max(...found.map((candidate) => Number(candidate.version))));
}

/**
 * Points an alias to one of our versions; idempotent.
 *
 * Source: https://mlflow.org/docs/latest/api_reference/rest-api.html#set-registered-model-alias
 */
export async function setAlias(client: MlflowClient, record: AliasRecord): Promise<void> {
  const version = await serverVersion(client, record);
  await client.post('registered-models/alias', { name: record.name, alias: record.alias, version });
}
