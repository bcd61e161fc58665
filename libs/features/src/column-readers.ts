import { type ColumnReader, kindOf } from '#schema';
import type { PipelineRecipe } from './pipeline.js';
import { textNormalizers } from './text-normalizers.js';

/**
 * The readers of a pipeline's raw columns, in their order: its `string_normalize` steps are done as a cell is read.
 *
 * @param marksUnknown has unknown values read as `UNKNOWN_CODE` also where they are to be taken for missing ones, for who
 *   counts them
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
