import { isActive, readAliases } from '#bundle';
import type { Job, JobQueue } from '../jobs/job-queue.js';
import { describeRollout, type RolloutStatus } from './describe-rollout.js';
import { lastLook } from './last-look.js';
import { Rollouts } from './rollouts.js';

/** Describes the last training, where no rollout followed it. */
export function gatedText({ result, failure }: Job): string {
  if (failure !== undefined) return `failed: ${failure}`;
  const { outcome, version, reasons } = result!;
  const why = reasons.length > 0 ? `: ${reasons.join('; ')}` : '';
  return `${outcome}${version === null ? '' : ` as version ${version}`}${why}`;
}

/** Shows an active rollout first, then a queued or running training, then whichever of the two ended last. */
function withJob(status: RolloutStatus, isRolling: boolean, job: Job | undefined): RolloutStatus {
  if (!job || isRolling || job.state === 'cancelled') return status;
  const { state, trigger, queued, started, ended } = job;
  const now = { ...status, id: job.id, challenger: null, weight: 0, evidence: [] };
  if (state === 'queued') return { ...now, state: 'queued', since: queued, reason: trigger.reason };
  if (state === 'running') return { ...now, state: 'training', since: started!, reason: trigger.reason };
  if (ended! < (status.since ?? '')) return status;
  return { ...now, state: 'gated', challenger: job.result?.version ?? null, since: ended!, reason: gatedText(job) };
}

/** The status of a model's renewal. */
export async function rolloutStatus(
  modelsDirectory: string,
  name: string,
  queue: Pick<JobQueue, 'jobs'>,
): Promise<RolloutStatus> {
  const rollouts = new Rollouts(modelsDirectory);
  const rollout = await rollouts.read(name);
  const timeline = rollout ? await rollouts.timeline(name) : [];
  const status = describeRollout(name, await readAliases(modelsDirectory, name), rollout, timeline);
  const seen = rollout && (await lastLook(modelsDirectory, name));
  const current =
    seen?.epoch === rollout?.epoch && seen ? { ...status, evidence: seen.evidence, reason: seen.reason } : status;
  return withJob(current, rollout !== undefined && isActive(rollout), (await queue.jobs(name)).at(-1));
}
