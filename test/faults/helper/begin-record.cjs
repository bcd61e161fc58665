const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Gives all specs of a run one folder for what they observe. */
module.exports = () => {
  process.env.FAULTS_RECORD = mkdtempSync(join(tmpdir(), 'skewless-faults-'));
};
