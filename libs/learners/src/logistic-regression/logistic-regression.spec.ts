import { predictProbabilities } from '../predict.js';
import { RandomStream } from '#kit';
import { trainModel } from '../train-model.js';
import type { LogisticRegressionModel } from './logistic-regression.js';

/** Columns of normal numbers with mean `middle` and scale `unit`; the class has the largest noisy linear margin. */
function linearTable(classes: number, columns: readonly { unit: number; middle?: number }[], rows = 1_000) {
  const random = new RandomStream(9, columns.length);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
  const signals = columns.map(() => Array.from({ length: rows }, normal));
  const labels = Int32Array.from({ length: rows }, (_, row) => {
    const margins = Array.from({ length: classes }, (_, c) =>
      signals.reduce((sum, signal, f) => sum + signal[row] * Math.cos(c * 3 + f * 2), normal()),
    );
    return margins.indexOf(Math.max(...margins));
  });
  const features = signals.map((signal, f) =>
    Float32Array.from(signal, (value) => columns[f].unit * (value + (columns[f].middle ?? 0))),
  );
  return { features, labels, classes };
}

type Table = ReturnType<typeof linearTable>;

async function fit(table: Table, hyperparameters: { l2: number; max_iterations?: number }) {
  const spec = { kind: 'logistic_regression', hyperparameters } as const;
  return (await trainModel(spec, table, { seed: 1, threads: 1 })) as LogisticRegressionModel;
}

/** The largest component of the penalised loss's gradient, per change that moves margins by about 1. */
function largestSlope(model: LogisticRegressionModel, { features, labels, classes }: Table, l2: number): number {
  const probabilities = predictProbabilities(model, features);
  const slopes = model.coefficients.flatMap((coefficients, output) => {
    const positive = classes === 2 ? 1 : output;
    const residuals = Array.from(
      labels,
      (label, row) => probabilities[row * classes + positive] - Number(label === positive),
    );
    return features.map((column, f) => {
      const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
      const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
      const slope = residuals.reduce((sum, residual, row) => sum + residual * (column[row] - mean), 0);
      return (slope + l2 * coefficients[f]) / (deviation + Math.sqrt(l2)) / labels.length;
    });
  });
  return Math.max(...slopes.map(Math.abs));
}

describe('logistic_regression', () => {
  // scikit-learn 1.9, LogisticRegression(C=1/l2, solver="newton-cholesky", tol=1e-10) on the same rows.
  it.each<[string, Table, number, number[][]]>([
    [
      'a column of tiny unit',
      linearTable(2, [{ unit: 1 }, { unit: 1 }, { unit: 1e-12 }]),
      1,
      [[-1.698065, 0.6158589, 2.099767e-10]],
    ],
    [
      'four classes, and a column of small unit',
      linearTable(4, [{ unit: 1 }, { unit: 1 }, { unit: 1e-3 }]),
      1,
      [
        [1.022249, -0.4353532, -0.06067906],
        [-0.9424561, 0.4503889, 0.07329808],
        [0.8379939, -0.05678594, -0.1576831],
        [-0.9177867, 0.04175024, 0.145064],
      ],
    ],
    [
      'columns of many units',
      linearTable(4, [{ unit: 1 }, { unit: 1e-3 }, { unit: 1e-2 }, { unit: 0.1 }]),
      1e-3,
      [
        [1.332083, -70.7924, -81.06933, 11.38972],
        [-1.300247, 64.74627, 80.97488, -10.39486],
        [1.198, 24.27815, -103.0802, 9.816999],
        [-1.229836, -18.23202, 103.1747, -10.81186],
      ],
    ],
  ])('finds the coefficients of scikit-learn with %s', async (_, table, l2, expected) => {
    const { coefficients, converged } = await fit(table, { l2 });
    coefficients.forEach((own, output) =>
      own.forEach((value, f) => {
        const right = expected[output][f];
        expect(Math.abs(value - right)).toBeLessThan(1e-4 * Math.abs(right) + 1e-8);
      }),
    );
    expect(converged).toBe(true);
  });

  it.each<[string, Table, number]>([
    ['huge units', linearTable(4, [{ unit: 1e12 }, { unit: 1 }, { unit: 1e30 }]), 1],
    [
      'middles far from 0',
      linearTable(2, [
        { unit: 1, middle: 1e3 },
        { unit: 1e6, middle: 30 },
        { unit: 1e-3, middle: -2e3 },
      ]),
      1,
    ],
    ['nearly no penalty', linearTable(3, [{ unit: 1 }, { unit: 1e-6 }]), 1e-9],
    ['hardly anything but the penalty', linearTable(3, [{ unit: 1 }, { unit: 1e-6 }]), 1e6],
    [
      '60 columns of seven units',
      linearTable(
        4,
        Array.from({ length: 60 }, (_, f) => ({ unit: 10 ** ((f % 7) - 3), middle: f % 5 })),
      ),
      1,
    ],
    ['a class that no row has', { ...linearTable(3, [{ unit: 1 }, { unit: 1 }]), classes: 4 }, 1],
  ])('converges to where the penalised loss is flat with %s', async (_, table, l2) => {
    const model = await fit(table, { l2 });
    expect(model.converged).toBe(true);
    expect(largestSlope(model, table, l2)).toBeLessThan(1e-6);
  });

  it('says when it has not converged', async () => {
    const table = linearTable(4, [{ unit: 1 }, { unit: 1 }]);
    expect((await fit(table, { l2: 1, max_iterations: 2 })).converged).toBe(false);
  });
});
