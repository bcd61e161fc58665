import type { Task } from '#bundle';
import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { isScalar, parseDocument, type YAMLMap } from 'yaml';
import { InputError } from '#kit';
import type { ModelColumn, ModelFile, SplitOptions } from './model-file.js';
import { MODEL_FILE_SCHEMA } from './model-file-schema.js';

const SPLIT: SplitOptions = { by: 'hash', test: 0.2 };
const SECTIONS = ['data', 'validation', 'training', 'gate', 'renewal'] as const;

interface Parsed {
  readonly name: string;
  readonly data: { readonly path: string; readonly target: string; readonly split?: Partial<SplitOptions> };
  readonly task?: Task;
  readonly positive?: string | number;
  readonly threshold?: number;
  readonly columns: Record<string, ModelColumn>;
  readonly recipe?: 'auto';
  readonly steps?: readonly object[];
  readonly outputs?: readonly string[];
  readonly accepts_missing?: boolean;
}

const validate = new Ajv({
  allowUnionTypes: true,
  verbose: true,
  code: { optimize: false },
  inlineRefs: false,
  // The schema itself is validated by a test.
  validateSchema: false,
}).compile<Parsed>(MODEL_FILE_SCHEMA);

function inWords({ instancePath, message, params, data }: ErrorObject): string {
  const where = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~') || 'the file';
  const { additionalProperty, allowedValues, allowedValue } = params as {
    readonly additionalProperty?: string;
    readonly allowedValues?: readonly unknown[];
    readonly allowedValue?: unknown;
  };
  if (additionalProperty !== undefined) return `${where} has no key "${additionalProperty}"`;
  const allowed = allowedValues ?? (allowedValue === undefined ? undefined : [allowedValue]);
  if (allowed)
    return `${where} is ${JSON.stringify(data)}; it must be ${allowed.length > 1 ? 'one of ' : ''}${allowed.join(', ')}`;
  return `${where} ${message}`;
}

/** The columns in the order of the file: an object would move numeric names to the front. */
function columnsOf(map: YAMLMap, columns: Readonly<Record<string, ModelColumn>>): Map<string, ModelColumn> {
  const names = map.items.map(({ key }) =>
    isScalar(key) ? (typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))) : String(key),
  );
  const values = Object.entries(columns);
  const byName = new Map(values);
  return new Map(names.map((name) => [name, byName.get(name) ?? byName.get(String(Number(name)))!]));
}

/** Names of columns in a list, or in a text where spaces separate them. */
const namesIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(/\s+/).filter(Boolean) : [];

/**
 * Reads a model's file.
 *
 * @param path `config/models/<name>.yaml`
 * @param name the name that it must have
 * @throws InputError that says what is invalid, and what is valid
 */
export function readModelFile(path: string, name: string): ModelFile {
  const refuse = (what: string): never => {
    throw new InputError(`${path}: ${what}.`);
  };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw new InputError(`${path} cannot be read: ${message}.`);
    throw new InputError(
      `There is no model file ${path}; create it from a table: npx skewless init FILE --target COLUMN --name ${name}`,
    );
  }
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) return refuse(error.message.split('\n')[0].replace(/:$/, ''));
  const parsed: unknown = document.toJS();
  if (!validate(parsed)) return refuse(inWords(validate.errors!.at(-1)!));
  if (parsed.name !== name) return refuse(`name is "${parsed.name}"; it must be the file name, "${name}"`);
  const { data, task = 'binary', positive, threshold, columns, steps, outputs, accepts_missing } = parsed;
  if ((steps === undefined) !== (outputs === undefined)) return refuse('steps and outputs must be given together');
  if (steps && parsed.recipe) return refuse('recipe: auto and steps exclude each other; give one of them');
  if (accepts_missing !== undefined && !steps)
    return refuse('accepts_missing needs steps and outputs; with recipe: auto it is decided automatically');
  if (threshold !== undefined && task !== 'binary')
    return refuse(`threshold is ${threshold}, but the task is ${task}; only a binary task has a threshold`);
  const split = { ...SPLIT, ...data.split };
  if ((split.by === 'group' || split.by === 'time') !== (split.column !== undefined))
    return refuse(
      split.column === undefined
        ? `data.split.by is ${split.by}; set data.split.column to the column to split by`
        : `data.split.by is ${split.by}, which does not use data.split.column`,
    );
  const known = columnsOf(document.get('columns') as YAMLMap, columns);
  if (known.has(data.target)) return refuse(`columns has the target "${data.target}"; a model must not see the target`);
  const all = parsed as unknown as Record<string, Record<string, unknown>>;
  for (const key of ['slices', 'excluded']) {
    const stranger = namesIn(all.monitor?.[key]).find((column) => !known.has(column) && column !== data.target);
    if (stranger !== undefined) return refuse(`monitor.${key} names "${stranger}", which is not one of the columns`);
  }
  const sections = Object.fromEntries(SECTIONS.flatMap((key) => (all[key] ? [[key, { ...all[key] }]] : [])));
  delete sections.data.split;
  return {
    name,
    data: { ...data, split },
    task,
    ...(positive !== undefined && { positive }),
    ...(threshold !== undefined && { threshold }),
    columns: known,
    recipe: steps && outputs ? { steps, outputs, ...(accepts_missing !== undefined && { accepts_missing }) } : 'auto',
    sections,
  };
}
