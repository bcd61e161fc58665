import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { InputError, readText } from '#kit';
import { dumpFormat } from './dump-format.js';
import type { SignatureColumn } from './trees/named-by-signature.js';

/** The file to read a model from. */
export interface MlflowModelFile {
  readonly file: string;
  /** The columns of its MLflow signature. */
  readonly signature?: readonly SignatureColumn[];
}

/** Flavours whose file is read directly. */
const READ = ['xgboost', 'lightgbm', 'onnx'] as const;

const NEVER_OPENED = 'which can run any code and is never opened';
const PICKLES = /\.(?:pkl|skops)$/;
/** How to log the model itself, by flavour. */
const REMEDIES: Readonly<Record<(typeof READ)[number], string>> = {
  lightgbm:
    'MLflow pickles what has the interface of scikit-learn: log its booster, by mlflow.lightgbm.log_model(model.booster_)',
  xgboost: 'Log it by mlflow.xgboost.log_model',
  onnx: 'Log it by mlflow.onnx.log_model',
};

type Flavors = Readonly<Record<string, { readonly data?: unknown } | undefined>>;

/** The path of a flavour's file in the folder. */
function dataOf(folder: string, flavor: string, data: unknown): string {
  if (typeof data === 'string' && data !== '' && !data.split(/[\\/]/).includes('..') && !/^[\\/]/.test(data)) {
    return join(folder, data);
  }
  throw new InputError(
    `${join(folder, 'MLmodel')} names ${JSON.stringify(data)} as the file of ${flavor}; it must be a file of the folder.`,
  );
}

/** The export of tools/export_sklearn.py, if it is in the folder. */
async function exportIn(folder: string): Promise<string | undefined> {
  const names = (await readdir(folder, { withFileTypes: true })).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.json'),
  );
  for (const { name } of names) {
    const format = await dumpFormat(join(folder, name)).catch(() => undefined);
    if (format === 'sklearn-pipeline') return join(folder, name);
  }
  return undefined;
}

function signatureOf(inputs: unknown): readonly SignatureColumn[] | undefined {
  if (typeof inputs !== 'string') return undefined;
  try {
    const columns = JSON.parse(inputs) as readonly Partial<SignatureColumn>[];
    const isNamed =
      Array.isArray(columns) && columns.every(({ name, type }) => typeof name === 'string' && typeof type === 'string');
    return isNamed ? (columns as readonly SignatureColumn[]) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The file of a model: the path itself, or for an MLflow folder the file of its flavour. Pickles are never opened: for
 * the sklearn flavour, an export beside the pickle is read.
 *
 * @throws InputError on a folder without a readable model, with what to do instead
 */
export async function modelFile(path: string): Promise<MlflowModelFile> {
  const isFolder = await stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) return { file: path };
  const description = join(path, 'MLmodel');
  const { flavors = {}, signature } = await readDescription(description);
  const known = READ.find((flavor) => flavors[flavor]);
  const columns = signatureOf(signature?.inputs);
  if (known) {
    const file = dataOf(path, known, flavors[known]?.data);
    if (PICKLES.test(file))
      throw new InputError(`${path} holds a pickle of ${known}, ${NEVER_OPENED}. ${REMEDIES[known]}.`);
    return { file, ...(columns && { signature: columns }) };
  }
  const names = Object.keys(flavors).filter((flavor) => flavor !== 'python_function');
  if (names.includes('sklearn')) {
    const exported = await exportIn(path);
    if (exported) return { file: exported };
    throw new InputError(
      `${path} holds a pickle of scikit-learn, ${NEVER_OPENED}. Export the pipeline by tools/export_sklearn.py, and log the file beside it, or import that.`,
    );
  }
  throw new InputError(
    `${description} has the flavour ${names.join(', ') || 'python_function alone'}; imported are ${READ.join(', ')}, and sklearn with what tools/export_sklearn.py wrote beside it.`,
  );
}

async function readDescription(
  path: string,
): Promise<{ flavors?: Flavors; signature?: { readonly inputs?: unknown } }> {
  const text = await readText(path);
  try {
    const document: unknown = parse(text);
    if (typeof document === 'object' && document !== null) return document;
  } catch {
    // Invalid YAML is handled as a text that is no object.
  }
  throw new InputError(`${path} is not a valid MLmodel file of MLflow.`);
}
