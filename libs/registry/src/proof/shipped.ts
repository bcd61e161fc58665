import type { Verdict } from '#runtime';

/**
 * Verdicts of versions that ship with the product, by identity: its tests prove them at every change, so they serve without another
 * proof, even from a read-only image that keeps no record.
 */
export const SHIPPED: ReadonlyMap<string, Verdict> = new Map([
  [
    '74958ce684625782969feb30c16266b5c8d6cb0d228eca2747fefc35e8757d6c',
    {
      parity: { rows: 256, max_feature_error: 0, max_probability_error: 7.470448826207843e-8, labels_differing: 0 },
      choice: { engine: 'kernel', engine_reason: 'It answers 941 rows as ONNX Runtime does, bit for bit' },
      scoresDigest: '44f45cf0c2aecdaf5fdff081e5b7790b33ed22e5c11577e8b9e188c6b49e2543',
    },
  ],
]);
