import { join } from 'node:path';
import { FeaturePipeline } from '#features';
import type { TaskRunner } from '#kit';
import { openBundle, type Verdict } from '#runtime';
import { readAnyBundle } from '#bundle';
import { temporaryFolder, writeTinyBundle } from '#testing';
import { openModel } from '../open-model.js';

const folder = temporaryFolder();
const directory = join(folder, 'tiny/1');
const OPTIONS = { threads: 1, maxPendingRows: 1 };
const pipeline = new FeaturePipeline();
let own: Verdict;
let asked: string[];

/** What the server finds of a version, after another process has answered so. */
async function verdictAfter(answer: string): Promise<Verdict> {
  asked = [];
  const prover: TaskRunner = {
    run: (key) => {
      asked.push(key);
      return Promise.resolve(answer);
    },
    close: () => undefined,
  };
  const model = await openModel(directory, pipeline, { ...OPTIONS, prover });
  await model.close();
  if (model.kind === 'tensor') throw new Error('It has a pipeline');
  return model.verdict;
}

beforeAll(async () => {
  await writeTinyBundle(folder);
  const model = await openBundle(await readAnyBundle(directory), pipeline, OPTIONS);
  await model.close();
  if (model.kind === 'pipeline') own = model.verdict;
});

it('A version serves with the verdict of the process that proved it', async () => {
  const other: Verdict = { ...own, choice: { engine: 'kernel', engine_reason: 'As that process found' } };
  expect(await verdictAfter(JSON.stringify(other))).toEqual(other);
  expect(asked).toHaveLength(1);
});

it.each([
  ['nothing', ''],
  ['a damaged record', JSON.stringify({ parity: { rows: 9 } })],
  ['a cut record', '{"parity":{"rows":9,'],
  ['null', 'null'],
])('It is proven by the server where the answer is %s', async (_, answer) => {
  expect(await verdictAfter(answer)).toEqual(own);
});

it('It is proven by the server where its kernel gives other scores than that process saw', async () => {
  const other = { ...own, choice: { ...own.choice, engine_reason: 'As it found' }, scoresDigest: '0'.repeat(64) };
  expect(await verdictAfter(JSON.stringify(other))).toEqual(own);
});
