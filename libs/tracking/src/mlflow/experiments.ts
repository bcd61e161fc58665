import type { MlflowClient } from './mlflow-client.js';
import { MlflowError } from './mlflow.error.js';

interface Experiment {
  readonly experiment_id: string;
  readonly lifecycle_stage?: string;
}

const orUndefined =
  (errorCode: string) =>
  (error: unknown): undefined => {
    if (error instanceof MlflowError && error.errorCode === errorCode) return undefined;
    throw error;
  };

async function findExperiment(client: MlflowClient, name: string): Promise<Experiment | undefined> {
  const found = (await client
    .get('experiments/get-by-name', { experiment_name: name })
    .catch(orUndefined('RESOURCE_DOES_NOT_EXIST'))) as { experiment: Experiment } | undefined;
  return found?.experiment;
}

/**
 * Gets or creates an experiment and returns its id. If another run creates it concurrently, that one is used.
 *
 * Source: https://mlflow.org/docs/latest/api_reference/rest-api.html#create-experiment
 */
export async function experimentId(client: MlflowClient, name: string): Promise<string> {
  let experiment = await findExperiment(client, name);
  if (!experiment) {
    const created = (await client
      .post('experiments/create', { name })
      .catch(orUndefined('RESOURCE_ALREADY_EXISTS'))) as Experiment | undefined;
    experiment = created ?? (await findExperiment(client, name));
  }
  if (!experiment || experiment.lifecycle_stage === 'deleted') {
    throw new MlflowError(`The experiment "${name}" is deleted on ${client.server.uri}: restore or rename it`, 409);
  }
  return experiment.experiment_id;
}
