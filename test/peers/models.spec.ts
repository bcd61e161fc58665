import { spawnSync } from 'node:child_process';

interface Result {
  readonly source: string;
  readonly name: string;
  readonly rows: number;
  readonly splits: number;
  readonly trees: number;
  readonly classes: number;
  readonly leavesDiffering: number;
  readonly worstMargin: number;
  readonly labelsDiffering: number;
  readonly worst: number;
}

/** Eight models of each source, each with rows on its thresholds and next to them; the whole table is docs/model-parity.md. */
it.each(['sklearn', 'xgboost', 'lightgbm'])('imported models come to the very leaves of their source: %s', (source) => {
  const { status, stdout } = spawnSync(process.execPath, ['bench/models/run.mjs', source, '--ci'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
  });
  process.stdout.write(stdout);
  expect(status).toBe(0);
  const results = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Result);
  expect(results).toHaveLength(8);
  for (const { name, rows, splits, trees, classes, worstMargin, worst, ...differing } of results) {
    expect([name, rows, trees > 1 && splits > 100]).toEqual([name, 2_000 + 3 * splits, true]);
    expect([name, differing.leavesDiffering, differing.labelsDiffering]).toEqual([name, 0, 0]);
    expect(worstMargin).toBeLessThanOrEqual(1);
    // Of a probability as such, of a number as a share of it; XGBoost adds up float32.
    expect(worst).toBeLessThan(source === 'xgboost' ? 1e-5 : classes > 0 ? 1e-7 : 1e-12);
  }
});

interface Mutated {
  readonly file: string;
  readonly dumps: number;
  readonly refused: number;
  readonly proven: number;
  readonly other: number;
}

/** By the importers themselves, up to a version that ONNX Runtime has proven; nothing is written of what is refused. */
it('a hundred damaged dumps are refused in words, or are models and proven', () => {
  const { status, stdout } = spawnSync(process.execPath, ['bench/models/mutate.mjs', '--ci'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.stdout.write(stdout);
  const files = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Mutated);
  expect(status).toBe(0);
  expect(files.map(({ dumps, refused, proven, other }) => [dumps, refused + proven, other])).toEqual(
    files.map(() => [25, 25, 0]),
  );
  expect(files).toHaveLength(4);
  expect(files.every(({ refused, proven }) => refused > 0 && proven > 0)).toBe(true);
});
