import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { DvcLock } from './dvc-lock.js';
import type { Stage } from './stage-graph.js';

const stage: Stage = {
  name: 'train',
  cmd: 'make it',
  deps: ['data/in.csv'],
  params: { 'config.yaml': ['training.seed', 'data'] },
  outs: ['out.bin'],
};

describe('DvcLock', () => {
  const root = temporaryFolder();
  const settings = { data: { path: 'data/in.csv' }, training: { seed: 42, threads: 2 } };
  const isUpToDate = async (now: object = settings, of: Stage = stage) =>
    DvcLock.read(join(root, 'dvc.lock'), root, now).then(async (lock) => lock.isUpToDate(of, await lock.inputs(of)));

  beforeEach(async () => {
    mkdirSync(join(root, 'data'), { recursive: true });
    writeFileSync(join(root, 'data/in.csv'), 'a\r\n1\r\n');
    writeFileSync(join(root, 'out.bin'), 'result');
    rmSync(join(root, 'dvc.lock'), { force: true });
    const lock = await DvcLock.read(join(root, 'dvc.lock'), root, settings);
    await lock.record(stage, await lock.inputs(stage));
  });

  it('writes what DVC writes', () => {
    expect(readFileSync(join(root, 'dvc.lock'), 'utf8')).toBe(`schema: '2.0'
stages:
  train:
    cmd: make it
    deps:
    - path: data/in.csv
      hash: md5
      md5: 93170a9b1598cb475b79031c8b09e3c7
      size: 6
    params:
      config.yaml:
        data:
          path: data/in.csv
        training.seed: 42
    outs:
    - path: out.bin
      hash: md5
      md5: b4a88417b3d0170d754c647c30b7216a
      size: 6
`);
  });

  it('finds a stage up to date until something of it changes', async () => {
    expect(await isUpToDate()).toBe(true);
    expect(await isUpToDate({ ...settings, training: { seed: 42, threads: 8 } })).toBe(true);
    expect(await isUpToDate({ ...settings, training: { seed: 43, threads: 2 } })).toBe(false);
    expect(await isUpToDate(settings, { ...stage, cmd: 'make it otherwise' })).toBe(false);
    expect(await isUpToDate(settings, { ...stage, name: 'unknown' })).toBe(false);
  });

  it('finds a stage up to date that depends on a setting which is not there', async () => {
    const open: Stage = { ...stage, params: { 'config.yaml': ['training.seed', 'threshold'] } };
    const lock = await DvcLock.read(join(root, 'dvc.lock'), root, settings);
    await lock.record(open, await lock.inputs(open));
    expect(await isUpToDate(settings, open)).toBe(true);
    expect(await isUpToDate({ ...settings, threshold: 0.3 }, open)).toBe(false);
  });

  it.each([
    ['an input is changed', () => writeFileSync(join(root, 'data/in.csv'), 'a\n1\n')],
    ['an output is changed', () => writeFileSync(join(root, 'out.bin'), 'Result')],
    ['an output is gone', () => rmSync(join(root, 'out.bin'))],
  ])('finds it out of date when %s', async (_, change) => {
    change();
    expect(await isUpToDate()).toBe(false);
  });

  it('finds it out of date when an input was changed while it ran', async () => {
    const lock = await DvcLock.read(join(root, 'dvc.lock'), root, settings);
    const inputs = await lock.inputs(stage);
    writeFileSync(join(root, 'data/in.csv'), 'a\n2\n');
    await lock.record(stage, inputs);
    expect(await isUpToDate()).toBe(false);
  });

  it('minds nothing that DVC records beyond it', async () => {
    const text = readFileSync(join(root, 'dvc.lock'), 'utf8');
    writeFileSync(join(root, 'dvc.lock'), text.replaceAll(/( +)size: \d+\n/g, '$&$1isexec: true\n'));
    expect(await isUpToDate()).toBe(true);
  });

  it.each([
    ['cut short', "schema: '2.0'\nstages:\n  train:\n    cmd", /^\S+dvc\.lock: stages\.train must be object/],
    ['in conflict', "schema: '2.0'\n<<<<<<< HEAD\nstages: {}\n", /^\S+dvc\.lock cannot be parsed: Implicit keys need/],
    ['of a schema to come', "schema: '3.0'\nstages: {}\n", /^\S+dvc\.lock: schema must match pattern "\^2/],
    ['of DVC 1', 'train:\n  cmd: make it\n', /^\S+dvc\.lock: the document must have required property 'schema'/],
    ['no mapping', "schema: '2.0'\nstages:\n- train\n", /^\S+dvc\.lock: stages must be object/],
  ])('refuses a lock that is %s in a sentence', async (_, text, message) => {
    writeFileSync(join(root, 'dvc.lock'), text);
    await expect(isUpToDate()).rejects.toThrow(
      expect.objectContaining({ name: 'InputError', message: expect.stringMatching(message) }),
    );
  });

  it('records no file that is not there, and finds its stage out of date; an older lock with one is read', async () => {
    rmSync(join(root, 'out.bin'));
    const lock = await DvcLock.read(join(root, 'dvc.lock'), root, settings);
    await lock.record(stage, await lock.inputs(stage));
    const text = readFileSync(join(root, 'dvc.lock'), 'utf8');
    expect(text).toMatch(/outs: \[\]\n$/);
    expect(await isUpToDate()).toBe(false);
    writeFileSync(join(root, 'dvc.lock'), text.replace('outs: []', 'outs:\n    -'));
    expect(await isUpToDate()).toBe(false);
  });

  it('takes an empty lock for none', async () => {
    writeFileSync(join(root, 'dvc.lock'), '');
    expect(await isUpToDate()).toBe(false);
  });
});
