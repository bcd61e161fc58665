import {
  type StoreMaintenance,
  MonitorPlan,
  type PredictionLog,
  type TakenLabels,
  type WatchedVersion,
} from '#monitoring';
import { type InferenceObserver, UNOBSERVED } from '#runtime';
import type { ModelRules } from './model-rules.js';
import { watchedVersion } from './watched-version.js';

/** A version that this process serves, as monitoring sees it. */
export interface ServedVersion {
  readonly model: string;
  readonly version: string;
  /** The monitored columns: those of its table, then score and predicted class. */
  readonly columns: readonly string[];
  readonly watched: WatchedVersion;
}

/** Logs the predictions of the served models. */
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
  /** Called for every version that is loaded from now on. */
  onOpened: (served: ServedVersion) => void = () => undefined;
  /** Called with the outcomes of labels. */
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

  /** The monitored state of a version that this process serves. */
  watched({ name, version }: { readonly name: string; readonly version: string }): WatchedVersion | undefined {
    return this.versions.get(`${name}/${version}`)?.watched;
  }

  /** @throws Error of the store where it fails; the labels can safely be sent again */
  async takeLabels(labels: readonly unknown[]): Promise<TakenLabels> {
    const taken = await this.log.takeLabels(labels);
    this.onLabels(taken);
    return taken;
  }

  async close(milliseconds: number): Promise<void> {
    await Promise.all([this.log.close(milliseconds), this.maintenance.close()]);
  }
}
