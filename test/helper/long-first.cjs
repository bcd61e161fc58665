const { relative } = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

/** The longest specs start first, so that none of them runs last while the other workers are idle. */
const LONG = [
  'test/rollout/renewed.spec.ts',
  'test/fuzz.spec.ts',
  'test/pipeline/run.spec.ts',
  'test/pipeline/stages.spec.ts',
  'test/process/workers.spec.ts',
  'test/register/gate.spec.ts',
  'test/process/end.spec.ts',
  'test/drift.spec.ts',
  'test/examples.spec.ts',
  'test/stopped.spec.ts',
  'test/peers/public-tables.spec.ts',
  'test/peers/monitor-load.spec.ts',
  'test/peers/mlflow-models.spec.ts',
  'test/peers/renewal.spec.ts',
  'test/peers/models.spec.ts',
  'test/peers/pipelines.spec.ts',
  'test/peers/dvc.spec.ts',
];

class LongFirst extends Sequencer {
  sort(tests) {
    const rankOf = ({ path, context }) => {
      const rank = LONG.indexOf(relative(context.config.rootDir, path).replaceAll('\\', '/'));
      return rank < 0 ? LONG.length : rank;
    };
    return super.sort(tests).sort((a, b) => rankOf(a) - rankOf(b));
  }
}

module.exports = LongFirst;
