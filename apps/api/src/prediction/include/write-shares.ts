import { type BatchPrediction, idText } from '#runtime';
import { roundProbability } from '../prediction-format.js';

/** The probabilities of all classes of some rows, if requested. */
interface Scored extends Pick<BatchPrediction, 'labels'> {
  readonly scores?: ArrayLike<number>;
}

/** Writes a part of a row's answer, by the row's index. */
export type RowWriter = (row: number) => string;

/** One number per class, each preceded by its own text. */
export function shareWriter(scores: ArrayLike<number>, before: readonly string[], end: string): RowWriter {
  const width = before.length;
  return (row) => {
    let text = '';
    for (let c = 0; c < width; c++) text += before[c] + roundProbability(scores[row * width + c]);
    return text + end;
  };
}

/** A row's `,"probabilities":{"<class>":...}`; `undefined` if not requested. */
export function jsonShares({ labels, scores }: Scored): RowWriter | undefined {
  if (!scores) return undefined;
  const before = labels.map((label, c) => `${c === 0 ? ',"probabilities":{' : ','}${JSON.stringify(String(label))}:`);
  return shareWriter(scores, before, '}');
}

/** The end of a batch's row: its id, and if requested the probabilities of all classes. */
export function jsonTail(batch: Scored & Pick<BatchPrediction, 'ids'>): RowWriter {
  const shares = jsonShares(batch);
  return (row) => `,"prediction_id":"${idText(batch.ids, row)}"${shares ? shares(row) : ''}`;
}
