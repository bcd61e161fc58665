import { CHUNK_ROWS, type FeatureFault, type FeatureTransform } from '#features';
import { FeatureOverflowError } from '#bundle';
import type { OnnxSession } from './onnx-session.js';

interface Waiter<T> {
  readonly row: readonly number[];
  readonly resolve: (answer: T) => void;
  readonly reject: (error: unknown) => void;
  readonly mark: unknown;
}

/**
 * Runs all single rows that arrive in one turn of the event loop as one inference. A row that cannot be computed
 * fails alone.
 */
export class TurnBatcher<T> {
  private waiting: Waiter<T>[] = [];
  private readonly raw: Float64Array[];

  /**
   * @param read makes a row's answer of the class probabilities that start at `offset`
   * @param settled receives how many rows have been answered or refused
   * @param ran is called after every run: its rows, the milliseconds of features and inference, and what `mark` gave for each row
   * @param mark is asked for every row where it is given
   */
  constructor(
    private readonly transform: FeatureTransform,
    private readonly session: OnnxSession,
    private readonly read: (probabilities: Float32Array, offset: number) => T,
    private readonly settled: (rows: number) => void,
    private readonly ran: (rows: number, features: number, inference: number, marks?: readonly unknown[]) => void,
    private readonly mark?: () => unknown,
  ) {
    this.raw = transform.inputs.map(() => new Float64Array(CHUNK_ROWS));
  }

  /**
   * @param row raw values in schema order, NaN for null
   * @throws FeatureOverflowError when a feature of this row is no finite float32
   */
  predict(row: readonly number[]): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ row, resolve, reject, mark: this.mark?.() }) === 1) setImmediate(this.flush);
    });
  }

  private readonly flush = (): void => {
    const arrived = this.waiting;
    this.waiting = [];
    if (arrived.length <= CHUNK_ROWS) return void this.run(arrived);
    for (let start = 0; start < arrived.length; start += CHUNK_ROWS) {
      void this.run(arrived.slice(start, start + CHUNK_ROWS));
    }
  };

  private async run(waiters: readonly Waiter<T>[]): Promise<void> {
    const started = performance.now();
    const { features, sound } = this.prepare(waiters);
    if (sound.length === 0) return;
    try {
      const computed = performance.now();
      const probabilities = await this.session.probabilities(features, sound.length);
      const marks = this.mark && sound.map(({ mark }) => mark);
      this.ran(sound.length, computed - started, performance.now() - computed, marks);
      const width = this.session.classes;
      for (let i = 0; i < sound.length; i++) sound[i].resolve(this.read(probabilities, i * width));
      this.settled(sound.length);
    } catch (error) {
      if (sound.length > 1) {
        for (const waiter of sound) void this.run([waiter]);
        return;
      }
      sound[0].reject(error);
      this.settled(1);
    }
  }

  /** Computes the rows' features and rejects those that have none; the sound rows' features come first. */
  private prepare(waiters: readonly Waiter<T>[]): { features: Float32Array; sound: readonly Waiter<T>[] } {
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
    const sound: Waiter<T>[] = [];
    waiters.forEach((waiter, row) => {
      const own = faulty.get(row);
      if (own) {
        waiter.reject(new FeatureOverflowError(own));
      } else {
        features.copyWithin(sound.length * width, row * width, (row + 1) * width);
        sound.push(waiter);
      }
    });
    this.settled(waiters.length - sound.length);
    return { features: features.subarray(0, sound.length * width), sound };
  }
}
