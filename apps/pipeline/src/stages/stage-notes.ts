import type { PipelineConfig } from '#config';
import { droppedText } from '../data/dropped-text.js';
import { readStructured } from '../import/read-input.js';
import { failureLine } from '../validate/report/terminal-text.js';
import { validationFiles, type Verdict } from '../validate/report/write-validation.js';
import type { PreparedData } from './preprocess.stage.js';
import { preparedFiles } from './stage-files.js';

/** What people should know of a stage that is done, now or by an earlier run; read from what it has written. */
export async function stageNotes(stage: string, { data, validation }: PipelineConfig): Promise<string[]> {
  if (stage === 'validate') {
    const file = validationFiles(validation.reports).verdict;
    const { checks } = await readStructured<Verdict>(file, { type: 'object', required: ['checks'] });
    return checks.filter(({ passed }) => !passed).map(failureLine);
  }
  if (stage !== 'preprocess') return [];
  const { rows } = await readStructured<PreparedData>(preparedFiles(data.processed).metadata, { type: 'object' });
  return [droppedText(rows)];
}
