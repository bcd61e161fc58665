import { section, setting } from './setting.js';
import { number, oneOf, optional, SHARE, SIZE, STEPS, SWITCH, TEXT, whole } from './setting-type.js';

/** Up to a hundred years. */
const HOURS = number(0, 876_600);

/** How a model is renewed, for the worker that renews it and the server that shows it. */
export const RENEWAL = section(
  {
    mode: setting(
      '`off`, `manual`: a person lets the canary begin, or `auto`: on to the promotion by itself: [renewal.md](renewal.md)',
      { env: 'RENEWAL_MODE', type: oneOf('off', 'manual', 'auto'), default: 'off' },
    ),
    jobs: setting('the folder of jobs and triggers, shared by the worker and all servers', {
      env: 'RENEWAL_JOBS',
      type: TEXT,
      default: 'renewal',
    }),
    pollSeconds: setting('how often the worker looks for triggers, jobs and evidence; of all models', {
      env: 'RENEWAL_POLL_SECONDS',
      type: number(0.1, 3_600),
      default: 5,
    }),
    everyHours: setting('trigger: this long after the last training; 0: never', { type: HOURS, default: 0 }),
    onDrift: setting('trigger: an alarm of the monitor', { type: SWITCH, default: true }),
    minimumAccuracy: setting('trigger: the accuracy of matured labels is proven to be lower', {
      type: optional(SHARE),
      example: 0.9,
    }),
    maximumMae: setting(
      "trigger: a regression's mean absolute error of matured labels is proven to be greater, in the unit of the target",
      { type: optional(SIZE), example: 4.5 },
    ),
    newLabels: setting('trigger: this many labelled rows since the last training; 0: never', {
      type: whole(0, 1_000_000_000_000),
      default: 0,
    }),
    cooldownHours: setting('no trigger counts for this long after the last one', { type: HOURS, default: 24 }),
    lookbackDays: setting('maximum age of the labelled rows of the log that training uses in addition to `data.path`', {
      type: number(0, 36_500),
      default: 90,
    }),
    keepVersions: setting(
      'after a training, how many of the newest versions stay besides those that an alias or a rollout names, and of the runs that registered none; 0 all',
      { type: whole(0, 1_000_000), default: 20 },
    ),
    steps: setting('shares of the canary, in percent', { type: STEPS, default: [1, 5, 25, 50] }),
    shadowHours: setting('minimum duration of the shadow', { type: HOURS, default: 1 }),
    stepHours: setting('minimum duration of each step of the canary', { type: HOURS, default: 1 }),
    minimumRequests: setting('requests that the challenger must have scored in a step before it ends', {
      type: whole(1, 1_000_000_000_000),
      default: 200,
    }),
    maxHoldHours: setting('how long a step may wait for evidence; then `atMaxHold` decides', {
      type: HOURS,
      default: 168,
    }),
    atMaxHold: setting('`keep_champion` ends the rollout, `advance` goes on', {
      type: oneOf('keep_champion', 'advance'),
      default: 'keep_champion',
    }),
    watchHours: setting('how long the previous champion stays loaded after a promotion', {
      type: HOURS,
      default: 24,
    }),
    errorBudget: setting('how often a version that is no worse may be rolled back, by all guards together', {
      type: number(0.000001, 0.5),
      default: 0.05,
    }),
    lossMargin: setting('how much greater the share of wrong answers, or the scaled error, of the challenger may be', {
      type: number(0, 1),
      default: 0.02,
    }),
    latencyRatio: setting("how much longer the challenger's 99th percentile may take", {
      type: number(1, 100),
      default: 1.2,
    }),
    scoreShift: setting(
      "how far the distribution of its scores may be from the champion's, as a total variation distance",
      {
        type: SHARE,
        default: 0.25,
      },
    ),
    labelDelayHours: setting('how old a row must be before its label counts, as early labels may be of one kind', {
      type: HOURS,
      default: 0,
    }),
  },
  'retraining on a trigger, and the way of a new version to the champion; `off` unless asked for',
);
