import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importSklearn } from '#importers';
import { boot, type RunningApi } from './boot.js';

/** scikit-learn's answers to raw rows: see test/peers/helper/fit_pipelines.py. */
interface Answers {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
  readonly predictions: readonly (string | number)[];
  /** Absent for a regression. */
  readonly classes?: readonly (string | number)[];
  readonly probabilities?: readonly (readonly number[])[];
}

/** The compared part of an answer. */
interface Answer {
  readonly prediction: string | number;
  readonly probabilities?: Readonly<Record<string, number>>;
}

/** Differences between served answers and those of scikit-learn. */
export interface ServedComparison {
  readonly rows: number;
  /** Always 0 for a regression. */
  readonly labelsDiffering: number;
  /** Largest difference of a probability, or of a number relative to itself or to the root mean square. */
  readonly worst: number;
  /** Rows that were answered differently alone and in the batch. */
  readonly aloneDiffering: number;
}

export const pipelinesIn = (folder: string): string[] =>
  readdirSync(folder).flatMap((file) => /^(.*)\.answers\.json$/.exec(file)?.[1] ?? []);

/** Imports all exports in a folder, and serves them. */
export async function serveExports(folder: string, modelsDirectory: string): Promise<RunningApi> {
  for (const name of pipelinesIn(folder)) {
    const { proof } = await importSklearn({
      file: join(folder, `${name}.json`),
      name,
      modelsDirectory,
      champion: false,
    });
    if (proof?.answered_by !== 'source') throw new Error(`${name} is not proven by its source`);
  }
  return boot({ MODELS_DIR: modelsDirectory });
}

/** Sends the rows that the source answered to a served model: as a batch, and the first ones also alone. */
export async function compareServed(api: RunningApi, folder: string, name: string): Promise<ServedComparison> {
  const { columns, rows, predictions, probabilities, classes } = JSON.parse(
    readFileSync(join(folder, `${name}.answers.json`), 'utf8'),
  ) as Answers;
  const instances = rows.map((row) => Object.fromEntries(columns.map((column, c) => [column, row[c]])));
  const path = `/models/${name}/predict`;
  const include = classes ? '?include=probabilities' : '';
  const batch = await api.post(`${path}/batch${include}`, { instances });
  if (batch.status !== 200) throw new Error(`${name}: ${batch.text.slice(0, 500)}`);
  const answers = batch.body.predictions as Answer[];
  const squares = predictions.reduce<number>((sum, value) => sum + Number(value) ** 2, 0);
  const scale = Math.sqrt(squares / rows.length);
  let [labelsDiffering, worst, aloneDiffering] = [0, 0, 0];
  answers.forEach(({ prediction, probabilities: told }, i) => {
    if (told === undefined) {
      const due = Number(predictions[i]);
      worst = Math.max(worst, Math.abs(Number(prediction) - due) / Math.max(scale, Math.abs(due)));
      return;
    }
    if (String(prediction) !== String(predictions[i])) labelsDiffering++;
    Object.values(told).forEach((share, k) => {
      const due = probabilities ? probabilities[i][k] : Number(Object.keys(told)[k] === String(predictions[i]));
      worst = Math.max(worst, Math.abs(share - due));
    });
  });
  for (const [i, row] of instances.slice(0, 10).entries()) {
    const { body } = await api.post(`${path}${include}`, row);
    const { prediction, probabilities: told } = answers[i];
    // For batches, ONNX Runtime's powers differ in the last bit.
    const isSame = classes
      ? JSON.stringify([body.prediction, body.probabilities]) === JSON.stringify([prediction, told])
      : Math.abs(Number(body.prediction) - Number(prediction)) <= 1e-12 * Math.abs(Number(prediction));
    if (!isSame) aloneDiffering++;
  }
  return { rows: answers.length, labelsDiffering, worst, aloneDiffering };
}
