import type { ProcessIdentity } from '#kit';

/** JSON knows no NaN and no infinity; MLflow takes them as these words, as protobuf's JSON does. */
export type MetricValue = number | 'NaN' | 'Infinity' | '-Infinity';

export type RunStatus = 'FINISHED' | 'FAILED' | 'KILLED';

export interface RunRecord {
  readonly type: 'run';
  /** Ours, 32 hexadecimal digits; MLflow gives the run another one and keeps ours as a tag. */
  readonly id: string;
  readonly experiment: string;
  readonly name: string;
  /** Milliseconds since 1970, as all times here. */
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
  /** Tells two contents of one name apart, such as an MD5; MLflow keeps 36 characters. */
  readonly digest: string;
  /** Such as `local` or `http`. */
  readonly sourceType: string;
  /** Where it came from, such as `{"uri": "data/raw/dataset.csv"}` as JSON. */
  readonly source: string;
  /** Columns and types, as JSON. */
  readonly schema?: string;
  /** Summary statistics, as JSON. */
  readonly profile?: string;
}

export interface InputRecord {
  readonly type: 'input';
  readonly dataset: Dataset;
  /** What it was read for: `training`, `evaluation`. */
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
  /** Our number. MLflow counts for itself and keeps ours as the tag `skewless.version`. */
  readonly version: string;
}

export interface ModelVersionRecord extends ModelVersion {
  readonly type: 'model-version';
  /** The run that trained it, by our id. */
  readonly runId: string;
  /** The folder among the run's artifacts that holds `MLmodel`. */
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

/** What goes to MLflow in one `runs/log-batch`, many at a time. */
export type BatchRecord = MetricRecord | ParamRecord | TagRecord;

/** A line of a run's journal. */
export type TrackingRecord =
  RunRecord | BatchRecord | InputRecord | ArtifactRecord | ModelVersionRecord | AliasRecord | EndRecord;

export const isBatchRecord = (record: TrackingRecord): record is BatchRecord =>
  record.type === 'metric' || record.type === 'param' || record.type === 'tag';
