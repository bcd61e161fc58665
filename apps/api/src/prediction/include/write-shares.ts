import { type BatchPrediction, idText } from '#runtime';
import { roundProbability } from '../prediction-format.js';

/** The probabilities of all classes of some rows, where they were asked for. */
interface Scored extends Pick<BatchPrediction, 'labels'> {
  readonly scores?: ArrayLike<number>;
}

/** Writes something of a row, by its index. */
export type RowWriter = (row: number) => string;

/** One number per class, each between its own texts. */
export function shareWriter(scores: ArrayLike<number>, before: readonly string[], end: string): RowWriter {
  const width = before.length;
  return (row) => {
    let text = '';
    for (let c = 0; c < width; c++) text += before[c] + roundProbability(scores[row * width + c]);
    return text + end;
  };
}

/** A row's `,"probabilities":{"<class>":...}`; `undefined` where nobody asked. */
export function jsonShares({ labels, scores }: Scored): RowWriter | undefined {
  if (!scores) return undefined;
  const before = labels.map((label, c) => `${c === 0 ? ',"probabilities":{' : ','}${JSON.stringify(String(label))}:`);
  return shareWriter(scores, before, '}');
}

/** What ends a row of a batch: its id, and the probabilities of all classes where they were asked for. */
export function jsonTail(batch: Scored & Pick<BatchPrediction, 'ids'>): RowWriter {
  const shares = jsonShares(batch);
  return (row) => `,"prediction_id":"${idText(batch.ids, row)}"${shares ? shares(row) : ''}`;
}
