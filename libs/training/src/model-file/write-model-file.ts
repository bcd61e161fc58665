import { stringify } from 'yaml';
import type { ModelColumn, ModelFile } from './model-file.js';

/** Formats a value as YAML on one line. */
const inline = (value: unknown): string =>
  stringify(value, {
    version: '1.1',
    collectionStyle: 'flow',
    flowCollectionPadding: false,
    defaultStringType: 'PLAIN',
    defaultKeyType: 'PLAIN',
    lineWidth: 0,
    doubleQuotedMinMultiLineLength: 1e9,
  })
    .trim()
    .replace(/\n\s*/g, ' ');

/** Formats a name as a key; names that YAML would read as a number, boolean or null are quoted. */
const key = (name: string): string =>
  /^[A-Za-z_][\w.-]*$/.test(name) && !/^(true|false|null|~|yes|no|on|off)$/i.test(name) ? name : JSON.stringify(name);

const line = (name: string, column: ModelColumn, width: number, choices: readonly string[] = []): string =>
  `${choices.map((choice) => `  # or: ${choice}\n`).join('')}  ${`${key(name)}:`.padEnd(width)} ${inline(column)}\n`;

/**
 * The text of a model's file as `init` writes it: with comments, one line for each column.
 *
 * @param schema path or URL of its JSON Schema, for editors
 * @param choices alternatives by column, as lines of the file
 */
export function modelFileText(
  { name, data, task, positive, columns, sections }: ModelFile,
  schema: string,
  choices: ReadonlyMap<string, readonly string[]> = new Map(),
): string {
  const width = Math.min(40, Math.max(...[...columns.keys()].map((column) => key(column).length + 1)));
  const { path, target, split } = data;
  const { training, gate } = sections;
  const missing = sections.data?.missing;
  return `# yaml-language-server: $schema=${schema}
# All of the model "${name}": edit it and run "npx skewless run ${name}" again. Sections data, validation, training and gate take
# the keys of config.yaml too, which hold where this file says nothing: docs/your-data.md
format_version: 1
name: ${key(name)}
data:
  path: ${inline(path)} # CSV with a header, or Parquet; relative to SKEWLESS_HOME, or else to the project
  target: ${inline(target)} # the column to predict
  split: ${inline(split)} # by: hash, random, group or time; group and time need a column
${missing === undefined ? '' : `  missing: ${inline(missing)} # texts that stand for no value, also for the servers of the model\n`}task: ${task} # binary, multiclass or regression
${positive === undefined ? '' : `positive: ${inline(positive)} # whose probability is answered\n`}
# Of each column its kind. use: false keeps it from the model, though rows may have it. seen tells what its values were;
# minimum and maximum refuse others. unknown: other takes a category that is not among the values for one of its own; error
# refuses it, missing takes it for no value.
columns:
${[...columns].map(([column, found]) => line(column, found, width, choices.get(column))).join('')}
recipe: auto # steps from columns to features, by their kinds; or steps: and outputs:, as in config/features.yaml

training: ${inline(training)}
gate: ${inline(gate)} # bounds by name of a metric, as { roc_auc: 0.8 }
monitor: { rows: off, slices: [] }
renewal: { mode: off } # off, manual or auto
`;
}
