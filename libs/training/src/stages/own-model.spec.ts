import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPipelineConfig } from '#config';
import { readBundle } from '#bundle';
import { RandomStream } from '#kit';
import { readRows, withDuckDb } from '#tables';
import { temporaryFolder } from '#testing';
import type { ClassifierReport, RegressionReport } from '../evaluate/evaluation-report.js';
import type { Training } from '../files/training-summary.js';
import { openModelFile, ownSections } from '../model-file/own-model.js';
import type { StageOptions } from '../stage.options.js';
import { type PipelineRun, runPipeline } from './run-pipeline.js';

/** Rents: 40 streets of ten flats each, over 50 weeks. Dear flats have a lift, which the model does not know of. */
const ROWS = 400;
const random = new RandomStream(11, 0);
const rows = Array.from({ length: ROWS }, (_, i) => {
  const size = 20 + random.below(100);
  const kind = ['studio', 'loft', 'house'][random.below(3)];
  const lift = random.below(2) === 1;
  const rent = 10 * size + (kind === 'loft' ? 200 : 0) + (lift ? 300 : 0) + random.below(100);
  const day = new Date(Date.UTC(2024, 0, 1 + 7 * (i % 50))).toISOString().slice(0, 10);
  return { street: `s${i % 40}`, size, kind, lift, day, rent, dear: rent > 900 ? 'yes' : 'no' };
});
const CSV = `street,size,kind,lift,day,rent,dear\n${rows.map((row) => Object.values(row).join(',')).join('\n')}\n`;

const COLUMNS = `columns:
  street: { type: text, use: false }
  size: { type: integer }
  kind: { type: category, codes: text, unknown: other }
  lift: { type: boolean, use: false }
  day: { type: date, use: false }
recipe: auto
training:
  algorithm: random_forest
  hyperparameters: { n_estimators: 10, max_depth: 6 }
  folds: 3
`;

describe('A model with a file of its own', () => {
  const home = temporaryFolder();

  /** Trains it and returns the result. */
  async function run(name: string, file: string): Promise<PipelineRun & { readonly config: StageOptions }> {
    mkdirSync(join(home, 'config/models'), { recursive: true });
    writeFileSync(join(home, 'rents.csv'), CSV);
    writeFileSync(join(home, `config/models/${name}.yaml`), `format_version: 1\nname: ${name}\n${file}`);
    const own = openModelFile(home, name);
    const models = ['models.directory', join(home, 'models')] as const;
    const config = loadPipelineConfig({}, { models }, { file: own.file, sections: ownSections(own) });
    const options: StageOptions = { ...config, own };
    const context = { config: options, progress: () => undefined, signal: new AbortController().signal };
    return { config: options, ...(await runPipeline(context, { keepChallenger: false })) };
  }

  const json = <T>({ training }: StageOptions, file: string): T =>
    JSON.parse(readFileSync(join(training.artifacts, file), 'utf8')) as T;
  const textOf = (path: string): string =>
    readFileSync(path, 'utf8')
      .replace(/<style[^]*?<\/style>|<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');
  const parts = ({ data }: StageOptions, column: string) =>
    withDuckDb({}, async (connection) => {
      const sides: unknown[][] = [];
      for (const part of ['train', 'test']) {
        const sql = `SELECT ${column} AS cell FROM read_parquet('${join(data.processed, `${part}.parquet`)}')`;
        sides.push((await readRows<{ cell: unknown }>(connection, sql)).map(({ cell }) => cell));
      }
      return sides;
    });

  describe('of two classes, split by groups, decided by a threshold', () => {
    let ran: Awaited<ReturnType<typeof run>>;
    beforeAll(async () => {
      ran = await run(
        'dear',
        `data: { path: rents.csv, target: dear, split: { by: group, column: street, test: 0.3 } }\ntask: binary\nthreshold: 0.3\n${COLUMNS}`,
      );
    });

    it('is registered, and never has a group on both sides, nor in two folds', async () => {
      expect(ran.registration).toMatchObject({ outcome: 'registered', version: '1' });
      const [train, test] = await parts(ran.config, 'side');
      expect(test.length).toBeGreaterThan(0);
      expect(train.filter((street) => test.includes(street))).toEqual([]);
      expect(json<Training>(ran.config, 'candidate/training.json')).toMatchObject({
        threshold: 0.3,
        folds_by: 'group',
        fold_accuracy: [expect.any(Number), expect.any(Number), expect.any(Number)],
      });
    });

    it('answers by the threshold wherever it answers, and is measured by it', async () => {
      const { manifest, golden } = await readBundle(join(home, 'models/dear/1'));
      expect(manifest).toMatchObject({ task: 'binary', classes: ['no', 'yes'], threshold: 0.3 });
      for (const { probabilities, prediction } of golden.rows)
        expect(prediction).toBe(probabilities[1] >= 0.3 ? 'yes' : 'no');
      const { evaluation } = json<ClassifierReport>(ran.config, 'evaluation/evaluation.json');
      const inForce = evaluation.thresholds!.find(({ threshold }) => threshold === 0.3)!;
      expect(evaluation).toMatchObject({
        threshold: 0.3,
        metrics: { accuracy: inForce.accuracy, recall: inForce.recall },
      });
      expect(inForce.recall).toBeGreaterThan(evaluation.thresholds!.at(-1)!.recall);
    });

    it('is told apart by categories, also by those that it must not know', () => {
      const { slices, evaluation } = json<ClassifierReport>(ran.config, 'evaluation/evaluation.json');
      const ofColumn = (column: string) => slices.filter((slice) => slice.column === column);
      expect(new Set(slices.map(({ column }) => column))).toEqual(new Set(['street', 'kind', 'lift']));
      expect(
        ofColumn('kind')
          .map(({ value }) => value)
          .sort(),
      ).toEqual(['house', 'loft', 'studio']);
      for (const column of ['street', 'kind', 'lift'])
        expect(ofColumn(column).reduce((sum, slice) => sum + slice.rows, 0)).toBe(evaluation.rows);
      const [lift, none] = [true, false].map((value) => ofColumn('lift').find((slice) => slice.value === value)!);
      // It predicts the same for both, but outcomes differ.
      expect(Math.abs(lift.said! - none.said!)).toBeLessThan(lift.observed! - none.observed!);
    });

    it('has its card in the folder of its version: number, day, commit, verdict, thresholds, folds', async () => {
      const { manifest } = await readBundle(join(home, 'models/dear/1'));
      const text = textOf(join(home, 'models/dear/1/model-card.html'));
      expect(text).toContain('dear version 1 Predicts dear from size, kind. Gate It passed the gate.');
      expect(text).toContain(`threshold 0.3 trained ${manifest.timestamp} commit `);
      expect(text).toMatch(
        /target dear rows of the table [\d,]+ rows dropped none rows of the training part [\d,]+ rows of the test part [\d,]+ /,
      );
      expect(text).toContain('split by group: street');
      expect(text).toContain('That of this model is 0.3.');
      expect(text).toContain('No two folds share a group.');
      expect(textOf(join(home, 'artifacts/dear/evaluation/model-card.html'))).toContain('dear candidate Predicts');
    });

    it('becomes a version of its own by another threshold, beside the champion by class', async () => {
      const file = readFileSync(join(home, 'config/models/dear.yaml'), 'utf8').split('\n').slice(2).join('\n');
      const { registration, stages } = await run('dear', file.replace('threshold: 0.3', 'threshold: 0.6'));
      expect(stages).toEqual({ validate: 'up to date', preprocess: 'up to date', train: 'done', evaluate: 'done' });
      expect(registration.version).toBe('2');
      expect((await readBundle(join(home, 'models/dear/2'))).manifest.threshold).toBe(0.6);
      const { comparison } = json<ClassifierReport>(ran.config, 'evaluation/evaluation.json');
      const [, yes] = comparison!.per_class;
      expect(yes.candidate.recall).toBeLessThan(yes.champion.recall);
      expect(textOf(join(home, 'models/dear/2/model-card.html'))).toContain(
        'Beside the champion, on the rows on which both are compared.',
      );
    });
  });

  describe('of numbers, split by time', () => {
    let ran: Awaited<ReturnType<typeof run>>;
    beforeAll(async () => {
      ran = await run(
        'rent',
        `data: { path: rents.csv, target: rent, split: { by: time, column: day, test: 0.3 } }\ntask: regression\n${COLUMNS}`,
      );
    });

    it('is trained on what came before, in every fold too', async () => {
      expect(ran.registration).toMatchObject({ outcome: 'registered', version: '1' });
      const [train, test] = (await parts(ran.config, 'side')) as string[][];
      expect(train.toSorted().at(-1)! < test.toSorted()[0]).toBe(true);
      expect(json<Training>(ran.config, 'candidate/training.json')).toMatchObject({
        folds_by: 'time',
        fold_rmse: [expect.any(Number), expect.any(Number), expect.any(Number)],
      });
    });

    it('tells by how much its error rises without a column, and where errors are', () => {
      const { importance, slices, evaluation } = json<RegressionReport>(ran.config, 'evaluation/evaluation.json');
      const [first] = importance.toSorted((a, b) => b.mean - a.mean);
      expect(first.feature).toBe('size');
      expect(first.mean).toBeGreaterThan(evaluation.metrics.rmse);
      const [lift, none] = [true, false].map((value) => slices.find((slice) => slice.value === value)!);
      expect(lift.bias).toBeLessThan(-50);
      expect(none.bias).toBeGreaterThan(50);
    });

    it('has its card in the folder of its version, with its residuals', () => {
      const text = textOf(join(home, 'models/rent/1/model-card.html'));
      expect(text).toContain('rent version 1 Predicts rent from size, kind. Gate It passed the gate.');
      expect(text).toContain('Each fold is later than the rows that its model was trained on. RMSE Fold 1');
      expect(text).toContain('Errors Prediction minus target;');
      expect(text).toContain('lift: true');
    });
  });
});
