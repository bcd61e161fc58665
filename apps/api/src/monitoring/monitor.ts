import type { HouseKeeper, PredictionLog } from '#monitoring';
import { type InferenceObserver, UNOBSERVED } from '#runtime';
import { watchedVersion } from './watched-version.js';

/** Keeps what models answer. */
export class Monitor {
  readonly observer: InferenceObserver = {
    ...UNOBSERVED,
    scored: (model, answered) => this.log.scored(model, answered),
    loaded: (name, outcome) => {
      if (outcome === 'success') this.log.show(name);
    },
    opened: (bundle) => this.log.know(watchedVersion(bundle, Date.now())),
  };

  constructor(
    readonly log: PredictionLog,
    private readonly keeper: HouseKeeper,
  ) {}

  async close(milliseconds: number): Promise<void> {
    await Promise.all([this.log.close(milliseconds), this.keeper.close()]);
  }
}
