import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { temporaryFolder } from '#testing';

const temporary = temporaryFolder();

const FOLDER = 'deploy/monitoring';
const read = (file: string): string => readFileSync(file, 'utf8');

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: { readonly severity: string };
  readonly annotations?: { readonly runbook: string };
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

const rules = (parse(read(`${FOLDER}/alerts.yaml`)) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
);
const dashboard = JSON.parse(read(`${FOLDER}/dashboard.json`)) as { panels: Panel[] };
const panelQueries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** Names of series in a query, without what Prometheus derives from a histogram. */
const seriesIn = (query: string): string[] =>
  [...query.matchAll(/\b(?:skewless|process|nodejs)_\w+/g)].map(([name]) => name.replace(/_(bucket|count|sum)$/, ''));

const promtool = spawnSync('promtool', ['--version']).status === 0;
const withPromtool = promtool ? it : it.skip;
const reason = promtool ? '' : ' (skipped: no promtool; it comes with Prometheus)';

describe('deploy/monitoring', () => {
  it('asks for metrics that docs/metrics.md lists', () => {
    const documented = new Set([...read('docs/metrics.md').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name));
    const asked = [...rules.map(({ expr }) => expr), ...panelQueries].flatMap(seriesIn);
    expect(asked.length).toBeGreaterThan(30);
    expect(asked.filter((name) => !documented.has(name))).toEqual([]);
    const recorded = rules.flatMap(({ record }) => record ?? []);
    const used = [...rules.map(({ expr }) => expr), ...panelQueries].flatMap(
      (query) => query.match(/skewless:[\w:]+/g) ?? [],
    );
    expect(new Set(used)).toEqual(new Set(recorded));
  });

  it('has a test that fires, a severity and a runbook for every alert', () => {
    const tests = (parse(read(`${FOLDER}/alerts.test.yaml`)) as { tests: any[] }).tests;
    const fired = tests.flatMap(({ alert_rule_test: [{ alertname, exp_alerts: alerts }] }) =>
      alerts.length > 0 ? [alertname as string] : [],
    );
    const alerts = rules.filter(({ alert }) => alert);
    expect(new Set(fired)).toEqual(new Set(alerts.map(({ alert }) => alert)));
    const sections = [...read('docs/operations.md').matchAll(/^## (.*)$/gm)].map(
      ([, title]) => `docs/operations.md#${title.toLowerCase().replaceAll(' ', '-')}`,
    );
    for (const { alert, labels, annotations } of alerts) {
      expect([alert, labels?.severity]).toEqual([alert, expect.stringMatching(/^(page|ticket)$/)]);
      expect(sections).toContain(annotations?.runbook);
      expect(read('docs/operations.md')).toContain(`\`${alert}\``);
    }
  });

  it('has its alerts in the chart and in the manifests too: npm run manifests', () => {
    expect(read('deploy/helm/skewless/files/alerts.yaml')).toBe(read(`${FOLDER}/alerts.yaml`));
    const manifest = read('deploy/kubernetes/prometheus-operator/prometheusrule.yaml');
    const missing = rules.flatMap(({ alert }) => (alert && !manifest.includes(`alert: ${alert}\n`) ? [alert] : []));
    // The manifests run several pods on stores of their own, where these would judge a part of the rows.
    expect(missing).toEqual(['SkewlessDrift', 'SkewlessQualityLow', 'SkewlessErrorHigh', 'SkewlessLabelsLate']);
  });

  it('has a dashboard whose panels have numbers of their own and do not cover each other', () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const a of panels) {
      expect(a.gridPos.x + a.gridPos.w).toBeLessThanOrEqual(24);
      for (const b of panels) {
        if (a === b) continue;
        const apart =
          a.gridPos.x + a.gridPos.w <= b.gridPos.x ||
          b.gridPos.x + b.gridPos.w <= a.gridPos.x ||
          a.gridPos.y + a.gridPos.h <= b.gridPos.y ||
          b.gridPos.y + b.gridPos.h <= a.gridPos.y;
        expect([a.id, b.id, apart]).toEqual([a.id, b.id, true]);
      }
    }
  });

  withPromtool(`has panels whose queries Prometheus can read${reason}`, () => {
    const file = join(temporary, 'panels.yaml');
    const asRules = panelQueries.map((query, i) => ({ record: `panel:${i}`, expr: query.replace('$instance', '.*') }));
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules: asRules }] }));
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
    expect([status, stdout + stderr]).toEqual([0, expect.stringContaining(`${asRules.length} rules found`)]);
  });

  withPromtool(`has rules that Prometheus takes, and that fire when they should${reason}`, () => {
    for (const [verb, file] of [
      ['check', 'alerts.yaml'],
      ['test', 'alerts.test.yaml'],
    ]) {
      const { status, stdout, stderr } = spawnSync('promtool', [verb, 'rules', file], {
        cwd: FOLDER,
        encoding: 'utf8',
      });
      expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('SUCCESS')]);
    }
  });
});
