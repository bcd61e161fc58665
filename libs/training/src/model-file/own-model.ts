import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError, PLAIN_NAME } from '#kit';
import type { ModelFile } from './model-file.js';
import { readModelFile } from './read-model-file.js';

/** A model with its own file. */
export interface OwnModel {
  /** `<home>/config/models/<name>.yaml` */
  readonly file: string;
  /** The folder that its paths are relative to. */
  readonly home: string;
  readonly model: ModelFile;
}

const OFF = { severity: 'off' };

/** The path of a model's own file. @throws InputError on an invalid name */
export function modelFilePath(home: string, name: string): string {
  if (!PLAIN_NAME.test(name))
    throw new InputError(
      `"${name}" is not a valid model name: use letters, digits, ".", "_" and "-", starting with a letter or digit.`,
    );
  return join(home, 'config', 'models', `${name}.yaml`);
}

/** @throws InputError when the file does not exist, or is invalid */
export function openModelFile(home: string, name: string): OwnModel {
  const file = modelFilePath(home, name);
  return { file, home, model: readModelFile(file, name) };
}

/**
 * Opens the file by which a model is retrained; undefined for the model of config.yaml, which needs none.
 *
 * @param configured `training.model` of config.yaml
 * @throws InputError for any other model without a file, such as an imported one, whose training data is unknown
 */
export function openTrainedModel(home: string, name: string, configured: string): OwnModel | undefined {
  return name === configured && !existsSync(modelFilePath(home, name)) ? undefined : openModelFile(home, name);
}

/** Converts the file to sections of config.yaml, including the paths of the model's outputs. */
export function ownSections({ file, home, model }: OwnModel): ModelFile['sections'] {
  const { name, data, sections } = model;
  return {
    ...sections,
    data: {
      ...sections.data,
      path: resolve(home, data.path),
      target: data.target,
      recipe: file,
      processed: join(home, 'data', 'processed', name),
    },
    validation: {
      // Checks of classes do not apply to a regression.
      ...(model.task === 'regression' && { classBalance: OFF, conflictingLabels: OFF }),
      ...sections.validation,
      reports: join(home, 'artifacts', name, 'validation'),
    },
    training: { ...sections.training, model: name, artifacts: join(home, 'artifacts', name) },
    tracking: { directory: join(home, 'runs') },
  };
}
