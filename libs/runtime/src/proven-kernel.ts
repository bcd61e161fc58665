import type { Bundle } from '#bundle';
import type { FeatureTransform } from '#features';
import { KernelEngine } from './kernel-engine.js';
import { PREDICTION, PROBABILITIES } from './onnx-session.js';
import { goldenFeatures, replayGolden } from './parity.js';
import { comparedRows, digestOfScores, scoresOf } from './proof-rows.js';
import type { Verdict } from './verdict.js';

/**
 * Lays out the kernel of a version that another process has compared with ONNX Runtime.
 *
 * @returns undefined where it does not reproduce the golden rows and, to the bit, the scores of that proof: then the version needs
 *   a proof of its own
 */
export async function provenKernel(
  bundle: Bundle,
  transform: FeatureTransform,
  { scoresDigest }: Verdict,
): Promise<KernelEngine | undefined> {
  const { classes } = bundle.manifest;
  const kernel = KernelEngine.of(bundle.model, classes.length > 0 ? PROBABILITIES : PREDICTION);
  if (typeof kernel === 'string') return undefined;
  const fits =
    kernel.width === transform.outputs.length && kernel.classes === classes.length && kernel.dtype === transform.dtype;
  if (!fits) return undefined;
  const features = comparedRows(kernel, goldenFeatures(bundle, transform));
  if (digestOfScores(await scoresOf(kernel, features)) !== scoresDigest) return undefined;
  return replayGolden(bundle, transform, kernel).then(
    () => kernel,
    () => undefined,
  );
}
