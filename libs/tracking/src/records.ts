import type { ProcessIdentity } from '#kit';

/** JSON has no NaN and no infinity; MLflow uses these words, as protobuf's JSON does. */
export type MetricValue = number | 'NaN' | 'Infinity' | '-Infinity';

export type RunStatus = 'FINISHED' | 'FAILED' | 'KILLED';

export interface RunRecord {
  readonly type: 'run';
  /** Our id, 32 hexadecimal digits; MLflow assigns its own and stores ours as a tag. */
  readonly id: string;
  readonly experiment: string;
  readonly name: string;
  /** Milliseconds since 1970, as all times of records. */
  readonly startTime: number;
  readonly owner: ProcessIdentity;
}

export interface MetricRecord {
  readonly type: 'metric';
  readonly key: string;
  readonly value: MetricValue;
  readonly timestamp: number;
  readonly step: number;
}

export interface ParamRecord {
  readonly type: 'param';
  readonly key: string;
  readonly value: string;
}

export interface TagRecord {
  readonly type: 'tag';
  readonly key: string;
  readonly value: string;
}

/** A data set that a run read. https://mlflow.org/docs/latest/api_reference/rest-api.html#dataset */
export interface Dataset {
  readonly name: string;
  /** Distinguishes contents of one name, for example an MD5; MLflow stores 36 characters. */
  readonly digest: string;
  /** For example `local` or `http`. */
  readonly sourceType: string;
  /** Its origin, for example `{"uri": "data/raw/dataset.csv"}`, as JSON. */
  readonly source: string;
  /** Columns and types, as JSON. */
  readonly schema?: string;
  /** Summary statistics, as JSON. */
  readonly profile?: string;
}

export interface InputRecord {
  readonly type: 'input';
  readonly dataset: Dataset;
  /** Its purpose: `training`, `evaluation`. */
  readonly context: string;
}

export interface ArtifactRecord {
  readonly type: 'artifact';
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

export interface ModelVersion {
  /** The registered model. */
  readonly name: string;
  /** Our version number. MLflow numbers versions on its own and stores ours as the tag `skewless.version`. */
  readonly version: string;
}

export interface ModelVersionRecord extends ModelVersion {
  readonly type: 'model-version';
  /** Our id of the run that trained it. */
  readonly runId: string;
  /** The run's artifact folder that contains `MLmodel`. */
  readonly artifactPath: string;
}

export interface AliasRecord extends ModelVersion {
  readonly type: 'alias';
  readonly alias: string;
  /** When it was set. */
  readonly timestamp: number;
}

export interface EndRecord {
  readonly type: 'end';
  readonly status: RunStatus;
  readonly endTime: number;
}

/** Records that one `runs/log-batch` request can hold. */
export type BatchRecord = MetricRecord | ParamRecord | TagRecord;

/** A line of a run's journal. */
export type TrackingRecord =
  RunRecord | BatchRecord | InputRecord | ArtifactRecord | ModelVersionRecord | AliasRecord | EndRecord;

export const isBatchRecord = (record: TrackingRecord): record is BatchRecord =>
  record.type === 'metric' || record.type === 'param' || record.type === 'tag';
