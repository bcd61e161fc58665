import type { GoldenSource } from '#bundle';
import type { ProofDto } from './model-info.dto.js';

const SAYS: Readonly<Record<GoldenSource, string>> = {
  source: 'Rows with answers of the source are reproduced.',
  training: 'Rows of the test part are reproduced as they were answered in training.',
  import:
    'The answers were computed from the imported files, so they do not prove that the model agrees with its source.',
  translation:
    "The rows were generated from the model's own thresholds and answered by walking its trees: they prove the translation, but not that the source gives the same answers.",
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
    rows > 0
      ? 'The bundle does not record where the answers of its rows come from.'
      : 'The model was not compared with its source.';
  return { rows, answered_by: null, says };
}
