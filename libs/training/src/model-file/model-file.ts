import type { Task } from '#bundle';
import type { RawColumn } from '#schema';

/** What a model may predict. */
export const TASKS = ['binary', 'multiclass', 'regression'] as const satisfies readonly Task[];

export const SPLITS = ['hash', 'random', 'group', 'time'] as const;

/** Which rows of a table are the test part. */
export interface SplitOptions {
  /**
   * `hash`: by a hash of seed and row, whatever other rows there are. `random`: the same share of every class, or of every tenth
   * of the values of a regression. `group`: rows that agree in a column stay together. `time`: the latest by a column.
   */
  readonly by: (typeof SPLITS)[number];
  /** Share of the test part, from 0 to 1. */
  readonly test: number;
  /** Of the groups, or of the time. */
  readonly column?: string;
}

/** A column of the table, as a person reads and edits it. */
export type ModelColumn = (RawColumn extends infer Column
  ? Column extends RawColumn
    ? Omit<Column, 'name' | 'nullable'>
    : never
  : never) & {
  readonly nullable?: boolean;
  /** Whether the model gets it; true if not given. */
  readonly use?: boolean;
  /** Why it is not used: for people. */
  readonly why?: string;
  /** Between which numbers its values lay when the file was made: for people; `minimum` and `maximum` are enforced. */
  readonly seen?: readonly [number, number] | readonly [string, string];
};

/** `config/models/<name>.yaml`: all that a model's owner decides, in one file. */
export interface ModelFile {
  readonly name: string;
  readonly data: { readonly path: string; readonly target: string; readonly split: SplitOptions };
  readonly task: Task;
  /** Of two classes the one whose probability is answered. */
  readonly positive?: string | number;
  /** Of two classes: from which probability of the second, positive one on it is predicted. */
  readonly threshold?: number;
  /** By name, in the order of the table: a column may have any name. */
  readonly columns: ReadonlyMap<string, ModelColumn>;
  /** Steps from raw columns to features; `auto` chooses them by the columns' kinds and the learner. */
  readonly recipe:
    | 'auto'
    | {
        readonly steps: readonly object[];
        readonly outputs: readonly string[];
        /** Whether features may lack a value. */
        readonly accepts_missing?: boolean;
      };
  /** Sections of config.yaml, as far as the file says something else. */
  readonly sections: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
