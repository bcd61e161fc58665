import { either, oneOf, real, type HyperparameterRule, whole } from './hyperparameter-rules.js';
import { LearnerError } from './learner.error.js';

/** The learners, their hyperparameters and the defaults: defined only here. */
const RULES = {
  random_forest: {
    n_estimators: whole(100, 1, 2_000),
    criterion: oneOf('gini', 'entropy'),
    max_depth: whole(10, 1, 64),
    /** Least rows of each side of a split, counted as often as the bootstrap drew them. */
    min_samples_leaf: whole(1, 1, 2 ** 28),
    /** Features tried per node; `sqrt` is rounded down. */
    max_features: either(oneOf('sqrt', 'all'), whole(1, 1, 2 ** 15)),
    bootstrap: oneOf(true, false),
    /** `balanced`: all classes get the same total weight in the training part. */
    class_weight: oneOf('none', 'balanced'),
  },
  gradient_boosting: {
    n_estimators: whole(100, 1, 2_000),
    learning_rate: real(0.1, 1e-4, 1),
    max_depth: whole(6, 1, 32),
    min_samples_leaf: whole(1, 1, 2 ** 28),
    /** Least sum of second derivatives of each side of a split: rows predicted with certainty add nothing to it. */
    min_child_weight: real(1, 1e-3, 1e9),
    /** L2 penalty on leaf values (lambda). */
    l2: real(1, 0, 1e9),
    /** Share of rows held out for early stopping; 0 disables it. */
    validation_share: real(0, 0, 0.5),
    /** Rounds without a lower validation loss after which training stops. */
    patience: whole(10, 1, 2_000),
    /** As for random_forest. */
    class_weight: oneOf('none', 'balanced'),
  },
  logistic_regression: {
    /** L2 penalty on the coefficients, not on intercepts: a multiple of half their squared norm. */
    l2: real(1, 1e-9, 1e9),
    max_iterations: whole(100, 1, 10_000),
    /** Training stops when no component of the mean loss's gradient is larger, with standardised columns. */
    tolerance: real(1e-8, 1e-14, 1),
  },
  /** For regression only. */
  ridge: {
    /** L2 penalty on the coefficients, not on the intercept: a multiple of their squared norm. */
    l2: real(1, 1e-9, 1e9),
  },
} as const;

export type LearnerKind = keyof typeof RULES;

/** Whether a learner accepts missing features (NaN). */
export const takesMissing = (kind: LearnerKind): boolean => kind === 'gradient_boosting' || kind === 'random_forest';

type ValuesOf<Rules> = {
  readonly [Name in keyof Rules]: Rules[Name] extends HyperparameterRule<infer Value> ? Value : never;
};

/** All hyperparameters of a learner. */
export type Hyperparameters<Kind extends LearnerKind = LearnerKind> = ValuesOf<(typeof RULES)[Kind]>;

/** What to train: a learner, and the hyperparameters that differ from its defaults. */
export type LearnerSpec = {
  readonly [Kind in LearnerKind]: { readonly kind: Kind; readonly hyperparameters?: Partial<Hyperparameters<Kind>> };
}[LearnerKind];

/**
 * Checks hyperparameters and adds the defaults.
 *
 * @throws LearnerError naming the key, the value and what is allowed
 */
export function resolveHyperparameters<Kind extends LearnerKind>(
  kind: Kind,
  given: Readonly<Record<string, unknown>> = {},
): Hyperparameters<Kind> {
  if (!Object.hasOwn(RULES, kind)) {
    throw new LearnerError(`learner is ${JSON.stringify(kind)}; it must be one of ${Object.keys(RULES).join(', ')}`);
  }
  const rules: Readonly<Record<string, HyperparameterRule<unknown>>> = RULES[kind];
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(rules, name)) {
      throw new LearnerError(`${kind} has no hyperparameter "${name}"; it has ${Object.keys(rules).join(', ')}`);
    }
    if (!rules[name].accepts(value)) {
      throw new LearnerError(`${kind}.${name} is ${JSON.stringify(value)}; it must be ${rules[name].allowed}`);
    }
  }
  const resolved = Object.entries(rules).map(([name, { defaultValue }]) => [name, given[name] ?? defaultValue]);
  return Object.freeze(Object.fromEntries(resolved)) as Hyperparameters<Kind>;
}
