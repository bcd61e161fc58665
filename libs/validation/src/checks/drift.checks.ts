import type { DistanceRule } from '../validation.rules.js';
import { cumulativePoints } from '../drift/cumulative-points.js';
import { distanceByChance, kolmogorovSmirnov, populationStability, stabilityByChance } from '#statistics';
import { stabilityBins } from '../drift/stability-bins.js';
import type { LoadedColumn } from '#tables';
import type { CheckResult } from '../validation-report.js';
import { type CheckContext, judged } from './check.js';

const NAMES = { populationStability: 'population stability index', kolmogorovSmirnov: 'Kolmogorov-Smirnov distance' };

function distance(
  check: keyof typeof NAMES,
  column: string,
  rule: DistanceRule,
  observed: number,
  byChance: number,
): CheckResult[] {
  const bound = Math.max(rule.maximum, byChance);
  const passed = observed <= bound;
  const because = byChance > rule.maximum ? `; with so few rows, chance alone can cause up to ${bound.toFixed(4)}` : '';
  const message = `${NAMES[check]} ${observed.toFixed(4)} from the reference${because}`;
  return judged(rule, { check, column, passed, observed, bound, message });
}

async function columnDrift({ name, value }: LoadedColumn, context: CheckContext): Promise<CheckResult[]> {
  const { database, table, rules, statistics, reference } = context;
  const expected = reference!.columns[name];
  const stats = statistics.columns[name];
  const counts = { expected: reference!.rows - expected.missing, actual: stats?.count ?? 0 };
  if (counts.expected <= 0 || counts.actual === 0) return [];
  const points = await cumulativePoints(database, value, counts.actual, expected);
  const rows = { expected: reference!.rows, actual: table.rows };
  // Missing values are a bin of their own: a column that is no longer filled has drifted.
  const withMissing = (bins: readonly number[], present: number): number[] => [
    ...bins.map((share) => share * present),
    1 - present,
  ];
  const shares = await stabilityBins(database, value, counts.actual, expected, points);
  const bins = {
    expected: withMissing(shares.expected, counts.expected / rows.expected),
    actual: withMissing(shares.actual, counts.actual / rows.actual),
  };
  const occupied = bins.expected.filter((share, i) => share > 0 || bins.actual[i] > 0).length;
  const psi = populationStability(bins.expected, bins.actual, rows);
  const ks = kolmogorovSmirnov([...points.quantiles, ...points.edges]);
  return [
    ...distance('populationStability', name, rules.populationStability, psi, stabilityByChance(occupied, rows)),
    ...distance('kolmogorovSmirnov', name, rules.kolmogorovSmirnov, ks, distanceByChance(counts)),
  ];
}

/** Classes have no order, so only the stability index applies; a bundle's baseline has no classes. */
function classDrift({ table, rules, statistics, reference }: CheckContext): CheckResult[] {
  const [known, found] = [reference?.target?.classes, statistics.target.classes];
  if (!known || !table.hasTarget) return [];
  const total = (classes: Readonly<Record<string, number>>): number =>
    Object.values(classes).reduce((a, b) => a + b, 0);
  const rows = { expected: total(known), actual: total(found) };
  if (rows.expected === 0 || rows.actual === 0) return [];
  const names = Object.keys({ ...known, ...found });
  const psi = populationStability(
    names.map((name) => (known[name] ?? 0) / rows.expected),
    names.map((name) => (found[name] ?? 0) / rows.actual),
    rows,
  );
  return distance(
    'populationStability',
    table.target,
    rules.populationStability,
    psi,
    stabilityByChance(names.length, rows),
  );
}

/** Compares the data's distributions with the reference's. */
export async function driftChecks(context: CheckContext): Promise<CheckResult[]> {
  const { table, rules, reference } = context;
  if (!reference || [rules.populationStability, rules.kolmogorovSmirnov].every(({ severity }) => severity === 'off'))
    return [];
  const results: CheckResult[] = [];
  for (const column of table.columns) results.push(...(await columnDrift(column, context)));
  return [...results, ...classDrift(context)];
}
