import { posix } from 'node:path';
import { TrackingError } from './tracking.error.js';

/**
 * What an MLflow server accepts.
 *
 * Sources: https://mlflow.org/docs/latest/api_reference/rest-api.html#log-batch and `mlflow/utils/validation.py`.
 */
export const MAX_METRICS_PER_BATCH = 1_000;
export const MAX_PARAMS_PER_BATCH = 100;
export const MAX_TAGS_PER_BATCH = 100;
export const MAX_ENTITIES_PER_BATCH = 1_000;
export const MAX_BATCH_BYTES = 1_000_000;
export const MAX_KEY_LENGTH = 250;
export const MAX_PARAM_VALUE_LENGTH = 6_000;
/** MLflow 3 takes 8,000; every version takes 5,000. */
export const MAX_TAG_VALUE_LENGTH = 5_000;
export const MAX_EXPERIMENT_NAME_LENGTH = 500;
export const MAX_DATASET_NAME_LENGTH = 500;
export const MAX_DATASET_DIGEST_LENGTH = 36;
export const MAX_DATASET_SOURCE_LENGTH = 65_535;
export const MAX_DATASET_SCHEMA_LENGTH = 1_048_575;
export const MAX_DATASET_PROFILE_LENGTH = 16_777_215;

const KEY = /^[\p{L}\p{N}_/. -]+$/u;
const ALIAS = /^[A-Za-z0-9_-]{1,255}$/;
const RESERVED_ALIAS = /^(latest|v\d+)$/i;
const MODEL_NAME = /^[\p{L}\p{N}_. -]+$/u;

const isNormal = (path: string): boolean =>
  posix.normalize(path) === path && path !== '.' && !path.startsWith('..') && !path.startsWith('/');

/** @throws TrackingError when MLflow would reject the key of a metric, param or tag */
export function checkKey(kind: string, key: string): void {
  if (KEY.test(key) && isNormal(key) && key.length <= MAX_KEY_LENGTH) return;
  throw new TrackingError(
    `The ${kind} key ${JSON.stringify(key)} must be 1 to ${MAX_KEY_LENGTH} letters, digits, "_", "-", ".", " " and "/", ` +
      'and read as a path it must be relative and normal',
  );
}

/** @throws TrackingError when a path could leave its run's artifact folder */
export function checkArtifactPath(path: string): void {
  if (path !== '' && isNormal(path) && !path.includes('\\')) return;
  throw new TrackingError(
    `The artifact path ${JSON.stringify(path)} must be relative and normal, with "/" as separator`,
  );
}

/** @throws TrackingError when MLflow would reject the name of a registered model */
export function checkRegisteredName(name: string): void {
  if (MODEL_NAME.test(name)) return;
  throw new TrackingError(`The model name ${JSON.stringify(name)} must be letters, digits, "_", "-", "." and " "`);
}

/** @throws TrackingError when MLflow would reject the alias, or reserves it */
export function checkAlias(alias: string): void {
  if (ALIAS.test(alias) && !RESERVED_ALIAS.test(alias)) return;
  throw new TrackingError(
    `The alias ${JSON.stringify(alias)} must be 1 to 255 letters, digits, "_" and "-", and not "latest" or like "v1"`,
  );
}
