import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readBundle } from '#bundle';
import { readVersions } from '#registry';
import type { Candidate } from '../candidate.js';
import type { StageOptions } from '../stage.options.js';

/** An existing version that is identical to the candidate: same model, pipeline, classes and threshold. */
export async function knownVersion(
  { digests, pipeline, prepared, training: trained }: Candidate,
  { training, models }: Pick<StageOptions, 'training' | 'models'>,
): Promise<string | undefined> {
  for (const { manifest } of await readVersions(models.directory, training.model)) {
    if (!manifest || 'kind' in manifest || manifest.files['model.onnx'].sha256 !== digests.model) continue;
    const known = await readBundle(join(models.directory, training.model, manifest.version));
    const { classes, threshold } = manifest;
    if (isDeepStrictEqual([known.pipeline, classes, threshold], [pipeline, prepared.classes, trained.threshold]))
      return manifest.version;
  }
  return undefined;
}
