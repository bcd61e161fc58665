import type { Ranking } from '../metrics/ranking.js';
import { type Curve, thinCurve } from './thin-curve.js';

/** The curves over all thresholds on one class's probability. */
export interface ClassCurves {
  readonly class: string | number;
  /** True over false positive rate (scikit-learn `roc_curve`); null unless there are positive and negative rows. */
  readonly roc: Curve | null;
  /**
   * Precision over recall, from (0, 1) on (scikit-learn `precision_recall_curve`, reversed). The area under its steps
   * is the average precision. Null without a positive row.
   */
  readonly precision_recall: Curve | null;
}

/** The curves of one class against the rest, thinned for drawing. */
export function classCurves(label: string | number, { positive, closesTie }: Ranking): ClassCurves {
  const rows = positive.length;
  const positives = positive.reduce((sum, one) => sum + one, 0);
  const negatives = rows - positives;
  const thresholds = closesTie.reduce((sum, one) => sum + one, 0);
  const [recall, precision, falls] = Array.from({ length: 3 }, () => new Float64Array(thresholds + 1));
  precision[0] = 1;
  for (let rank = 0, found = 0, at = 1; rank < rows; rank++) {
    found += positive[rank];
    if (closesTie[rank] === 0) continue;
    recall[at] = found / positives;
    precision[at] = found / (rank + 1);
    falls[at] = (rank + 1 - found) / negatives;
    at++;
  }
  return {
    class: label,
    roc: positives > 0 && negatives > 0 ? thinCurve(falls, recall) : null,
    precision_recall: positives > 0 ? thinCurve(recall, precision) : null,
  };
}
