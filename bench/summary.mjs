import { BASELINES } from './contestants.mjs';
import { median } from './statistics.mjs';

/** Medians over the rounds per scenario and contestant, and medians of the per-round ratios to each baseline. */
export function summarise(scenarios, samples) {
  return scenarios.map(({ name, rows, connections }) => {
    const ofScenario = samples.get(name);
    return {
      scenario: name,
      rows,
      connections,
      contestants: [...ofScenario].map(([contestant, own]) => {
        const medianOf = (key) => median(own.map((sample) => sample[key]));
        const throughputs = own.map(({ throughput }) => throughput);
        return {
          contestant,
          throughput: medianOf('throughput'),
          throughputMin: Math.min(...throughputs),
          throughputMax: Math.max(...throughputs),
          p50Ms: medianOf('p50'),
          p99Ms: medianOf('p99'),
          cpuMicroseconds: medianOf('cpu'),
          requests: own.reduce((sum, { requests }) => sum + requests, 0),
          ratios: ratiosTo(ofScenario, own),
          loadCores: Math.max(...own.map(({ loadCores }) => loadCores)),
          otherCores: Math.max(...own.map(({ otherCores }) => otherCores)),
        };
      }),
    };
  });
}

function ratiosTo(ofScenario, own) {
  const present = BASELINES.filter((baseline) => ofScenario.has(baseline));
  return Object.fromEntries(
    present.map((baseline) => {
      const base = ofScenario.get(baseline);
      const ratio = (key) => median(own.map((sample, round) => sample[key] / base[round][key]));
      return [baseline, { throughput: ratio('throughput'), cpu: ratio('cpu'), p50: ratio('p50') }];
    }),
  );
}
