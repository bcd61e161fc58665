import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { spawnOwned } from '../owned-process.mjs';

const PYTHON = '/usr/bin/python3';
const here = (file) => join(import.meta.dirname, file);

/** What is measured: each fit is a process of its own. */
export function contestants() {
  const scikitLearn = scikitLearnVersion();
  return [1, 2].flatMap((threads) => [
    { name: 'skewless', threads, command: [process.execPath, here('skewless.mjs')] },
    ...(scikitLearn
      ? [{ name: `scikit-learn ${scikitLearn}`, threads, command: [PYTHON, here('scikit_learn.py')] }]
      : []),
  ]);
}

function scikitLearnVersion() {
  try {
    const print = 'import sklearn; print(sklearn.__version__)';
    return execFileSync(PYTHON, ['-c', print], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    console.log(`SKIPPED: scikit-learn, for ${PYTHON} has none (Debian: apt install python3-sklearn); no ratios then`);
    return undefined;
  }
}

/** Fits once. @returns {Promise<{ fitSeconds, cpuSeconds, peakMegabytes, accuracy, logLoss }>} */
export function measure({ command: [program, script], threads }, directory, rows, trainRows, seed) {
  const args = [script, directory, rows, trainRows, threads, seed].map(String);
  const child = spawnOwned(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`${script} ended with code ${code}`)),
    );
  });
}
