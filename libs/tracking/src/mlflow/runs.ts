import type { Dataset, RunRecord, RunStatus } from '../records.js';
import { experimentId } from './experiments.js';
import type { MlflowClient } from './mlflow-client.js';
import { MlflowError } from './mlflow.error.js';

/** The tag that holds our run id: it finds a run whose creation was never acknowledged. */
export const RUN_ID_TAG = 'skewless.run_id';

/** A run on the server. */
export interface ServerRun {
  readonly run_id: string;
  /** URI of its artifacts: behind the server's proxy when it starts with `mlflow-artifacts:`. */
  readonly artifact_uri: string;
}

const pick = ({ run_id, artifact_uri }: ServerRun): ServerRun => ({ run_id, artifact_uri });

async function findRun(client: MlflowClient, experiment: string, id: string): Promise<ServerRun | undefined> {
  const found = (await client.post('runs/search', {
    experiment_ids: [experiment],
    filter: `tags.\`${RUN_ID_TAG}\` = '${id}'`,
    max_results: 1,
  })) as { runs?: { info: ServerRun }[] };
  return found.runs?.[0] && pick(found.runs[0].info);
}

/**
 * Creates a run, or finds the one that an earlier attempt created.
 *
 * Source: https://mlflow.org/docs/latest/api_reference/rest-api.html#create-run
 */
export async function createRun(client: MlflowClient, run: RunRecord, isInDoubt: boolean): Promise<ServerRun> {
  const experiment = await experimentId(client, run.experiment);
  const found = isInDoubt ? await findRun(client, experiment, run.id) : undefined;
  if (found) return found;
  const created = (await client.post('runs/create', {
    experiment_id: experiment,
    run_name: run.name,
    start_time: run.startTime,
    tags: [{ key: RUN_ID_TAG, value: run.id }],
  })) as { run: { info: ServerRun } };
  return pick(created.run.info);
}

/**
 * Checks that the run was not deleted: a deleted run rejects each of its records.
 *
 * Source: https://mlflow.org/docs/latest/api_reference/rest-api.html#get-run
 *
 * @throws MlflowError when it was deleted
 */
export async function checkActive(client: MlflowClient, { run_id }: ServerRun): Promise<void> {
  const { run } = (await client.get('runs/get', { run_id })) as { run: { info: { lifecycle_stage?: string } } };
  if (run.info.lifecycle_stage !== 'deleted') return;
  throw new MlflowError(`The run ${run_id} is deleted on ${client.server.uri}: restore it there`, 409);
}

/** Idempotent. https://mlflow.org/docs/latest/api_reference/rest-api.html#update-run */
export async function endRun(client: MlflowClient, run: ServerRun, status: RunStatus, endTime: number): Promise<void> {
  await client.post('runs/update', { run_id: run.run_id, status, end_time: endTime });
}

/** Idempotent. https://mlflow.org/docs/latest/api_reference/rest-api.html#log-inputs */
export async function logInput(client: MlflowClient, run: ServerRun, dataset: Dataset, context: string): Promise<void> {
  const { name, digest, sourceType, source, schema, profile } = dataset;
  await client.post('runs/log-inputs', {
    run_id: run.run_id,
    datasets: [
      {
        tags: [{ key: 'mlflow.data.context', value: context }],
        dataset: { name, digest, source_type: sourceType, source, schema, profile },
      },
    ],
  });
}
