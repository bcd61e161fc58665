// Copies the alert rules into the chart and renders it to deploy/kubernetes: `npm run manifests [-- <folder>]`. A test
// compares the result.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { helm } from './helm.mjs';

const folder = process.argv[2] ?? 'deploy/kubernetes';
const chart = 'deploy/helm/skewless';
if (folder === 'deploy/kubernetes') copyFileSync('deploy/monitoring/alerts.yaml', `${chart}/files/alerts.yaml`);
const { status, stdout, stderr } = helm([
  ...['template', 'skewless', chart, '--namespace', 'skewless'],
  ...['--set', 'serviceMonitor.enabled=true,prometheusRule.enabled=true,namespace.create=true'],
]);
if (status !== 0) throw new Error(stderr);

// Resources of the Prometheus Operator are in a separate folder, so that `kubectl apply -f deploy/kubernetes` works
// without it.
const apart = { 'servicemonitor.yaml': 'prometheus-operator', 'prometheusrule.yaml': 'prometheus-operator' };

rmSync(folder, { recursive: true, force: true });
for (const manifest of stdout.split(/^---\n/m).filter((text) => text.trim())) {
  const [, file] = /^# Source: skewless\/templates\/(.*)$/m.exec(manifest);
  const target = join(folder, apart[file] ?? '');
  mkdirSync(target, { recursive: true });
  const text = manifest.replace(/^# Source: .*\n/m, '').trimEnd();
  // The namespace must exist first: kubectl applies files in the order of their names.
  const name = file === 'namespace.yaml' ? '00-namespace.yaml' : file;
  writeFileSync(join(target, name), `# Rendered from ${chart}: npm run manifests\n${text}\n`);
}
