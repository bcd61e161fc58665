import type { StageOptions } from '../stage.options.js';
import { readRecipe } from '#bundle';
import { InputError, namingSetting } from '#kit';
import { plainText, validateData, validationFiles, writeValidation } from '#validation';

/**
 * Checks the raw data and writes the reports, whether it passed or not.
 *
 * @throws InputError listing everything that was found, when any of it is an error
 */
export async function validate(
  { data, validation }: Pick<StageOptions, 'data' | 'validation'>,
  signal?: AbortSignal,
): Promise<void> {
  const { reports, reference, memoryMegabytes, ...rules } = validation;
  const { inputs: schema, unused } = await namingSetting('data.recipe', () => readRecipe(data.recipe));
  const report = await validateData(
    {
      data: data.path,
      schema,
      unused,
      target: data.target,
      missing: data.missing?.map(String),
      rules,
      reference,
      memoryMegabytes,
    },
    { signal },
  );
  await writeValidation(report, reports);
  if (report.passed) return;
  const { page } = validationFiles(reports);
  throw new InputError(`${data.path} is not fit to train on:\n${plainText(report)}\nThe whole report: ${page}`);
}
