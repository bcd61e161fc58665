import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { StageOptions } from '../stage.options.js';
import { digestOf, readBundle } from '#bundle';
import { readPipeline } from '../data/prepared.js';
import { readBytes, readStructured } from '#kit';
import type { PreparedData } from '../files/prepared-data.js';
import { candidateFiles, preparedFiles } from '../files/stage-files.js';
import { readVersions } from '#registry';

/** The version that answers as the candidate would: the same model behind the same pipeline, for the same classes. */
export async function knownVersion({
  data,
  training,
  models,
}: Pick<StageOptions, 'data' | 'training' | 'models'>): Promise<string | undefined> {
  const { sha256 } = digestOf(await readBytes(candidateFiles(training.artifacts).model));
  for (const { manifest } of await readVersions(models.directory, training.model)) {
    if (!manifest || 'kind' in manifest || manifest.files['model.onnx'].sha256 !== sha256) continue;
    const prepared = preparedFiles(data.processed);
    const { classes } = await readStructured<PreparedData>(prepared.metadata, { type: 'object' });
    const { pipeline } = await readBundle(join(models.directory, training.model, manifest.version));
    const candidate = [await readPipeline(prepared.pipeline), classes];
    if (isDeepStrictEqual([pipeline, manifest.classes], candidate)) return manifest.version;
  }
  return undefined;
}
