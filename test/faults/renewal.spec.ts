import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRollout, writeBundle } from '#bundle';
import { tryLock } from '#kit';
import { promote, readHistoryLines } from '#registry';
import { Rollouts, startRollout } from '#renewal';
import { HostedWorkspace, tinyBundle } from '#testing';
import { generateKey } from '../../apps/api/src/security/keys/api-key.js';
import { boot } from '../helper/boot.js';
import { provenChampion } from '../helper/proven-champion.js';
import { faultsOf } from './helper/fault.js';
import { diskFaultsOf } from './helper/tiny-disk.js';

const fault = faultsOf('Renewal on a disk that fails');
const diskFault = diskFaultsOf(fault, 1_024);
const workspace = new HostedWorkspace();

/** Versions 1, which is the champion, to 3. */
async function modelsIn(folder: string): Promise<string> {
  const models = join(folder, 'models');
  for (const version of ['1', '2', '3']) await writeBundle(models, tinyBundle({ version }));
  await promote(models, 'tiny', '1', { key: undefined, why: 'the first' });
  return models;
}

/** Runs a command that must fail in a sentence. @returns the sentence, and the exit code before it */
async function refused(models: string, ...args: string[]): Promise<string> {
  const { code, stderr } = await workspace.run(...args, '--set', `models.directory=${models}`);
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  return `${code} ${stderr.trim().slice('error: '.length)}`;
}

/** Leaves no room at all. */
function fill(folder: string): void {
  expect(() => writeFileSync(join(folder, 'filled'), Buffer.alloc(2 ** 21))).toThrow('ENOSPC');
}

diskFault(
  'a models folder that is mounted read-only',
  { load: 'rollout, promote, prune, import, renew', expected: 'a sentence, exit code 2 or 74; the champion serves on' },
  async (disk) => {
    const models = await modelsIn(disk.path);
    const { line, key } = generateKey('ops', ['admin', 'predict']);
    const jobs = join(disk.path, 'jobs');
    const api = await boot({ MODELS_DIR: models, RENEWAL_JOBS: jobs, API_KEYS: line, LOG_LEVEL: 'silent' });
    disk.makeReadOnly();
    const shared = 'Rollouts need a models folder that is shared for writing (one host, or a ReadWriteMany volume); ';
    for (const args of [
      ['start', 'tiny', '2'],
      ['rollback', 'tiny'],
    ]) {
      expect(await refused(models, 'rollout', ...args)).toBe(
        `2 ${shared}${join(models, 'tiny')} cannot be written (EROFS).`,
      );
    }
    const readOnly = /^74 .*The file system is read-only/;
    expect(await refused(models, 'models', 'promote', 'tiny', '2')).toMatch(readOnly);
    expect(await refused(models, 'models', 'prune', 'tiny', '--keep', '1')).toMatch(readOnly);
    const onnx = 'models/random_forest/1/model.onnx';
    expect(await refused(models, 'import', onnx, '--name', 'other')).toMatch(readOnly);
    const post = (path: string, body: object) => api.post(path, body, { authorization: `Bearer ${key}` });
    try {
      const asked = await post('/models/tiny/renew', {});
      expect([asked.status, asked.body]).toMatchObject([
        503,
        { type: 'urn:skewless:problem:store-unavailable', detail: expect.stringContaining('read-only') as string },
      ]);
      const begun = await post('/models/tiny/rollout', { version: '2' });
      expect([begun.status, begun.body.detail]).toEqual([422, expect.stringContaining(shared)]);
      const { status, body } = await post('/predict', { weight_kg: 0, distance_km: 9000, value_eur: null });
      expect([status, body.model_version]).toEqual([200, 'tiny:1']);
    } finally {
      await api.close();
    }
    return 'five commands and two requests, each refused in a sentence; a server went on answering';
  },
);

diskFault(
  'a disk without any room during a rollout',
  { load: 'promote and rollback', expected: 'exit code 74; the champion serves on; with room again the step is made' },
  async (disk) => {
    const models = await modelsIn(disk.path);
    await startRollout({ directory: models }, 'tiny', { version: '2', steps: [5], mode: 'auto' }, 'a test');
    const before = await readRollout(models, 'tiny');
    const release = tryLock(disk.path, 'step')!;
    fill(disk.path);
    const full = /^74 ENOSPC: .*The disk is full/;
    for (const action of ['promote', 'rollback']) {
      expect(await refused(models, 'rollout', action, 'tiny')).toMatch(full);
    }
    // A process that goes on living keeps no right that it has given back.
    release();
    expect(await provenChampion(models, 'tiny')).toBe('1');
    expect(await new Rollouts(models).read('tiny')).toEqual(before);
    disk.resize(8_192);
    expect(tryLock(disk.path, 'step')).toBeDefined();
    await new Rollouts(models).step('tiny', { kind: 'promote' }, { reason: 'there is room' });
    expect(await provenChampion(models, 'tiny')).toBe('2');
    expect(await readHistoryLines(models, 'tiny')).toMatchObject([
      { to: '1' },
      { rollout: { event: 'start' } },
      { rollout: { event: 'promote' }, from: '1', to: '2' },
    ]);
    return 'refused, nothing moved; promoted once there was room';
  },
);
