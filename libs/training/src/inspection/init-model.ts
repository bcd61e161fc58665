import { existsSync } from 'node:fs';
import { basename, isAbsolute, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError, projectRoot, writeFile } from '#kit';
import { type Inspection, inspectTable } from './inspect-table.js';
import type { Task } from '#bundle';
import { modelFilePath } from '../model-file/own-model.js';
import { modelFileText } from '../model-file/write-model-file.js';

export interface InitRequest {
  /** CSV with a header, or Parquet; relative to the working directory. */
  readonly file: string;
  readonly target: string;
  /** Defaults to the name of the file, made valid. */
  readonly name?: string;
  readonly task?: Task;
  /** Replaces an existing model file. */
  readonly force?: boolean;
  /** Folder of models, their files and tables. */
  readonly home: string;
}

export interface InitResult extends Omit<Inspection, 'file' | 'choices'> {
  readonly name: string;
  /** The file that was written. */
  readonly path: string;
  readonly task: Task;
  readonly used: number;
  readonly unused: number;
}

/** `sales figures (2024).csv` becomes `sales_figures_2024`, `häuser.csv` becomes `hauser`. */
function nameOf(file: string): string {
  const name = basename(file)
    .replace(/\.(csv|tsv|txt|parquet)$/i, '')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
  if (name === '') throw new InputError(`${file} cannot be turned into a model name; choose one with --name.`);
  return name;
}

/** A relative path where the file is inside of the folder, so that the folder can be moved. */
function within(folder: string, file: string): string {
  const path = relative(folder, file);
  return path.startsWith('..') || isAbsolute(path) ? file : path;
}

/** The path or URL of the JSON Schema, for editors. */
function schemaFor(path: string, home: string): string {
  const schema = resolve(projectRoot(), 'config', 'model.schema.json');
  return home === projectRoot() ? relative(resolve(path, '..'), schema) : pathToFileURL(schema).href;
}

/**
 * Inspects a table and writes a model's file that accepts all of its rows.
 *
 * @throws InputError when that file exists, or a model cannot be trained on the table
 */
export async function initModel(request: InitRequest, signal?: AbortSignal): Promise<InitResult> {
  const { file, target, task, force = false, home } = request;
  const name = request.name ?? nameOf(file);
  const path = modelFilePath(home, name);
  if (existsSync(path) && !force)
    throw new InputError(`${path} exists already: edit it, choose another --name, or replace it with --force.`);
  const table = resolve(file);
  const inspection = await inspectTable({ path: table, dataPath: within(home, table), name, target, task }, signal);
  const columns = [...inspection.file.columns.values()];
  const unused = columns.filter(({ use }) => use === false).length;
  await writeFile(path, modelFileText(inspection.file, schemaFor(path, home), inspection.choices));
  const { rows, unlabelled, notes } = inspection;
  return { name, path, task: inspection.file.task, rows, unlabelled, used: columns.length - unused, unused, notes };
}
