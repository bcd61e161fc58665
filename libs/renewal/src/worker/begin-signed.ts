import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isActive, readAliases, type Rollout, SIGNATURE } from '#bundle';
import { isSigned, publicKeyOf } from '#registry';
import type { Job, JobQueue } from '../jobs/job-queue.js';
import type { StartOptions } from '../rollout/check-start.js';
import { Rollouts } from '../rollout/rollouts.js';
import { startRollout } from '../rollout/start-rollout.js';

type Models = Parameters<typeof startRollout>[0];

/** Whether servers accept a version: it has the required signature, or none is required. */
export async function isWelcome({ directory, publicKey }: Models, model: string, version: string): Promise<boolean> {
  const key = await publicKeyOf({ publicKey });
  const bundle = join(directory, model, version);
  return key === undefined || (existsSync(join(bundle, SIGNATURE)) && (await isSigned(bundle, key)));
}

/** Says why the rollout does not begin yet. */
export const awaitedSignature = (model: string, version: string): string =>
  `its rollout begins once it is signed: models sign ${model} ${version} --key <private key>`;

/** The version of the last training, where its rollout is still pending. */
async function pendingVersion({ directory }: Models, model: string, job: Job | undefined): Promise<string | undefined> {
  const version = job?.result?.version;
  if (job?.state !== 'done' || job.result?.outcome !== 'passed' || version === null || version === undefined) {
    return undefined;
  }
  if ((await readAliases(directory, model))?.challenger !== version) return undefined;
  const rollout = await new Rollouts(directory).read(model);
  const hasHadOne = rollout && (isActive(rollout) || rollout.challenger === version || rollout.since > job.ended!);
  return hasHadOne ? undefined : version;
}

/**
 * Starts the rollout of the last training's version, where it was waiting for a signature and has it now.
 *
 * @returns undefined where no version is pending, or it is not signed yet
 * @throws as `startRollout`
 */
export async function beginSigned(
  models: Models,
  model: string,
  queue: Pick<JobQueue, 'jobs'>,
  start: Pick<StartOptions, 'steps' | 'mode'>,
): Promise<Rollout | undefined> {
  if (models.publicKey === undefined) return undefined;
  const job = (await queue.jobs(model)).at(-1);
  const version = await pendingVersion(models, model, job);
  if (version === undefined || !(await isWelcome(models, model, version))) return undefined;
  return startRollout(models, model, { version, ...start }, `${job!.trigger.reason}; signed`);
}
