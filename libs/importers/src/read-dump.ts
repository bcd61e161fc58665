import { basename } from 'node:path';
import { InputError, readRegularFile, type UnreadableFileError } from '#kit';
import { digestOf } from '#bundle';
import type { DumpFormat } from './dump-format.js';
import { readLightgbm } from './lightgbm/read-lightgbm.js';
import { readUbjson } from './xgboost/ubjson.js';
import { readXgboost } from './xgboost/read-xgboost.js';
import { DumpFlaw } from './trees/dump-flaw.js';
import type { TranslatedModel, TreeChoice } from './trees/translated-model.js';

/** A thousand trees of depth 10 take half of it as JSON. */
const MAX_BYTES = 268_435_456;

/** The formats of trees that are read as saved by their library. */
export type TreeFormat = Exclude<DumpFormat, 'sklearn' | 'sklearn-pipeline' | 'onnx'>;

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    throw new DumpFlaw('', `is not valid JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

/** Translates a model's bytes. @throws DumpFlaw where they are wrong or not supported */
export function translate(bytes: Buffer, format: TreeFormat, choice: TreeChoice): TranslatedModel {
  if (format === 'lightgbm') return readLightgbm(bytes.toString('utf8'));
  return readXgboost(format === 'xgboost-json' ? parseJson(bytes) : readUbjson(bytes), choice);
}

/**
 * Reads a model file of XGBoost or LightGBM.
 *
 * @throws InputError saying which place of the file is wrong or not supported, and what to do instead
 */
export async function readDump(
  path: string,
  format: TreeFormat,
  choice: TreeChoice,
): Promise<{ readonly model: TranslatedModel; readonly sha256: Readonly<Record<string, string>> }> {
  const bytes = await readRegularFile(path, MAX_BYTES).catch(({ message }: UnreadableFileError) => {
    throw new InputError(`${message}.`);
  });
  try {
    return { model: translate(bytes, format, choice), sha256: { [basename(path)]: digestOf(bytes).sha256 } };
  } catch (error) {
    if (!(error instanceof DumpFlaw)) throw error;
    throw new InputError(error.inFile(path));
  }
}
