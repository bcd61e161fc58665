import type { StageOptions } from '../stage.options.js';
import { recipeOf } from '../model-file/recipe-of.js';
import { InputError } from '#kit';
import { plainText, validateData, validationFiles, writeValidation } from '#validation';

/**
 * Validates the raw data and always writes the reports.
 *
 * @throws InputError listing all findings, when any of them is an error
 */
export async function validate(
  config: Pick<StageOptions, 'own' | 'data' | 'validation'>,
  signal?: AbortSignal,
): Promise<void> {
  const { data, validation } = config;
  const { reports, reference, memoryMegabytes, ...rules } = validation;
  const { inputs: schema, unused } = await recipeOf(config);
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
  throw new InputError(`${data.path} failed validation:\n${plainText(report)}\nFull report: ${page}`);
}
