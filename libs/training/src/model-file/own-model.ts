import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InputError } from '#kit';
import type { ModelFile } from './model-file.js';
import { readModelFile } from './read-model-file.js';

/** A model with a file of its own, and where what belongs to it lies. */
export interface OwnModel {
  /** `<home>/config/models/<name>.yaml` */
  readonly file: string;
  /** The folder that its paths begin in. */
  readonly home: string;
  readonly model: ModelFile;
}

const OFF = { severity: 'off' };
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

/** Where a model's own file is. @throws InputError on a name that is none */
export function modelFilePath(home: string, name: string): string {
  if (!NAME.test(name))
    throw new InputError(
      `"${name}" is no name for a model: it must be letters, digits, ".", "_" and "-", a letter or digit first.`,
    );
  return join(home, 'config', 'models', `${name}.yaml`);
}

/** @throws InputError when there is no such file, or it is wrong */
export function openModelFile(home: string, name: string): OwnModel {
  const file = modelFilePath(home, name);
  return { file, home, model: readModelFile(file, name) };
}

/**
 * What a model is trained by again: its own file; undefined for the model of config.yaml, which needs none.
 *
 * @param configured `training.model` of config.yaml
 * @throws InputError for any other model without a file, as one that was imported: nothing says what it would be trained on
 */
export function openTrainedModel(home: string, name: string, configured: string): OwnModel | undefined {
  return name === configured && !existsSync(modelFilePath(home, name)) ? undefined : openModelFile(home, name);
}

/** What the file says in the words of config.yaml, and where everything of the model goes. */
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
      // Numbers are no classes.
      ...(model.task === 'regression' && { classBalance: OFF, conflictingLabels: OFF }),
      ...sections.validation,
      reports: join(home, 'artifacts', name, 'validation'),
    },
    training: { ...sections.training, model: name, artifacts: join(home, 'artifacts', name) },
    tracking: { directory: join(home, 'runs') },
  };
}
