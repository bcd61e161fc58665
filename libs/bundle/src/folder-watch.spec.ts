import { mkdirSync, mkdtempSync, renameSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '#testing';
import { FolderWatch } from './folder-watch.js';

const folder = temporaryFolder();
let looks = 0;
/** A `stat` that shows files as changed earlier by that much; a negative age is in the future, so they stay fresh. */
const aged = (milliseconds: number): typeof stat =>
  ((path: string) => {
    looks++;
    return stat(path).then((stats) =>
      Object.assign(stats, { mtimeMs: stats.mtimeMs - milliseconds, ctimeMs: stats.ctimeMs - milliseconds }),
    );
  }) as unknown as typeof stat;
/** So much later that no change is still fresh, however slow the machine. */
const later = aged(1e6);

/** A folder of models for one test: each test looks at all models of its folder. */
const modelsFolder = (): string => mkdtempSync(join(folder, 'models-'));

function model(models: string, name: string): string {
  const directory = join(models, name);
  mkdirSync(join(directory, '1'), { recursive: true });
  writeFileSync(join(directory, 'aliases.json'), '{"champion":"1"}');
  return directory;
}

it('A models folder that rests is looked at twice a model and once itself, and nothing else', async () => {
  const models = modelsFolder();
  for (let i = 0; i < 1_001; i++) model(models, `m${i}`);
  const watch = new FolderWatch(later);
  expect(await watch.hasChanged(models)).toBe(true);
  for (let times = 0; times < 3; times++) {
    looks = 0;
    expect(await watch.hasChanged(models)).toBe(false);
    expect(looks).toBe(2_003);
  }
});

it('A change of any kind is seen, once', async () => {
  const models = modelsFolder();
  const directory = model(models, 'changing');
  const failed = join(directory, '1');
  writeFileSync(join(failed, 'model.onnx'), 'x');
  const watch = new FolderWatch(later);
  await watch.hasChanged(models, [failed]);
  const changes: (() => void)[] = [
    () => writeFileSync(join(directory, 'aliases.json'), '{"champion":"2"}'),
    () => mkdirSync(join(directory, '2')),
    () => renameSync(join(directory, '2'), join(directory, '3')),
    () => model(models, 'another'),
    () => writeFileSync(join(failed, 'model.onnx'), 'y'),
    () => utimesSync(join(failed, 'model.onnx'), 1, 1),
    () => {
      renameSync(directory, join(models, '..data'));
      symlinkSync('..data', directory);
    },
  ];
  for (const change of changes) {
    await sleep(20);
    change();
    expect([await watch.hasChanged(models, [failed]), await watch.hasChanged(models, [failed])]).toEqual([true, false]);
  }
});

it('What was changed a moment ago is looked at again: another change may have left the same times', async () => {
  const models = modelsFolder();
  const watch = new FolderWatch(aged(-1e6));
  model(models, 'fresh');
  for (let times = 0; times < 3; times++) expect(await watch.hasChanged(models)).toBe(true);
});
