import type { KnownPrediction, MonitorStore } from '../store/monitor-store.js';
import { versionNote, type WatchedVersion } from '../watch/watched-version.js';

const SHOWN_CLASSES = 10;

/** The labels that are valid for the predictions of a version. */
export class VersionLabels {
  /** By version: the classes in the store's form; null where any number is valid. */
  private readonly byVersion = new Map<string, ReadonlySet<string> | null>();

  constructor(private readonly store: Pick<MonitorStore, 'notes'>) {}

  /** Before its note is in the store. */
  know(version: Pick<WatchedVersion, 'model' | 'version' | 'classes'>): void {
    this.byVersion.set(versionNote(version), labelsOf(version));
  }

  /** Reads the classes of the versions of these predictions. @throws what the store throws */
  async read(predictions: Iterable<KnownPrediction>): Promise<void> {
    const names = new Set<string>();
    for (const prediction of predictions) if (prediction.model) names.add(versionNote(prediction));
    for (const name of names) {
      if (this.byVersion.has(name)) continue;
      const watched = (await this.store.notes(name)).get(name) as WatchedVersion | undefined;
      if (watched) this.byVersion.set(name, labelsOf(watched));
    }
  }

  /** What a label of this prediction must be, in words. */
  expected(prediction: KnownPrediction): string {
    const version = `${prediction.model}:${prediction.version}`;
    const classes = [...(this.byVersion.get(versionNote(prediction)) ?? [])];
    if (classes.length === 0) return `a number, as ${version} is a regression`;
    const rest = classes.length > SHOWN_CLASSES ? `, ... (${classes.length} in all)` : '';
    return `a class of ${version}: ${classes.slice(0, SHOWN_CLASSES).join(', ')}${rest}`;
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

const labelsOf = ({ classes }: Pick<WatchedVersion, 'classes'>): ReadonlySet<string> | null =>
  classes.length > 0 ? new Set(classes.map(String)) : null;
