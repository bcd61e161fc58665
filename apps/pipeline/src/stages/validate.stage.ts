import { join } from 'node:path';
import type { PipelineConfig } from '#config';
import { writeJson } from '../data/write-file.js';
import { readRecipe } from '../import/fitted-recipe.js';
import { InputError } from '../input.error.js';
import { validateData } from '../validate/validate-data.js';
import type { CheckResult, ValidationReport } from '../validate/validation-report.js';

/** One failed check, as people read it. */
export const failureLine = ({ check, column, severity, message }: CheckResult): string =>
  `${severity}: ${check}${column ? ` of ${column}` : ''}: ${message}`;

/** Checks the raw data; writes `validation.json` and `reference_stats.json`, whether it passed or not. */
export async function validate({ data, validation }: PipelineConfig, signal?: AbortSignal): Promise<ValidationReport> {
  const { reports, reference, memoryMegabytes, ...rules } = validation;
  const { inputs } = await readRecipe(data.recipe);
  const report = await validateData(
    { data: data.path, schema: inputs, target: data.target, rules, reference, memoryMegabytes },
    { signal },
  );
  const { statistics, ...verdict } = report;
  await writeJson(join(reports, 'validation.json'), verdict);
  await writeJson(join(reports, 'reference_stats.json'), statistics);
  return report;
}

/** As {@link validate}, for a run of all stages. @throws InputError listing every error that was found */
export async function validateOrStop(config: PipelineConfig, signal?: AbortSignal): Promise<ValidationReport> {
  const report = await validate(config, signal);
  if (report.passed) return report;
  const errors = report.checks.filter(({ passed, severity }) => !passed && severity === 'error').map(failureLine);
  throw new InputError(`${config.data.path} does not pass the validation:\n${errors.join('\n')}`);
}
