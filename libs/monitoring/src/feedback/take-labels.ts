import { randomUUID } from 'node:crypto';
import { DAY } from '#kit';
import type { KnownPrediction, MonitorStore } from '../store/monitor-store.js';
import { ROW_DAYS, timeOf } from '../store/rows.js';
import { VersionLabels } from './version-labels.js';

/** Labels in one batch of the store. */
const BATCH_LABELS = 5_000;
/** The row of a younger id may still be on its way to the store. */
const YOUNG_MILLISECONDS = 60_000;
/** Example ids returned for each outcome except `accepted`. */
const EXAMPLES = 10;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The true outcome of a prediction, as a client sends it. */
export interface LabelInput {
  readonly prediction_id?: unknown;
  readonly external_id?: unknown;
  readonly label?: unknown;
  /** ISO 8601; defaults to now. */
  readonly observed_at?: unknown;
}

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
  /** By the model of the prediction; '' where that is not known. */
  readonly byModel: Readonly<Record<string, Readonly<Partial<Record<LabelOutcome, number>>>>>;
  readonly delays: readonly LabelDelays[];
}

interface Label {
  readonly id: string;
  readonly label: string;
  readonly observedAt: number;
}

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

  /** @throws what the store throws; some of the labels may then be stored, and all can safely be sent again */
  async take(inputs: readonly LabelInput[]): Promise<LabelCounts> {
    return (await this.takeAll(inputs)).counts;
  }

  /** As {@link take}, with the figures for metrics. */
  async takeAll(inputs: readonly LabelInput[]): Promise<TakenLabels> {
    const counts = emptyCounts();
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
    const labels = await this.read(inputs, count);
    const known = new Map(await this.store.known([...new Set(labels.map(({ id }) => id))]));
    await this.versions.read(known.values());
    const taken = labels.flatMap((given) => {
      const before = known.get(given.id);
      const text = this.versions.labelOf(before, given.label);
      if (text === undefined) {
        count('invalid', given.id, before?.model);
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
    return { counts, byModel, delays: [...delays.values()] };
  }

  /** The labels that identify one prediction, each with the prediction's own id. */
  private async read(
    inputs: readonly LabelInput[],
    count: (outcome: LabelOutcome, name?: string) => void,
  ): Promise<Label[]> {
    const named = inputs.map((input) => ({ ...readLabel(input, this.now()), name: nameOf(input) }));
    const externalIds = named.flatMap(({ label, externalId }) => (label && externalId ? [externalId] : []));
    const byExternalId = await this.store.byExternalId([...new Set(externalIds)]);
    return named.flatMap(({ label, externalId, name }) => {
      if (!label) count('invalid', name);
      else if (externalId === undefined) return [label];
      else {
        const ids = byExternalId.get(externalId) ?? [];
        if (ids.length === 1) return [{ ...label, id: ids[0] }];
        // An external id that was used twice is ambiguous.
        count(ids.length === 0 ? 'unknown' : 'invalid', externalId);
      }
      return [];
    });
  }

  /** Decides the outcome of a label, and adds a stored one to `known`. */
  private judge({ id, label, observedAt }: Label, known: Map<string, KnownPrediction>): LabelOutcome {
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

const nameOf = ({ prediction_id, external_id }: LabelInput): string | undefined => {
  const name = prediction_id ?? external_id;
  return typeof name === 'string' ? name.slice(0, 64) : undefined;
};

/** @returns no label where any of its fields is invalid */
function readLabel(input: LabelInput, now: number): { label?: Label; externalId?: string } {
  const { prediction_id, external_id, label, observed_at } = input;
  const observedAt = observed_at === undefined || observed_at === '' ? now : timeIn(observed_at);
  const text = labelText(label);
  if (text === undefined || observedAt === undefined) return {};
  const [isOwn, isExternal] = [prediction_id, external_id].map((id) => id !== undefined && id !== '');
  if (isOwn === isExternal) return {};
  if (isExternal) {
    if (typeof external_id !== 'string' || !/^[A-Za-z0-9._:-]{1,64}$/.test(external_id)) return {};
    return { label: { id: '', label: text, observedAt }, externalId: external_id };
  }
  const id = typeof prediction_id === 'string' ? prediction_id.toLowerCase() : '';
  return UUID.test(id) ? { label: { id, label: text, observedAt } } : {};
}

/** A label in the store's form of classes; 1 and "1" are the same. */
function labelText(label: unknown): string | undefined {
  if (typeof label === 'boolean' || (typeof label === 'number' && Number.isFinite(label))) return String(label);
  // PostgreSQL's text type cannot contain NUL.
  return typeof label === 'string' && label !== '' && label.length <= 1_000 && !label.includes('\0')
    ? label
    : undefined;
}

function timeIn(text: unknown): number | undefined {
  const time = typeof text === 'string' && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : NaN;
  return Number.isFinite(time) ? time : undefined;
}
