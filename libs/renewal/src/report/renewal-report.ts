import { readAliases } from '#bundle';
import type { RenewalEntry, RenewalReport } from '#monitoring';
import type { Job, JobQueue } from '../jobs/job-queue.js';
import { type RolloutStatus, shareText } from '../rollout/describe-rollout.js';
import { readSteps, type RolloutRecord } from '../rollout/rollout-journal.js';
import { gatedText, rolloutStatus } from '../rollout/rollout-status.js';

/** Maximum length of a timeline; the oldest entries are omitted. */
const MOST = 50;

/** Says what the renewal waits for; null where it is over. */
export function waitsFor({ state, reason }: Pick<RolloutStatus, 'state' | 'reason'>): string | null {
  switch (state) {
    case 'queued':
      return 'a worker that takes the job (skewless worker)';
    case 'training':
      return 'the end of the training';
    case 'shadow':
    case 'canary':
    case 'watch':
      return `the next look of a worker (skewless worker); the last one says: ${reason}`;
    case 'promoted':
      return 'servers to follow';
    case 'paused':
      return 'a person: rollout resume, promote, rollback or abort';
    case 'idle':
    case 'gated':
    case 'settled':
    case 'rolled_back':
      return null;
  }
}

function ofStep({ when, why, who, rollout: { file } }: RolloutRecord): RenewalEntry {
  const { state, challenger, champion } = file;
  const share = state === 'canary' ? ` at ${shareText(file.weight)}` : '';
  const gone = state === 'rolled_back' ? `, version ${champion} answers all` : '';
  return { time: when, kind: 'step', text: `version ${challenger}: ${state}${share}${gone} (${why}; ${who})` };
}

function ofJob(job: Job): RenewalEntry[] {
  const { trigger, queued, started, ended, state, log } = job;
  const entries: RenewalEntry[] = [{ time: queued, kind: 'trigger', text: `${trigger.kind}: ${trigger.reason}` }];
  if (started !== undefined) {
    const again = job.attempt > 1 ? `, attempt ${job.attempt}` : '';
    entries.push({ time: started, kind: 'training', text: `begun${again}${log ? `, on ${log.note}` : ''}` });
  }
  if (ended !== undefined) {
    entries.push({ time: ended, kind: 'training', text: state === 'cancelled' ? 'cancelled' : gatedText(job) });
  }
  return entries;
}

/**
 * Reports the state of a model's renewal and its timeline.
 *
 * @returns null where nothing has happened yet
 */
export async function renewalReport(
  modelsDirectory: string,
  name: string,
  queue: Pick<JobQueue, 'jobs'>,
): Promise<RenewalReport | null> {
  const [jobs, steps] = await Promise.all([queue.jobs(name), readSteps(modelsDirectory, name)]);
  if (jobs.length === 0 && steps.length === 0) return null;
  const { state, challenger, weight, since, evidence, reason } = await rolloutStatus(modelsDirectory, name, queue);
  const timeline = [...jobs.flatMap(ofJob), ...steps.map(ofStep)].sort((a, b) => (a.time < b.time ? 1 : -1));
  return {
    state,
    champion: (await readAliases(modelsDirectory, name))?.champion ?? null,
    challenger,
    weight,
    since,
    waits_for: waitsFor({ state, reason }),
    reason,
    evidence,
    timeline: timeline.slice(0, MOST),
  };
}
