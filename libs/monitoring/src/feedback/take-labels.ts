import { randomUUID } from 'node:crypto';
import { DAY, received } from '#kit';
import type { KnownPrediction, MonitorStore } from '../store/monitor-store.js';
import { ROW_DAYS, timeOf } from '../store/rows.js';
import type { WatchedVersion } from '../watch/watched-version.js';
import type { PlacedFault } from './label-errors.js';
import { idOf, type ValidLabel, type LabelFault, readLabel } from './read-label.js';
import { VersionLabels } from './version-labels.js';

/** Labels in one batch of the store. */
const BATCH_LABELS = 5_000;
/** The row of a younger id may still be on its way to the store. */
const YOUNG_MILLISECONDS = 60_000;
/** Example ids returned for each outcome except `accepted`. */
const EXAMPLES = 10;
/** Faults that are told. */
const FAULTS = 10;

type LabelOutcome = 'accepted' | 'corrected' | 'duplicate' | 'unknown' | 'too_old' | 'invalid';

/** Number of labels by outcome, with some of their ids. */
export type LabelCounts = Record<LabelOutcome, number> & {
  readonly examples: Partial<Record<LabelOutcome, string[]>>;
};

/** Delays of the labels of one version, from prediction to observation, in seconds. */
export interface LabelDelays {
  readonly model: string;
  readonly version: string;
  readonly seconds: readonly number[];
}

/** The outcomes of labels: for the client, and for metrics. */
export interface TakenLabels {
  readonly counts: LabelCounts;
  /** What is wrong with the first ten invalid labels. */
  readonly faults: readonly PlacedFault[];
  /** By the model of the prediction; '' where that is not known. */
  readonly byModel: Readonly<Record<string, Readonly<Partial<Record<LabelOutcome, number>>>>>;
  readonly delays: readonly LabelDelays[];
}

type PlacedLabel = ValidLabel & { readonly index: number };

const AMBIGUOUS = {
  field: 'external_id',
  expected: 'the external_id of one prediction; several have this one: send the prediction_id',
} as const;

/** Accepts labels of predictions that are in the store, or recent enough to be on their way to it. */
export class LabelTaker {
  private readonly producer = randomUUID();
  private sequence = 0;
  private readonly versions: VersionLabels;

  constructor(
    private readonly store: Pick<MonitorStore, 'append' | 'known' | 'byExternalId' | 'notes'>,
    private readonly now: () => number = Date.now,
  ) {
    this.versions = new VersionLabels(store);
  }

  /** Labels of this version are judged by its classes from now on, whatever the store knows of it. */
  know(version: Pick<WatchedVersion, 'model' | 'version' | 'classes'>): void {
    this.versions.know(version);
  }

  /** @throws what the store throws; some of the labels may then be stored, and all can safely be sent again */
  async take(inputs: readonly unknown[]): Promise<TakenLabels> {
    const counts = emptyCounts();
    const faults: PlacedFault[] = [];
    const byModel: Record<string, Partial<Record<LabelOutcome, number>>> = {};
    const delays = new Map<string, LabelDelays & { readonly seconds: number[] }>();
    const count = (outcome: LabelOutcome, name?: string, model = ''): void => {
      counts[outcome]++;
      const own = (byModel[model] ??= {});
      own[outcome] = (own[outcome] ?? 0) + 1;
      if (outcome === 'accepted' || name === undefined) return;
      const examples = (counts.examples[outcome] ??= []);
      if (examples.length < EXAMPLES) examples.push(name);
    };
    const refuse = (index: number, fault: LabelFault, id?: string, model?: string): void => {
      count('invalid', id, model);
      faults.push({ index, ...(id !== undefined && { id }), ...fault });
    };
    const labels = await this.read(inputs, count, refuse);
    const known = new Map(await this.store.known([...new Set(labels.map(({ id }) => id))]));
    await this.versions.read(known.values());
    const taken = labels.flatMap((given) => {
      const before = known.get(given.id);
      const text = this.versions.labelOf(before, given.label);
      if (text === undefined) {
        const expected = this.versions.expected(before!);
        refuse(given.index, { field: 'label', expected, received: received(given.label) }, given.id, before?.model);
        return [];
      }
      const label = { ...given, label: text };
      const outcome = this.judge(label, known);
      count(outcome, label.id, before?.model);
      if (outcome === 'accepted' && before?.model) {
        const { model, version } = before;
        const key = `${model}\n${version}`;
        let own = delays.get(key);
        if (!own) delays.set(key, (own = { model, version, seconds: [] }));
        own.seconds.push(Math.max(0, label.observedAt - timeOf(label.id)) / 1_000);
      }
      return outcome === 'accepted' || outcome === 'corrected' ? [label] : [];
    });
    for (let start = 0; start < taken.length; start += BATCH_LABELS) {
      const some = taken.slice(start, start + BATCH_LABELS);
      await this.store.append({
        producer: this.producer,
        sequence: ++this.sequence,
        labels: {
          ids: some.map(({ id }) => id),
          labels: some.map(({ label }) => label),
          observedAt: some.map(({ observedAt }) => observedAt),
        },
      });
    }
    faults.sort((one, other) => one.index - other.index);
    return { counts, faults: faults.slice(0, FAULTS), byModel, delays: [...delays.values()] };
  }

  /** The labels that identify one prediction, each with the prediction's own id. */
  private async read(
    inputs: readonly unknown[],
    count: (outcome: LabelOutcome, name?: string) => void,
    refuse: (index: number, fault: LabelFault, id?: string) => void,
  ): Promise<PlacedLabel[]> {
    const all = inputs.map((input) => readLabel(input, this.now()));
    const externalIds = all.flatMap((one) => ('label' in one && one.externalId ? [one.externalId] : []));
    const byExternalId = await this.store.byExternalId([...new Set(externalIds)]);
    return all.flatMap((one, index) => {
      if ('fault' in one) refuse(index, one.fault, idOf(inputs[index]));
      else if (one.externalId === undefined) return [{ ...one.label, index }];
      else {
        const { label, externalId } = one;
        const ids = byExternalId.get(externalId) ?? [];
        if (ids.length === 1) return [{ ...label, id: ids[0], index }];
        if (ids.length === 0) count('unknown', externalId);
        else refuse(index, { ...AMBIGUOUS, received: externalId }, externalId);
      }
      return [];
    });
  }

  /** Decides the outcome of a label, and adds a stored one to `known`. */
  private judge({ id, label, observedAt }: ValidLabel, known: Map<string, KnownPrediction>): LabelOutcome {
    const before = known.get(id);
    const { model = '', version = '' } = before ?? {};
    const age = this.now() - timeOf(id);
    if (!before && age > ROW_DAYS * DAY) return 'too_old';
    if (!before && age > YOUNG_MILLISECONDS) return 'unknown';
    if (before && before.label !== null) {
      const isLater = observedAt > before.observedAt!;
      const isTie = observedAt === before.observedAt && label > before.label;
      if (label === before.label || !(isLater || isTie)) return 'duplicate';
      known.set(id, { model, version, label, observedAt });
      return 'corrected';
    }
    known.set(id, { model, version, label, observedAt });
    return 'accepted';
  }
}

const emptyCounts = (): LabelCounts => ({
  accepted: 0,
  corrected: 0,
  duplicate: 0,
  unknown: 0,
  too_old: 0,
  invalid: 0,
  examples: {},
});
