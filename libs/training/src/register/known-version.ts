import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readBundle } from '#bundle';
import { readVersions } from '#registry';
import type { Candidate } from '../candidate.js';
import type { StageOptions } from '../stage.options.js';

/** The version that answers as the candidate would: the same model behind the same pipeline, for the same classes. */
export async function knownVersion(
  { digests, pipeline, prepared }: Candidate,
  { training, models }: Pick<StageOptions, 'training' | 'models'>,
): Promise<string | undefined> {
  for (const { manifest } of await readVersions(models.directory, training.model)) {
    if (!manifest || 'kind' in manifest || manifest.files['model.onnx'].sha256 !== digests.model) continue;
    const known = await readBundle(join(models.directory, training.model, manifest.version));
    if (isDeepStrictEqual([known.pipeline, manifest.classes], [pipeline, prepared.classes])) return manifest.version;
  }
  return undefined;
}
