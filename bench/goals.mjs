import { alone } from './alone.mjs';
import { boot } from './boot.mjs';
import { formats } from './formats.mjs';
import { kernel } from './kernel.mjs';
import { kinds } from './kinds.mjs';
import { atLeast, atMost } from './goal.mjs';
import { memory } from './memory.mjs';
import { monitor } from './monitor.mjs';
import { ndjson } from './ndjson.mjs';
import { overload } from './overload.mjs';
import { workers } from './workers.mjs';

const MEASURES = [alone, kernel, formats, kinds, ndjson, memory, overload, workers, monitor, boot];

/** What has to hold beside throughput, one measure after the other. */
export async function measureGoals(progress) {
  const figures = [];
  for (const measure of MEASURES) {
    progress(`goals: ${measure.name}`);
    figures.push(...(await measure()));
  }
  return figures;
}

/** What has to hold of the scenarios: ratios to the others, as the summary has them. */
export function scenarioGoals(summary) {
  const own = Object.fromEntries(
    summary.map(({ scenario, contestants }) => [
      scenario,
      contestants.find(({ contestant }) => contestant === 'skewless'),
    ]),
  );
  const figures = [];
  const latency = own['single-1']?.ratios['raw-http']?.p50;
  if (latency) figures.push(atMost('single, 1 connection: p50 / raw-http', latency, 1.4, 'median of rounds'));
  for (const scenario of ['single-16', 'single-64']) {
    for (const [peer, least] of Object.entries({ 'raw-http': 0.75, 'stock-nest': 3, 'fastapi-onnx': 2 })) {
      const ratio = own[scenario]?.ratios[peer];
      if (!ratio) continue;
      const says = `CPU per request ${ratio.cpu.toFixed(2)} of it`;
      figures.push(atLeast(`${scenario}: throughput / ${peer}`, ratio.throughput, least, says));
    }
  }
  return figures;
}
