import type { KnownPrediction, MonitorStore } from '../store/monitor-store.js';
import { versionNote } from '../watch/watched-version.js';

/** Which labels a prediction of a version may get. */
export class VersionLabels {
  /** By version: each text that stands for a class, with the class as the store writes it; null where any number may. */
  private readonly byVersion = new Map<string, ReadonlySet<string> | null>();

  constructor(private readonly store: Pick<MonitorStore, 'notes'>) {}

  /** Reads what the store knows of the versions of these predictions. @throws what the store throws */
  async read(predictions: Iterable<KnownPrediction>): Promise<void> {
    const names = new Set<string>();
    for (const prediction of predictions) if (prediction.model) names.add(versionNote(prediction));
    for (const name of names) {
      if (this.byVersion.has(name)) continue;
      const watched = (await this.store.notes(name)).get(name) as
        { readonly classes: readonly (string | number)[] } | undefined;
      if (watched) this.byVersion.set(name, watched.classes.length > 0 ? new Set(watched.classes.map(String)) : null);
    }
  }

  /**
   * @param prediction any label is taken where it, or its version, is not known
   * @returns the label as the class is written in the store, so that "1.0" is 1; nothing where it is no class of the version
   */
  labelOf(prediction: KnownPrediction | undefined, label: string): string | undefined {
    const labels = prediction && this.byVersion.get(versionNote(prediction));
    if (labels === undefined || labels?.has(label)) return label;
    const text = label.trim() === '' ? '' : String(Number(label));
    const isOne = labels === null ? Number.isFinite(Number(text || NaN)) : labels.has(text);
    return isOne ? text : undefined;
  }
}
