import type { Link } from '#onnx';
import { DumpFlaw } from '../trees/dump-flaw.js';

/** How a model's sums become its prediction. */
export interface BoosterObjective {
  readonly name: string;
  readonly task: 'classes' | 'regression';
  readonly link: Link;
  /** Multiplies the sums before the link. */
  readonly factor: number;
}

const NUMBERS = ['regression', 'regression_l1', 'huber', 'fair', 'quantile', 'mape', 'lambdarank', 'rank_xendcg'];
const COUNTS = ['poisson', 'gamma', 'tweedie'];
const KNOWN = ['binary', 'multiclass', ...NUMBERS, ...COUNTS];

/** Known objectives that are not supported, and why. */
const WHY: Readonly<Record<string, string>> = {
  multiclassova: 'whose probabilities do not add up to one; train with objective="multiclass"',
  cross_entropy: 'whose prediction is a share; train with objective="binary"',
  cross_entropy_lambda: 'whose prediction is no usual link of a sum; train with objective="poisson"',
};

/**
 * Reads the line `objective=`, such as `binary sigmoid:1`.
 *
 * Source: `ToString` and `ConvertOutput` in https://github.com/lightgbm-org/LightGBM/tree/master/src/objective
 *
 * @throws DumpFlaw naming an unsupported objective
 */
export function readObjective(words: readonly string[]): BoosterObjective {
  const [name = '', ...options] = words;
  const where = `objective=${words.join(' ')}`;
  if (WHY[name] !== undefined)
    throw new DumpFlaw(where, `is one ${WHY[name].split('; ')[0]}`, WHY[name].split('; ')[1].replace('train', 'Train'));
  if (!KNOWN.includes(name)) throw new DumpFlaw(where, 'is not imported', `Train with one of ${KNOWN.join(', ')}`);
  if (options.includes('sqrt'))
    throw new DumpFlaw(where, 'squares its sums (reg_sqrt)', 'Train on the square root yourself, or without reg_sqrt');
  const sigmoid = options.find((option) => option.startsWith('sigmoid:'));
  const factor = sigmoid === undefined ? 1 : Number(sigmoid.slice('sigmoid:'.length));
  if (!(factor > 0 && Number.isFinite(factor))) throw new DumpFlaw(where, 'has a sigmoid that is no number above 0');
  if (name === 'binary') return { name, task: 'classes', link: 'logistic', factor };
  if (name === 'multiclass') return { name, task: 'classes', link: 'softmax', factor: 1 };
  return { name, task: 'regression', link: COUNTS.includes(name) ? 'exponential' : 'identity', factor: 1 };
}
