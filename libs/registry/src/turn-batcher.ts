import { CHUNK_ROWS, type FeatureFault, type FeatureTransform } from '#features';
import { FeatureOverflowError } from './inference.errors.js';
import type { OnnxSession } from './onnx-session.js';

interface Waiter {
  readonly row: readonly number[];
  readonly resolve: (probabilities: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Runs all single rows that arrive in one turn of the event loop as one inference. A row that cannot be computed
 * fails alone.
 */
export class TurnBatcher {
  private waiting: Waiter[] = [];
  private readonly raw: Float64Array[];

  constructor(
    private readonly transform: FeatureTransform,
    private readonly session: OnnxSession,
  ) {
    this.raw = transform.inputs.map(() => new Float64Array(CHUNK_ROWS));
  }

  /**
   * @param row raw values in schema order, NaN for null
   * @returns the class probabilities
   * @throws FeatureOverflowError when a feature of this row is no finite float32
   */
  probabilities(row: readonly number[]): Promise<Float32Array> {
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ row, resolve, reject }) === 1) setImmediate(this.flush);
    });
  }

  private readonly flush = (): void => {
    const arrived = this.waiting;
    this.waiting = [];
    for (let start = 0; start < arrived.length; start += CHUNK_ROWS) {
      void this.run(arrived.slice(start, start + CHUNK_ROWS));
    }
  };

  private async run(waiters: readonly Waiter[]): Promise<void> {
    const { features, sound } = this.prepare(waiters);
    if (sound.length === 0) return;
    try {
      const probabilities = await this.session.probabilities(features, sound.length);
      const width = this.session.classes;
      sound.forEach(({ resolve }, i) => resolve(probabilities.subarray(i * width, (i + 1) * width)));
    } catch (error) {
      if (sound.length === 1) sound[0].reject(error);
      else for (const waiter of sound) void this.run([waiter]);
    }
  }

  /** Computes the rows' features and rejects those that have none; the sound rows' features come first. */
  private prepare(waiters: readonly Waiter[]): { features: Float32Array; sound: readonly Waiter[] } {
    const width = this.session.width;
    const features = new Float32Array(waiters.length * width);
    for (let c = 0; c < this.raw.length; c++) {
      const column = this.raw[c];
      for (let i = 0; i < waiters.length; i++) column[i] = waiters[i].row[c];
    }
    const faults = this.transform.transform(this.raw, 0, waiters.length, features);
    if (faults.length === 0) return { features, sound: waiters };

    const faulty = new Map<number, FeatureFault[]>();
    for (const fault of faults) faulty.set(fault.row, [...(faulty.get(fault.row) ?? []), { ...fault, row: 0 }]);
    const sound: Waiter[] = [];
    waiters.forEach((waiter, row) => {
      const own = faulty.get(row);
      if (own) {
        waiter.reject(new FeatureOverflowError(own));
      } else {
        features.copyWithin(sound.length * width, row * width, (row + 1) * width);
        sound.push(waiter);
      }
    });
    return { features: features.subarray(0, sound.length * width), sound };
  }
}
