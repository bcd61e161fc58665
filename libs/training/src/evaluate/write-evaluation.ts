import { join } from 'node:path';
import type { EvaluationReport } from './evaluation-report.js';
import { flatMetrics } from './flat-metrics.js';
import { writeFile, writeJson } from '#kit';
import { type Plot, svgToPng } from '#report';

/**
 * Writes metrics.json, evaluation.json, plots/*.svg and *.png and model-card.html, each atomically.
 *
 * @param card HTML from `renderModelCard`
 */
export async function writeEvaluation(
  report: EvaluationReport,
  plots: readonly Plot[],
  card: string,
  directory: string,
): Promise<void> {
  for (const { name, svg } of plots) {
    await writeFile(join(directory, 'plots', `${name}.svg`), svg);
    await writeFile(join(directory, 'plots', `${name}.png`), svgToPng(svg));
  }
  await writeFile(join(directory, 'model-card.html'), card);
  await writeJson(join(directory, 'evaluation.json'), report);
  await writeJson(join(directory, 'metrics.json'), flatMetrics(report));
}
