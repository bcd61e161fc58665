import type { Task } from '#bundle';
import type { RawColumn } from '#schema';

/** The kinds of prediction tasks. */
export const TASKS = ['binary', 'multiclass', 'regression'] as const satisfies readonly Task[];

export const SPLITS = ['hash', 'random', 'group', 'time'] as const;

/** The split of a table into training part and test part. */
export interface SplitOptions {
  /**
   * `hash`: by a hash of seed and row, independent of other rows. `random`: stratified by class, or by decile for a regression.
   * `group`: rows with equal values in a column stay together. `time`: the latest rows by a column are the test part.
   */
  readonly by: (typeof SPLITS)[number];
  /** Share of the test part, from 0 to 1. */
  readonly test: number;
  /** The column of the groups, or of the time. */
  readonly column?: string;
}

/** A column of the table, as the user edits it. */
export type ModelColumn = (RawColumn extends infer Column
  ? Column extends RawColumn
    ? Omit<Column, 'name' | 'nullable'>
    : never
  : never) & {
  readonly nullable?: boolean;
  /** Whether the model uses it; defaults to true. */
  readonly use?: boolean;
  /** Why it is not used; informational. */
  readonly why?: string;
  /** Range of its values when the file was created; informational, unlike `minimum` and `maximum`. */
  readonly seen?: readonly [number, number] | readonly [string, string];
};

/** `config/models/<name>.yaml`: all decisions of a model's owner. */
export interface ModelFile {
  readonly name: string;
  readonly data: { readonly path: string; readonly target: string; readonly split: SplitOptions };
  readonly task: Task;
  /** The class whose probability is returned, of a binary task. */
  readonly positive?: string | number;
  /** The probability from which on the positive class is predicted, of a binary task. */
  readonly threshold?: number;
  /** By name, in the order of the table. A Map, because a column may have any name. */
  readonly columns: ReadonlyMap<string, ModelColumn>;
  /** Steps from raw columns to features; `auto` chooses them by the columns' kinds and the learner. */
  readonly recipe:
    | 'auto'
    | {
        readonly steps: readonly object[];
        readonly outputs: readonly string[];
        /** Whether features may be missing. */
        readonly accepts_missing?: boolean;
      };
  /** Sections that override those of config.yaml. */
  readonly sections: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
