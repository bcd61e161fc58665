import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPipelineConfig } from '#config';
import { InputError } from '#kit';
import { HostedWorkspace } from '#testing';
import { openModelFile, ownSections, runPipeline } from '#training';
import { FeaturePipeline } from '#features';
import { readBundle } from '#bundle';

/** Customers: text, gaps, days, an identifier, a column that gives the target away; and names that are hard to read. */
const HEADER = 'customer id,"a ""b""",tenure,contract,total.charges,joined,größe (ä.b),refund,__proto__,churned';

interface Customer {
  readonly cells: string[];
  readonly churned: string;
}

const ROWS = 300;

function customers(rows: number): Customer[] {
  let state = 7;
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  return Array.from({ length: rows }, (_, i) => {
    const tenure = Math.floor(72 * random());
    const contract = ['Month-to-month', 'One year', 'Two year'][Math.floor(3 * random())];
    const churned = random() < (contract === 'Month-to-month' && tenure < 36 ? 0.9 : 0.05) ? 'yes' : 'no';
    const charges = random() < 0.1 ? '?' : (tenure * (20 + 10 * random())).toFixed(2);
    const day = `20${10 + Math.floor(14 * random())}-0${1 + Math.floor(9 * random())}-1${Math.floor(10 * random())}`;
    const group = ['x', '__proto__', ''][Math.floor(3 * random())];
    const cells = [
      `C${i}`,
      random().toFixed(4),
      String(tenure),
      contract,
      charges,
      day,
      group,
      churned === 'yes' ? 'Y' : 'N',
      group,
    ];
    return { cells, churned };
  });
}

const csv = (rows: readonly Customer[], header = HEADER): string =>
  `${header}\n${rows.map(({ cells, churned }) => [...cells, churned].join(',')).join('\n')}\n`;

describe('A table of a stranger', () => {
  const workspace = new HostedWorkspace();
  const home = mkdtempSync(join(tmpdir(), 'skewless-home-'));
  const rows = customers(ROWS);
  const run = (...args: string[]) => workspace.runWith({ SKEWLESS_HOME: home }, ...args);
  const write = (text: string, name = 'customers.csv'): void => writeFileSync(join(home, name), text);
  const modelFile = join(home, 'config/models/customers.yaml');
  const edit = (from: string, to: string): void =>
    writeFileSync(modelFile, readFileSync(modelFile, 'utf8').replace(from, to));

  beforeAll(() => write(csv(rows)));

  it('becomes a model file, which says what is switched off and why', async () => {
    const { code, stdout } = await run('init', join(home, 'customers.csv'), '--target', 'churned', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'customers',
      task: 'binary',
      rows: ROWS,
      used: 6,
      unused: 3,
      notes: expect.arrayContaining([
        `"customer id" is not used: ${ROWS} different values in ${ROWS} rows`,
        '"refund" is not used: on its own it predicts the target for 100 % of unseen rows',
      ]) as string[],
    });
    expect(await run('init', join(home, 'customers.csv'), '--target', 'churned')).toMatchObject({
      code: 2,
      stderr: `error: ${modelFile} exists already: edit it, choose another --name, or replace it with --force.\n`,
    });
  });

  it('is trained, registered and scored offline as the version says, all outside of the project', async () => {
    edit('algorithm: auto', 'algorithm: gradient_boosting');
    edit('hyperparameters: {}', 'hyperparameters: {n_estimators: 20}');
    const { code, stdout, stderr } = await run('run', 'customers', '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      registration: { outcome: 'registered', model: 'customers', version: '1' },
    });
    const { manifest, pipeline } = await readBundle(join(home, 'models/customers/1'));
    expect(manifest).toMatchObject({
      task: 'binary',
      classes: ['no', 'yes'],
      lineage: { split: { by: 'hash', test_share: 0.2 } },
    });
    expect(pipeline.unused).toEqual(['customer id', 'refund', '__proto__', 'churned']);
    expect(new FeaturePipeline().compile(pipeline).inputs.map(({ name }) => name)).toContain('größe (ä.b)');
    const scored = await run('predict', 'customers', join(home, 'customers.csv'));
    expect([scored.code, scored.stderr]).toEqual([0, '']);
    const lines = scored.stdout.trim().split('\n');
    expect(lines).toHaveLength(ROWS + 1);
    const right = rows.filter(({ churned }, i) => lines[i + 1].startsWith(`${churned},`)).length;
    expect(right / ROWS).toBeGreaterThan(0.85);
  });

  it('is trained again only as far as its file or table have changed', async () => {
    const stages = async (): Promise<unknown> =>
      (JSON.parse((await run('run', 'customers', '--json')).stdout) as { stages: unknown }).stages;
    const [done, before] = ['done', 'up to date'];
    expect(await stages()).toEqual({ validate: before, preprocess: before, train: before, evaluate: before });
    edit('{n_estimators: 20}', '{n_estimators: 20, max_depth: 3}');
    expect(await stages()).toMatchObject({ validate: before, preprocess: before, train: done });
  });

  it('has stages for DVC', async () => {
    const { stdout } = await run('dvc', 'customers');
    expect(stdout).toContain('customers-train:\n    cmd: npx skewless train --model customers\n');
    expect(stdout).toContain('      - config/models/customers.yaml\n      - customers.csv\n');
  });

  const changed = (change: (cells: string[]) => void): Customer[] =>
    rows.map(({ cells, churned }, i) => {
      const copy = [...cells];
      if (i % 50 === 3) change(copy);
      return { cells: copy, churned };
    });

  it.each([
    ['a column renamed', csv(rows, HEADER.replace('tenure', 'Tenure')), /missing: tenure/],
    ['a column twice', csv(rows, HEADER.replace('joined', 'tenure')), /has the column "tenure" twice/],
    [
      'dates in another format',
      csv(changed((cells) => (cells[5] = '13/01/2020'))),
      /joined.*not a date written YYYY-MM-DD: 6 rows/,
    ],
    ['a decimal comma', csv(changed((cells) => (cells[4] = '"12,5"'))), /total\.charges.*not a number: 6 rows/],
    ['thousands separators', csv(changed((cells) => (cells[4] = '"1,234.5"'))), /total\.charges.*not a number: 6 rows/],
    ['trailing delimiters', csv(changed((cells) => (cells[7] += ','))), /not a valid row: 6 lines/],
  ])('is refused with %s, by the column and what is wrong', async (_what, text, message) => {
    write(text);
    // As the command does, without the second that starting one takes.
    const own = openModelFile(home, 'customers');
    const settings = loadPipelineConfig({ SKEWLESS_HOME: home }, {}, { file: own.file, sections: ownSections(own) });
    const context = { config: { ...settings, own }, progress: () => undefined, signal: new AbortController().signal };
    const refused = runPipeline(context, { keepChallenger: false });
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(message);
  });

  it('is taken with a category spelt otherwise, but not quietly', async () => {
    write(csv(changed((cells) => (cells[3] = 'month to month'))));
    const { code, stdout } = await run('run', 'customers');
    expect(code).toBe(0);
    expect(stdout).toContain(
      '"contract" has a value that the model file does not list in 6 rows, such as "month to month"',
    );
    const scored = await run('predict', 'customers', join(home, 'customers.csv'));
    expect(scored.stderr).toBe(
      'warning: "contract" has values that the model does not know in 6 of 300 rows, such as "month to month"\n',
    );
  });

  it('is not scored where cells have no place in their column', async () => {
    write(csv(changed((cells) => (cells[2] = 'many'))), 'new.csv');
    const { code, stderr } = await run('predict', 'customers', join(home, 'new.csv'));
    expect(code).toBe(2);
    expect(stderr).toContain(
      'has 6 values that the model does not accept:\nrow 4: "tenure" is "many"; expected a whole number\n',
    );
    write('tenure,colour\n1,red\n', 'new.csv');
    expect((await run('predict', 'customers', join(home, 'new.csv'))).stderr).toMatch(
      /lacks .*"contract".*, which the model needs/,
    );
  });
});
