import type { HouseKeeper, PredictionLog } from '#monitoring';
import { type AnsweredRows, type InferenceObserver, type ModelIdentity } from '#runtime';

/** Keeps what models answer. */
export class Monitor implements InferenceObserver {
  constructor(
    readonly log: PredictionLog,
    private readonly keeper: HouseKeeper,
  ) {}

  validated(): void {
    // Of no interest here.
  }

  ran(): void {
    // Nor is this.
  }

  pending(): void {
    // Nor this.
  }

  unknown(): void {
    // It has a metric of its own.
  }

  scored(model: ModelIdentity, answered: AnsweredRows): void {
    this.log.scored(model, answered);
  }

  loaded(name: string, outcome: 'success' | 'failure'): void {
    if (outcome === 'success') this.log.know(name);
  }

  async close(milliseconds: number): Promise<void> {
    await Promise.all([this.log.close(milliseconds), this.keeper.close()]);
  }
}
