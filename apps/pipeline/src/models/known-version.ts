import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { PipelineConfig } from '#config';
import { digestOf, readBundle } from '#registry';
import { readPipeline } from '../data/prepared.js';
import { readBytes } from '../data/read-bytes.js';
import { readStructured } from '../import/read-input.js';
import type { PreparedData } from '../stages/preprocess.stage.js';
import { candidateFiles, preparedFiles } from '../stages/stage-files.js';
import { readVersions } from './versions.js';

/** The version that answers as the candidate would: the same model behind the same pipeline, for the same classes. */
export async function knownVersion({ data, training, models }: PipelineConfig): Promise<string | undefined> {
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
