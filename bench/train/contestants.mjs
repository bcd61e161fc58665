import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { spawnOwned } from '../owned-process.mjs';

const PYTHON = '/usr/bin/python3';
const PEERS = {
  forest: { name: 'scikit-learn', module: 'sklearn' },
  boosting: { name: 'XGBoost hist', module: 'xgboost' },
};
const here = (file) => join(import.meta.dirname, file);

/** What is measured: each fit is a process of its own. */
export function contestants(learner) {
  const { name, module } = PEERS[learner];
  const version = versionOf(module);
  return [1, 2].flatMap((threads) => [
    { name: 'skewless', threads, command: [process.execPath, here('skewless.mjs'), learner] },
    ...(version ? [{ name: `${name} ${version}`, threads, command: [PYTHON, here('fit.py'), learner] }] : []),
  ]);
}

function versionOf(module) {
  try {
    const print = `import ${module}; print(${module}.__version__)`;
    return execFileSync(PYTHON, ['-c', print], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    console.log(`SKIPPED: ${module}, for ${PYTHON} has none (Debian: apt install python3-${module}); no ratios then`);
    return undefined;
  }
}

/** Fits once. @returns {Promise<{ fitSeconds, cpuSeconds, peakMegabytes, accuracy, logLoss }>} */
export function measure({ command: [program, ...script], threads }, directory, features, seed) {
  const args = [...script, directory, features, threads, seed].map(String);
  const child = spawnOwned(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`${script.join(' ')} ended with code ${code}`)),
    );
  });
}
