import { InputError } from '#kit';
import type { Task } from '#bundle';
import type { ColumnFacts } from './column-facts.js';

/** A target with more distinct texts is not categorical. */
const MOST_CLASSES = 100;
/** Whole numbers of at most this many distinct values may be classes or a measurement. */
const FEW_NUMBERS = 20;

/** The task, and a description of how it was determined. */
export interface DecidedTask {
  readonly task: Task;
  readonly because: string;
}

/** Whether the values are 0 to n - 1, the usual encoding of labels. */
const areCodes = ({ minimum, maximum, distinct }: ColumnFacts): boolean => minimum === 0 && maximum === distinct - 1;

/**
 * Determines the task from the target's values.
 *
 * @param asked the value of `--task`
 * @throws InputError where nothing can be learnt, or the target may be both classes and a number
 */
export function taskOf(path: string, target: ColumnFacts, asked?: Task): DecidedTask {
  const { name, rows, missing, distinct, numbers, whole } = target;
  const refuse = (what: string): never => {
    throw new InputError(`${path}: ${what}.`);
  };
  const labelled = rows - missing;
  const areNumbers = numbers === labelled;
  if (distinct < 2)
    return refuse(
      distinct === 0
        ? `the target "${name}" has no value in any row`
        : `the target "${name}" has the same value in all rows; a classifier needs at least two classes`,
    );
  if (asked === 'regression' && !areNumbers)
    return refuse(
      `the target "${name}" has ${labelled - numbers} values that are not numbers; a regression needs numbers`,
    );
  if (asked === 'binary' && distinct !== 2)
    return refuse(`the target "${name}" has ${distinct} different values; a binary task has 2`);
  if (asked === 'multiclass' && distinct > MOST_CLASSES && distinct > 0.1 * labelled)
    return refuse(`the target "${name}" has ${distinct} different values in ${labelled} rows; those are no classes`);
  const task = asked === 'multiclass' && distinct === 2 ? 'binary' : asked;
  if (task) return { task, because: 'as --task says' };
  if (distinct === 2) return { task: 'binary', because: 'the target has two values' };
  if (areNumbers) {
    if (whole < labelled || distinct > FEW_NUMBERS) return { task: 'regression', because: 'the target is a number' };
    if (areCodes(target))
      return {
        task: 'multiclass',
        because: `the target is 0 to ${distinct - 1}, as classes are coded; --task regression takes it for a number`,
      };
    return refuse(
      `the target "${name}" has ${distinct} different whole numbers, which may be classes or measurements; ` +
        `choose one: --task multiclass or --task regression`,
    );
  }
  if (distinct > MOST_CLASSES && distinct > 0.1 * labelled)
    return refuse(
      `the target "${name}" has ${distinct} different texts in ${labelled} rows, too many for classes. Is it the right column?`,
    );
  return { task: 'multiclass', because: `the target has ${distinct} values` };
}
