import type { ClassifierEvaluation } from '#statistics';
import { COLORS, type Plot, referenceLine, renderPlot, SERIES_COLORS, shareAxis, shortened } from '#report';

/** The number of classes from which colors repeat too often for a legend. */
const CROWDED = 12;

function classLines(evaluation: ClassifierEvaluation, curve: 'roc' | 'precision_recall', step?: 'start') {
  const drawn = evaluation.curves.filter((one) => one[curve] !== null);
  return drawn.map((one, i) => {
    const color = SERIES_COLORS[i % SERIES_COLORS.length];
    const lineStyle = { color, width: 2 };
    return {
      type: 'line',
      name: String(one.class),
      data: one[curve],
      step,
      showSymbol: false,
      lineStyle,
      itemStyle: { color },
    };
  });
}

/** A legend of several classes, in a corner that good curves leave free. */
function legend(lines: readonly { name: string }[], corner: object): object {
  return {
    show: lines.length > 1 && lines.length < CROWDED,
    data: lines.map(({ name }) => name),
    formatter: (name: string) => shortened(name, 24),
    orient: 'vertical',
    bottom: 64,
    ...corner,
    icon: 'rect',
    itemWidth: 14,
    itemHeight: 3,
    itemGap: 6,
    textStyle: { color: COLORS.ink, fontSize: 12 },
  };
}

const area = (name: string, value: number | null): string =>
  value === null ? 'Not defined: the rows lack a class' : `${name} ${value.toFixed(4)}`;

/** True positive rate over false positive rate; the diagonal is random guessing. */
export function rocPlot(evaluation: ClassifierEvaluation): Plot {
  const lines = classLines(evaluation, 'roc');
  const guessing = referenceLine([
    [0, 0],
    [1, 1],
  ]);
  return renderPlot('roc', 'ROC curve', area('Area under the curve', evaluation.metrics.roc_auc), {
    xAxis: shareAxis('False positive rate', 30),
    yAxis: shareAxis('True positive rate', 40),
    legend: legend(lines, { right: 36 }),
    series: [...lines, guessing],
  });
}

/** Precision over recall, in steps; the area under them is the average precision. */
export function precisionRecallPlot(evaluation: ClassifierEvaluation): Plot {
  const title = 'Precision-recall curve';
  const lines = classLines(evaluation, 'precision_recall', 'start');
  return renderPlot('precision-recall', title, area('Average precision', evaluation.metrics.pr_auc), {
    xAxis: shareAxis('Recall', 30),
    yAxis: shareAxis('Precision', 40),
    legend: legend(lines, { left: 72 }),
    series: lines,
  });
}
