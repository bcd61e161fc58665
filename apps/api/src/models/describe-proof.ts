import type { GoldenSource } from '#bundle';
import type { ProofDto } from './model-info.dto.js';

const SAYS: Readonly<Record<GoldenSource, string>> = {
  source: 'Rows that the source of the model answered are answered alike here.',
  training: 'Rows of the test part are answered as in training.',
  import:
    'The rows were computed at import from the files that came: they prove only that we agree with ourselves, not with the source of the model.',
  translation:
    "The rows were made from the model's own thresholds and answered by walking its trees: they prove the translation, not that the source answers alike.",
};

/** Describes in words what the golden rows of a bundle prove. */
export function describeProof({
  rows,
  answered_by: by,
}: {
  readonly rows: number;
  readonly answered_by?: GoldenSource;
}): ProofDto {
  if (by) return { rows, answered_by: by, says: SAYS[by] };
  const says =
    rows > 0 ? 'The bundle does not say who answered its rows.' : 'Nothing compares the model with its source.';
  return { rows, answered_by: null, says };
}
