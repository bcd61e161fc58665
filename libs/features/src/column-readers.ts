import { type ColumnReader, kindOf } from '#schema';
import type { PipelineRecipe } from './pipeline.js';
import { textNormalizers } from './text-normalizers.js';

/**
 * The readers of a pipeline's raw columns, in order. Its `string_normalize` steps are applied as a cell is read.
 *
 * @param marksUnknown reads unknown values as `UNKNOWN_CODE` even where the column treats them as missing, so that the
 *   caller can count them
 */
export function readersOf(
  pipeline: Pick<PipelineRecipe, 'inputs' | 'steps' | 'missing'>,
  marksUnknown = false,
): ColumnReader[] {
  const { inputs, missing } = pipeline;
  const normalizers = textNormalizers(pipeline);
  return inputs.map((column) =>
    kindOf(column).reader(column, { missing, marksUnknown, normalize: normalizers.get(column.name) }),
  );
}
