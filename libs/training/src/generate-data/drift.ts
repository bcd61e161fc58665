import { InputError } from '#kit';
import { kindOf } from '#schema';
import { COLUMNS, type GeneratedColumn } from './data-recipe.js';
import type { RandomNumbers } from './random-numbers.js';

export const DRIFT_KINDS = ['shift', 'scale', 'missing', 'range'] as const;

/** A drift of one column of the generated data. */
export interface Drift {
  readonly kind: (typeof DRIFT_KINDS)[number];
  readonly column: string;
  /** shift: added to every value; scale: a factor; missing, range: the share of affected rows. */
  readonly amount: number;
}

/** Larger whole numbers are not exact. */
const fitsInteger = ({ kind, amount }: Drift, { high }: GeneratedColumn): boolean =>
  Number.isSafeInteger(Math.round(kind === 'scale' ? high * amount : high + amount));

/** @throws InputError when there is no such column, or the amount is invalid for the kind */
export function checkDrift(drift: Drift): void {
  const { kind, column, amount } = drift;
  const drifting = COLUMNS.find(({ name }) => name === column);
  if (!drifting) {
    const names = COLUMNS.map(({ name }) => name).join(', ');
    throw new InputError(`There is no column "${column}" to drift; there are ${names}.`);
  }
  if (!Number.isFinite(amount)) throw new InputError(`The amount of a drift must be a number.`);
  if ((kind === 'missing' || kind === 'range') && (amount < 0 || amount > 1)) {
    throw new InputError(`The amount of the drift "${kind}" is a share of the rows, from 0 to 1, not ${amount}.`);
  }
  if (kindOf(drifting).isWhole && !fitsInteger(drift, drifting)) {
    throw new InputError(
      `The amount ${amount} makes "${column}" larger than a whole number can be; choose a smaller one.`,
    );
  }
}

/** A value after the drift; NaN is missing. Integers stay integers. */
export function drifted(
  { kind, amount }: Drift,
  column: GeneratedColumn,
  value: number,
  random: RandomNumbers,
): number {
  const { isWhole, nearest } = kindOf(column);
  const { low, high } = column;
  switch (kind) {
    case 'shift':
      return nearest(value + amount);
    case 'scale':
      return nearest(value * amount);
    case 'missing':
      return random.uniform() < amount ? NaN : value;
    case 'range': {
      const isNew = random.uniform() < amount;
      const above = high + (high - low) * random.uniform();
      return isNew ? (isWhole ? Math.floor(above) + 1 : above) : value;
    }
  }
}
