import type { EngineChoice } from './choose-engine.js';
import type { ParityReport } from './parity.js';

/** What the proof of a version found, in this process or in another. */
export interface Verdict {
  /** Of ONNX Runtime. */
  readonly parity: ParityReport;
  readonly choice: EngineChoice;
  /** SHA-256 of the kernel's scores of all rows that were compared; only where the engine is a kernel. */
  readonly scoresDigest?: string;
}
