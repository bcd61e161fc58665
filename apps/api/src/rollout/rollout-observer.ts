import { Counter, Gauge, type Registry } from 'prom-client';
import type { ModelRegistry } from '#registry';
import { type AnsweredRows, type InferenceObserver, type ModelIdentity, UNOBSERVED } from '#runtime';
import type { CallObserver } from '../grpc/call-observer.js';
import type { RequestObserver } from '../http/request-context.js';
import type { RolloutRecorder } from './rollout-recorder.js';
import { columnsWithGaps } from './columns-with-gaps.js';
import { Shadow } from './shadow.js';

type Watched = Pick<ModelRegistry, 'rolling' | 'isRolling'>;

/** Observes both sides of rollouts, to collect the evidence for their judgement. */
export class RolloutObserver {
  private registry?: Watched;
  readonly shadow: Shadow;
  readonly observer: InferenceObserver;

  constructor(private readonly recorder: RolloutRecorder) {
    this.shadow = new Shadow(recorder);
    this.observer = {
      ...UNOBSERVED,
      scored: (model, answered) => {
        this.shadow.scored(model, answered);
        this.asked(model, answered);
      },
    };
  }

  /** Sets the models whose rollouts are observed; without a call nothing happens. */
  follow(registry: Watched): void {
    this.registry = registry;
    this.shadow.follow(registry);
  }

  /** Counts the columns with missing or unknown values, for both sides while requests are split. */
  private asked({ name, version }: ModelIdentity, answered: AnsweredRows): void {
    const rolling = this.registry?.isRolling ? this.registry.rolling.get(name) : undefined;
    // Later parts of a batch belong to a request that has been counted.
    if (!rolling || answered.calls === 0) return;
    const { rollout, champion, challenger } = rolling;
    const model = [champion, challenger].find((one) => one?.manifest.version === version);
    if (model?.kind !== 'pipeline' || rollout.weight <= 0 || rollout.weight >= 1) return;
    const arm = { model: name, version, rollout: rollout.id, epoch: rollout.epoch };
    this.recorder.asked(arm, columnsWithGaps(model.inputs, answered));
  }

  /** Of HTTP requests. */
  readonly requests: RequestObserver = {
    ended: ({ arm, status, milliseconds, aborted }) => {
      if (arm && !aborted) this.recorder.answered(arm, status >= 400, milliseconds);
    },
  };

  /** Of gRPC calls; a caller that disconnected has seen neither side. */
  readonly called: CallObserver = {
    ended: ({ arm, code, milliseconds }) => {
      if (arm && code !== 'CANCELLED') this.recorder.answered(arm, code !== 'OK', milliseconds);
    },
  };

  /** Exports rollouts and the shadow as metrics. */
  show(registry: Registry, models: Pick<ModelRegistry, 'rolling' | 'lastRollouts'>): void {
    const { shadow, recorder } = this;
    new Gauge({
      name: 'skewless_rollout_weight',
      help: 'Share of requests that the challenger answers, while a rollout is in progress',
      labelNames: ['model', 'state', 'champion', 'challenger'],
      aggregator: 'max',
      registers: [registry],
      collect() {
        this.reset();
        for (const [model, { rollout }] of models.rolling) {
          const { state, champion, challenger, weight } = rollout;
          this.set({ model, state, champion, challenger }, weight);
        }
      },
    });
    new Gauge({
      name: 'skewless_rollout_since_timestamp_seconds',
      help: 'Time at which the last rollout of a model entered its state, including ended ones',
      labelNames: ['model', 'state', 'challenger'],
      aggregator: 'max',
      registers: [registry],
      collect() {
        this.reset();
        for (const { model, state, challenger, since } of models.lastRollouts) {
          this.set({ model, state, challenger }, Date.parse(since) / 1_000);
        }
      },
    });
    new Counter({
      name: 'skewless_shadow_rows_total',
      help: 'Rows of the shadow by outcome: agreed or disagreed with the given answer, or shed',
      labelNames: ['model', 'outcome'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [model, { scored, disagreed, shed }] of shadow.tallies) {
          this.inc({ model, outcome: 'agreed' }, scored - disagreed);
          this.inc({ model, outcome: 'disagreed' }, disagreed);
          this.inc({ model, outcome: 'shed' }, shed);
        }
      },
    });
    new Counter({
      name: 'skewless_rollout_dropped_rows_total',
      help: 'Rows of the shadow that were scored but could not be stored',
      registers: [registry],
      collect() {
        this.reset();
        this.inc(recorder.dropped);
      },
    });
  }

  close(): Promise<void> {
    return this.recorder.close();
  }
}
