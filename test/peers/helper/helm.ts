import { spawnSync } from 'node:child_process';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from './kubernetes-faults.js';

export const CHART = 'deploy/helm/skewless';

/** The Helm of tools/maintain runs on Linux x64 only. */
export const hasHelm = process.platform === 'linux' && process.arch === 'x64';
export const describeWithHelm = hasHelm ? describe : describe.skip;
export const reason = hasHelm ? '' : ' (skipped: no Helm for this platform)';

export function helm(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['deploy/helm.mjs', ...args], { encoding: 'utf8' });
  return { status, output: status === 0 ? stdout : stdout + stderr };
}

export const readManifests = (text: string): Manifest[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);

const rendered = new Map<string, Manifest[]>();

/** What the chart renders with these arguments of `helm template`. */
export function render(...args: string[]): Manifest[] {
  const known = rendered.get(args.join());
  if (known) return known;
  const { status, output } = helm('template', 'skewless', CHART, '--namespace', 'skewless', ...args);
  if (status !== 0) throw new Error(output);
  const manifests = readManifests(output);
  rendered.set(args.join(), manifests);
  return manifests;
}
