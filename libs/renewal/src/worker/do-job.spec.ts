import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRollout, signBundle, writeAliases, writeBundle } from '#bundle';
import { InputError } from '#kit';
import { temporaryFolder, tinyBundle } from '#testing';
import { FileQueue } from '../jobs/file-queue.js';
import type { TakenJob } from '../jobs/job-queue.js';
import { rolloutStatus } from '../rollout/rollout-status.js';
import { Rollouts } from '../rollout/rollouts.js';
import { beginSigned } from './begin-signed.js';
import { doJob, type JobOptions } from './do-job.js';

const log = {
  rows: 0,
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-01-02T00:00:00.000Z',
  left_out: { not_kept: 0, repeated: 0, incomplete: 0, unfit: 0 },
  note: 'the table alone',
};
const passed = { outcome: 'passed', version: '2', reasons: [] };

describe('doJob', () => {
  const root = temporaryFolder();
  let models: string;
  let queue: FileQueue;
  let taken: TakenJob;
  const stopping = new AbortController();
  const options = (changed: Partial<JobOptions>): JobOptions => ({
    models: { directory: models },
    steps: [5, 50],
    mode: 'auto',
    table: () => Promise.resolve({ path: '/tables/tiny.csv', log }),
    train: () => Promise.resolve(passed),
    signal: stopping.signal,
    ...changed,
  });
  const job = async () => (await queue.jobs('tiny'))[0];

  beforeEach(async () => {
    const folder = mkdtempSync(join(root, 'job-'));
    models = join(folder, 'models');
    for (const version of ['1', '2']) await writeBundle(models, tinyBundle({ version }));
    await writeAliases(models, 'tiny', { champion: '1' });
    queue = new FileQueue(join(folder, 'jobs'));
    await queue.add('tiny', { kind: 'drift', reason: 'weight_kg has moved' });
    taken = (await queue.take())!;
  });

  it('trains on the table that was made, records what it holds, and begins the rollout', async () => {
    const asked: unknown[] = [];
    const train: JobOptions['train'] = async (model, _, table) => {
      asked.push(model, table, (await job()).log);
      return passed;
    };
    expect(await doJob(taken, options({ train }))).toEqual({ result: passed });
    expect(asked).toEqual(['tiny', '/tables/tiny.csv', log]);
    expect(await job()).toMatchObject({ state: 'done', result: passed, log });
    expect(await readRollout(models, 'tiny')).toMatchObject({
      state: 'shadow',
      challenger: '2',
      steps: [5, 50],
      mode: 'auto',
      reason: 'weight_kg has moved',
    });
  });

  it.each([
    ['refused', null],
    ['challenger', '2'],
  ])('begins nothing where the gate says %s', async (outcome, version) => {
    const result = { outcome, version, reasons: ['accuracy 0.4 is below 0.5'] };
    expect(await doJob(taken, options({ train: () => Promise.resolve(result) }))).toEqual({ result });
    expect(await job()).toMatchObject({ state: 'done', result });
    expect(await readRollout(models, 'tiny')).toBeUndefined();
  });

  it('waits for the signature that servers ask for, and begins the rollout once it is there', async () => {
    const [own, foreign] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
    const publicKey = join(models, '..', 'public.pem');
    writeFileSync(publicKey, own.publicKey.export({ type: 'spki', format: 'pem' }));
    const signing = { directory: models, publicKey };
    await signBundle(join(models, 'tiny/1'), own.privateKey);
    const start = { steps: [5], mode: 'auto' as const };
    const begin = () => beginSigned(signing, 'tiny', queue, start);
    const train: JobOptions['train'] = async () => {
      await writeAliases(models, 'tiny', { champion: '1', challenger: '2' });
      return passed;
    };
    const reason = 'its rollout begins once it is signed: models sign tiny 2 --key <private key>';
    expect(await begin()).toBeUndefined();
    expect(await doJob(taken, options({ models: signing, train }))).toEqual({
      result: { ...passed, reasons: [reason] },
    });
    expect(await rolloutStatus(models, 'tiny', queue)).toMatchObject({
      state: 'gated',
      challenger: '2',
      reason: `passed as version 2: ${reason}`,
    });
    expect(await begin()).toBeUndefined();
    await signBundle(join(models, 'tiny/2'), foreign.privateKey);
    expect(await begin()).toBeUndefined();
    expect(await readRollout(models, 'tiny')).toBeUndefined();
    await signBundle(join(models, 'tiny/2'), own.privateKey);
    expect(await begin()).toMatchObject({ state: 'shadow', challenger: '2', reason: 'weight_kg has moved; signed' });
    expect(await begin()).toBeUndefined();
    await new Rollouts(models).step('tiny', { kind: 'rollback' }, { reason: 'worse' });
    expect(await begin()).toBeUndefined();
  });

  it('begins nothing on a late signature after the challenger has changed', async () => {
    const { publicKey: key, privateKey } = generateKeyPairSync('ed25519');
    const publicKey = join(models, '..', 'public.pem');
    writeFileSync(publicKey, key.export({ type: 'spki', format: 'pem' }));
    await doJob(taken, options({ models: { directory: models, publicKey } }));
    for (const version of ['1', '2']) await signBundle(join(models, 'tiny', version), privateKey);
    const start = { steps: [5], mode: 'auto' as const };
    expect(await beginSigned({ directory: models, publicKey }, 'tiny', queue, start)).toBeUndefined();
    await writeAliases(models, 'tiny', { champion: '1', challenger: '2' });
    expect(await beginSigned({ directory: models }, 'tiny', queue, start)).toBeUndefined();
    expect(await beginSigned({ directory: models, publicKey }, 'tiny', queue, start)).toMatchObject({
      state: 'shadow',
    });
  });

  it('records what keeps a rollout from beginning', async () => {
    const result = { ...passed, version: '1' };
    const failure = 'No rollout could begin: tiny: version 1 is the champion already.';
    expect(await doJob(taken, options({ train: () => Promise.resolve(result) }))).toEqual({ result, failure });
    expect(await job()).toMatchObject({ state: 'failed', failure });
  });

  it.each(['table', 'train'] as const)('fails with a message where %s fails', async (what) => {
    const failing = { [what]: () => Promise.reject(new InputError('customers.csv is empty.')) };
    expect(await doJob(taken, options(failing))).toEqual({ failure: 'customers.csv is empty.' });
    expect(await job()).toMatchObject({ state: 'failed', failure: 'customers.csv is empty.' });
  });

  it('rethrows an unexpected error, so that the job is retried', async () => {
    await expect(doJob(taken, options({ train: () => Promise.reject(new TypeError('a bug')) }))).rejects.toThrow(
      'a bug',
    );
    expect(await job()).toMatchObject({ state: 'running' });
  });

  it('ends a training whose job is cancelled, and begins nothing', async () => {
    let stopped: unknown;
    const train: JobOptions['train'] = async (_, signal) => {
      await queue.cancel('tiny');
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      stopped = (signal.reason as Error).message;
      throw new InputError('stopped');
    };
    expect(await doJob(taken, options({ train, heartbeatMilliseconds: 50 }))).toBeUndefined();
    expect(stopped).toBe('The job is somebody else’s');
    expect(await job()).toMatchObject({ state: 'cancelled' });
  });

  it('begins nothing where the job was cancelled unnoticed, before or after the training', async () => {
    let trained = 0;
    const train: JobOptions['train'] = async () => {
      trained++;
      await queue.cancel('tiny');
      return passed;
    };
    expect(await doJob(taken, options({ train }))).toBeUndefined();
    await queue.add('tiny', { kind: 'hand', reason: 'again' });
    const again = (await queue.take())!;
    await queue.cancel('tiny');
    expect(await doJob(again, options({ train }))).toBeUndefined();
    expect([trained, await readRollout(models, 'tiny')]).toEqual([1, undefined]);
  });

  it('gives the job back where the worker is stopped, which is no failed attempt', async () => {
    const stop = new AbortController();
    const train: JobOptions['train'] = () => {
      stop.abort();
      return Promise.reject(new InputError('stopped'));
    };
    expect(await doJob(taken, options({ train, signal: stop.signal }))).toBeUndefined();
    expect(await job()).toMatchObject({ state: 'queued', attempt: 1 });
    // The worker that gave it back no longer holds it.
    const again = (await queue.take())!;
    expect(await taken.end({ result: passed })).toBe(false);
    expect(await again.giveBack()).toBe(true);
    expect((await queue.take())!.job).toMatchObject({ state: 'running', attempt: 3 });
  });
});
