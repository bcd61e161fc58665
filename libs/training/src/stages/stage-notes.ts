import type { StageOptions } from '../stage.options.js';
import { droppedText } from '../data/dropped-text.js';
import { readStructured } from '#kit';
import { failureLine, validationFiles, type ValidationVerdict } from '#validation';
import type { PreparedData } from '../files/prepared-data.js';
import { preparedFiles } from '../files/stage-files.js';

/** Notes for the user on a completed stage, of this or an earlier run; read from the stage's files. */
export async function stageNotes(
  stage: string,
  { data, validation }: Pick<StageOptions, 'data' | 'validation'>,
): Promise<string[]> {
  if (stage === 'validate') {
    const file = validationFiles(validation.reports).verdict;
    const { checks } = await readStructured<ValidationVerdict>(file, { type: 'object', required: ['checks'] });
    return checks.filter(({ passed }) => !passed).map(failureLine);
  }
  if (stage !== 'preprocess') return [];
  const { rows, notes = [] } = await readStructured<PreparedData>(preparedFiles(data.processed).metadata, {
    type: 'object',
  });
  return [droppedText(rows), ...notes];
}
