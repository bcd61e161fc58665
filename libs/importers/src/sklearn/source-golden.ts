import type { Golden } from '#bundle';
import { type FeatureTransform, type FittedPipeline, readersOf } from '#features';
import { InputError } from '#kit';
import { answered } from '../trees/translated-golden.js';
import type { AnsweredRow } from './read-export.js';

/**
 * Golden rows from scikit-learn's answers. Where the features of a row are recorded, ours must equal them.
 *
 * @throws InputError naming the cell that its column does not accept
 */
export function sourceGolden(
  path: string,
  rows: readonly AnsweredRow[],
  pipeline: FittedPipeline,
  transform: FeatureTransform,
): Golden {
  const { inputs } = pipeline;
  const raw = readersOf(pipeline).map((reader, c) => {
    const { name } = inputs[c];
    return Float64Array.from(rows, ({ input }, row) => {
      const value = input[name];
      const number = reader.fromJson(value);
      if (number !== undefined) return number;
      throw new InputError(
        `${path}: rows[${row}].input: "${name}": expected ${reader.expected}, got ${JSON.stringify(value)}. Export the model again with a sample like its training data.`,
      );
    });
  });
  const golden = answered(transform, raw, (_, row) => rows[row]);
  return {
    ...golden,
    rows: golden.rows.map(({ input, features }, row) => {
      const { probabilities, prediction, features: told = features } = rows[row];
      return { input: { ...input, ...rows[row].input }, features: told, probabilities, prediction };
    }),
  };
}
