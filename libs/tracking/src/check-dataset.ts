import { limitedText } from './limited-text.js';
import {
  MAX_DATASET_DIGEST_LENGTH,
  MAX_DATASET_NAME_LENGTH,
  MAX_DATASET_PROFILE_LENGTH,
  MAX_DATASET_SCHEMA_LENGTH,
  MAX_DATASET_SOURCE_LENGTH,
} from './limits.js';
import type { Dataset } from './records.js';
import { TrackingError } from './tracking.error.js';

const MOST = {
  source: MAX_DATASET_SOURCE_LENGTH,
  schema: MAX_DATASET_SCHEMA_LENGTH,
  profile: MAX_DATASET_PROFILE_LENGTH,
};

/**
 * Fits a data set to MLflow's limits: cuts the name and shortens the digest.
 *
 * @throws TrackingError when a name or digest is missing, or JSON is too long (cut JSON would be invalid)
 */
export function checkDataset(dataset: Dataset): Dataset {
  if (!dataset.name || !dataset.digest) throw new TrackingError('A data set needs a name and a digest');
  for (const field of ['source', 'schema', 'profile'] as const) {
    const length = dataset[field]?.length ?? 0;
    if (length <= MOST[field]) continue;
    throw new TrackingError(
      `The ${field} of the data set "${dataset.name}" has ${length} characters, MLflow keeps ${MOST[field]}`,
    );
  }
  return {
    ...dataset,
    name: limitedText(dataset.name, MAX_DATASET_NAME_LENGTH),
    digest: dataset.digest.slice(0, MAX_DATASET_DIGEST_LENGTH),
  };
}
