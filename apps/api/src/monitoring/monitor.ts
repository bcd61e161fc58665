import {
  type StoreMaintenance,
  type LabelInput,
  MonitorPlan,
  type PredictionLog,
  type TakenLabels,
  type WatchedVersion,
} from '#monitoring';
import { type InferenceObserver, UNOBSERVED } from '#runtime';
import type { ModelRules } from './model-rules.js';
import { watchedVersion } from './watched-version.js';

/** A version that answers here, as far as it is watched. */
export interface ServedVersion {
  readonly model: string;
  readonly version: string;
  /** What is counted: columns of its table, then score and predicted class. */
  readonly columns: readonly string[];
  readonly watched: WatchedVersion;
}

/** Keeps what models answer. */
export class Monitor {
  readonly observer: InferenceObserver = {
    ...UNOBSERVED,
    scored: (model, answered) => this.log.scored(model, answered),
    loaded: (name, outcome) => {
      if (outcome === 'success') this.log.show(name);
    },
    opened: (bundle) => {
      const { keep, bounds } = this.rulesOf(bundle.manifest.name);
      const watched = watchedVersion(bundle, Date.now(), keep.slices, bounds);
      const { model, version } = watched;
      const columns = new MonitorPlan(watched).columns.map(({ name }) => name);
      const served = { model, version, columns, watched };
      this.versions.set(`${model}/${version}`, served);
      this.onOpened(served);
      this.log.know(watched, keep);
    },
    closed: ({ name, version }) => void this.versions.delete(`${name}/${version}`),
  };
  /** Is told of every version that answers from now on. */
  onOpened: (served: ServedVersion) => void = () => undefined;
  /** Is told what became of labels. */
  onLabels: (taken: TakenLabels) => void = () => undefined;
  private readonly versions = new Map<string, ServedVersion>();

  constructor(
    readonly log: PredictionLog,
    private readonly maintenance: StoreMaintenance,
    private readonly rulesOf: (model: string) => ModelRules,
  ) {}

  get served(): ServedVersion[] {
    return [...this.versions.values()];
  }

  /** What is known of a version that answers here. */
  watched({ name, version }: { readonly name: string; readonly version: string }): WatchedVersion | undefined {
    return this.versions.get(`${name}/${version}`)?.watched;
  }

  /** @throws Error with what the store says, where it fails; then the labels may be sent again */
  async takeLabels(labels: readonly LabelInput[]): Promise<TakenLabels['counts']> {
    const taken = await this.log.takeLabels(labels);
    this.onLabels(taken);
    return taken.counts;
  }

  async close(milliseconds: number): Promise<void> {
    await Promise.all([this.log.close(milliseconds), this.maintenance.close()]);
  }
}
