import type { KnownPrediction, MonitorStore } from '../store/monitor-store.js';
import { versionNote } from '../watch/watched-version.js';

/** The labels that are valid for the predictions of a version. */
export class VersionLabels {
  /** By version: the classes in the store's form; null where any number is valid. */
  private readonly byVersion = new Map<string, ReadonlySet<string> | null>();

  constructor(private readonly store: Pick<MonitorStore, 'notes'>) {}

  /** Reads the classes of the versions of these predictions. @throws what the store throws */
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
   * @param prediction any label is valid where it, or its version, is unknown
   * @returns the label in the store's form, so that "1.0" becomes "1"; undefined where it is no class of the version
   */
  labelOf(prediction: KnownPrediction | undefined, label: string): string | undefined {
    const labels = prediction && this.byVersion.get(versionNote(prediction));
    if (labels === undefined || labels?.has(label)) return label;
    const text = label.trim() === '' ? '' : String(Number(label));
    const isOne = labels === null ? Number.isFinite(Number(text || NaN)) : labels.has(text);
    return isOne ? text : undefined;
  }
}
