import {
  MAX_BATCH_BYTES,
  MAX_DATASET_DIGEST_LENGTH,
  MAX_ENTITIES_PER_BATCH,
  MAX_KEY_LENGTH,
  MAX_METRICS_PER_BATCH,
  MAX_PARAM_VALUE_LENGTH,
  MAX_PARAMS_PER_BATCH,
  MAX_TAG_VALUE_LENGTH,
  MAX_TAGS_PER_BATCH,
} from '../limits.js';

export interface Entity {
  readonly key: string;
  readonly value: string;
}

export interface StubMetric {
  readonly key: string;
  readonly value: number | string;
  readonly timestamp: number;
  readonly step: number;
}

export interface StubBatch {
  readonly run_id: string;
  readonly metrics: readonly StubMetric[];
  readonly params: readonly Entity[];
  readonly tags: readonly Entity[];
}

export interface StubRun {
  readonly info: { run_id: string; artifact_uri: string; experiment_id: string; lifecycle_stage: string } & Record<
    string,
    unknown
  >;
  readonly params: Map<string, string>;
  readonly tags: Map<string, string>;
  /** In the order of arrival. */
  readonly metrics: StubMetric[];
  readonly inputs: unknown[];
}

/** An error response `{"error_code": ..., "message": ...}`. */
export class StubError extends Error {
  constructor(
    readonly status: number,
    readonly errorCode: string,
    message: string,
  ) {
    super(message);
  }
}

export const invalid = (message: string): StubError => new StubError(400, 'INVALID_PARAMETER_VALUE', message);
export const missing = (message: string): StubError => new StubError(404, 'RESOURCE_DOES_NOT_EXIST', message);

/** Python counts characters, not UTF-16 units. */
const lengthOf = (text: string): number => Array.from(text).length;

function checkMost(what: string, count: number, most: number): void {
  if (count > most) throw invalid(`A batch logging request can contain at most ${most} ${what}. Got ${count} ${what}.`);
}

function checkEntities(kind: string, entities: readonly { key: string; value: unknown }[], most: number): void {
  for (const { key, value } of entities) {
    if (!/^[\p{L}\p{N}_/. -]+$/u.test(key)) throw invalid(`Invalid ${kind} name: '${key}'`);
    if (lengthOf(key) > MAX_KEY_LENGTH) throw invalid(`${kind} key '${key}' exceeded length limit`);
    if (typeof value === 'string' && lengthOf(value) > most) throw invalid(`${kind} value exceeded length limit`);
  }
}

/** The checks of `mlflow/utils/validation.py` before a write. */
export function checkBatch({ metrics, params, tags }: StubBatch, bytes: number): void {
  if (bytes > MAX_BATCH_BYTES) throw invalid(`Batched logging API requests must be at most ${MAX_BATCH_BYTES} bytes`);
  checkMost('metrics', metrics.length, MAX_METRICS_PER_BATCH);
  checkMost('params', params.length, MAX_PARAMS_PER_BATCH);
  checkMost('tags', tags.length, MAX_TAGS_PER_BATCH);
  checkMost('metrics, params, and tags', metrics.length + params.length + tags.length, MAX_ENTITIES_PER_BATCH);
  checkEntities('Metric', metrics, Infinity);
  checkEntities('Param', params, MAX_PARAM_VALUE_LENGTH);
  checkEntities('Tag', tags, MAX_TAG_VALUE_LENGTH);
  if (new Set(params.map(({ key }) => key)).size < params.length) throw invalid('Duplicate parameter keys');
  for (const { value, timestamp, step } of metrics) {
    if (typeof value !== 'number' && !/^(NaN|-?Infinity)$/.test(value)) throw invalid(`Got invalid value ${value}`);
    if (!Number.isInteger(timestamp) || !Number.isInteger(step)) throw invalid('Got invalid timestamp or step');
  }
}

/** Replaces infinity as the SQL store does. */
function stored(metric: StubMetric): StubMetric {
  if (metric.value === 'Infinity') return { ...metric, value: Number.MAX_VALUE };
  return metric.value === '-Infinity' ? { ...metric, value: -Number.MAX_VALUE } : metric;
}

/** Params first, then metrics, then tags, as MLflow's stores do. `isSql`: an existing metric is not added again. */
export function writeBatch(run: StubRun, { metrics, params, tags }: StubBatch, isSql: boolean): void {
  if (run.info.lifecycle_stage === 'deleted') throw invalid(`The run must be in the 'active' state`);
  for (const { key, value } of params) {
    if ((run.params.get(key) ?? value) !== value) throw invalid(`Changing param values is not allowed: '${key}'`);
    run.params.set(key, value);
  }
  for (const metric of metrics.map(stored)) {
    const text = JSON.stringify(metric);
    if (!isSql || !run.metrics.some((other) => JSON.stringify(other) === text)) run.metrics.push(metric);
  }
  for (const { key, value } of tags) run.tags.set(key, value);
}

export function checkInputs(datasets: readonly { dataset: { name: string; digest: string } }[]): void {
  for (const { dataset } of datasets) {
    if (dataset.digest.length > MAX_DATASET_DIGEST_LENGTH) throw invalid('Dataset digest exceeds the maximum length');
  }
}
