import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { EvaluationReport } from './evaluation-report.js';
import { flatMetrics } from './flat-metrics.js';
import { type Plot, svgToPng } from '#report';

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/**
 * Writes metrics.json, evaluation.json, plots/*.svg and *.png and model-card.html, each whole or not at all.
 *
 * @param card HTML, as `renderModelCard` gives it
 */
export async function writeEvaluation(
  report: EvaluationReport,
  plots: readonly Plot[],
  card: string,
  directory: string,
): Promise<void> {
  await mkdir(join(directory, 'plots'), { recursive: true });
  for (const { name, svg } of plots) {
    await writeFileAtomic(join(directory, 'plots', `${name}.svg`), svg);
    await writeFileAtomic(join(directory, 'plots', `${name}.png`), svgToPng(svg));
  }
  await writeFileAtomic(join(directory, 'model-card.html'), card);
  await writeFileAtomic(join(directory, 'evaluation.json'), asJson(report));
  await writeFileAtomic(join(directory, 'metrics.json'), asJson(flatMetrics(report)));
}
