import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelRegistry } from '#registry';
import { shadowOf } from '#renewal';
import { type AnsweredRows, idText, type ModelIdentity, type ServedModel } from '#runtime';
import { columnMap } from './column-map.js';
import type { RolloutRecorder, ShadowRows } from './rollout-recorder.js';

/** Capacity of the queue, in rows; further rows are shed, because the shadow has the lowest priority. */
const MAX_ROWS = 20_000;
/** The shadow pauses four times as long as it works, so it uses at most a fifth of one core. */
const REST = 4;
/**
 * Rows are collected this long, up to this many, and scored in one call, because most of the cost is per call. At most about 600
 * rows a second are scored, so that a busy server spends little on the shadow.
 */
const GATHER_MILLISECONDS = 50;
const GATHERED_ROWS = 32;
/** How often to check whether the rows of callers have been answered. */
const BUSY_MILLISECONDS = 5;

interface Waiting {
  readonly model: string;
  /** The version that answers callers. */
  readonly answering?: ServedModel;
  readonly shadow: ServedModel;
  readonly columns: Float64Array[];
  readonly rows: number;
  /** Ids of the answers to callers, as text. */
  readonly ids: string[];
  /** Predictions of those answers. */
  readonly predictions: string[];
}

export interface ShadowTally {
  scored: number;
  disagreed: number;
  shed: number;
}

/**
 * Lets the other version of a rollout score rows after they were answered, and stores its predictions. It never delays
 * an answer: rows wait in a bounded queue, are scored while no row of a caller is in progress, and are shed if the
 * queue is full.
 */
export class Shadow {
  readonly tallies = new Map<string, ShadowTally>();
  private readonly queue: Waiting[] = [];
  private waitingRows = 0;
  private isWorking = false;
  private readonly maps = new WeakMap<ServedModel, ReturnType<typeof columnMap>>();
  private registry?: Pick<ModelRegistry, 'rolling' | 'isRolling'>;

  constructor(private readonly recorder: RolloutRecorder) {}

  /** Sets the models to shadow; without a call nothing happens. */
  follow(registry: Pick<ModelRegistry, 'rolling' | 'isRolling'>): void {
    this.registry = registry;
  }

  /** Queues a copy of answered rows, if a rollout requires it. */
  readonly scored = ({ name, version }: ModelIdentity, answered: AnsweredRows): void => {
    const rolling = this.registry?.isRolling ? this.registry.rolling.get(name) : undefined;
    if (!rolling) return;
    const { state } = rolling.rollout;
    const shadow = state === 'shadow' ? rolling.challenger : state === 'watch' ? rolling.previous : undefined;
    if (shadow?.kind !== 'pipeline' || shadow.manifest.version === version) return;
    const tally = this.tallyOf(name);
    if (this.waitingRows + answered.rows > MAX_ROWS) {
      tally.shed += answered.rows;
      return;
    }
    this.waitingRows += answered.rows;
    const ids = Buffer.from(answered.ids.buffer, answered.ids.byteOffset, answered.ids.byteLength);
    this.queue.push({
      model: name,
      answering: rolling.champion?.kind === 'pipeline' ? rolling.champion : undefined,
      shadow,
      columns: copied(answered),
      rows: answered.rows,
      ids: Array.from({ length: answered.rows }, (_, row) => idText(ids, answered.start + row)),
      predictions: predictionsOf(answered),
    });
    if (!this.isWorking) void this.work();
  };

  private async work(): Promise<void> {
    this.isWorking = true;
    while (this.queue.length > 0) {
      await sleep(GATHER_MILLISECONDS);
      // Callers come first.
      while (this.queue[0].answering?.pendingRows) await sleep(BUSY_MILLISECONDS);
      const waiting = this.nextBatch();
      const started = performance.now();
      await this.score(waiting).catch(() => void (this.tallyOf(waiting.model).shed += waiting.rows));
      this.waitingRows -= waiting.rows;
      await sleep(REST * (performance.now() - started));
    }
    this.isWorking = false;
  }

  /** Takes the first entry of the queue and those behind it that are of the same versions. */
  private nextBatch(): Waiting {
    const [first] = this.queue;
    let rows = 0;
    const end = this.queue.findIndex((one, n) => {
      rows += one.rows;
      return n > 0 && (one.shadow !== first.shadow || one.answering !== first.answering || rows > GATHERED_ROWS);
    });
    const taken = this.queue.splice(0, end < 0 ? this.queue.length : end);
    return taken.length === 1 ? first : together(taken);
  }

  private async score({ model, answering, shadow, columns, rows, ids, predictions }: Waiting): Promise<void> {
    if (!answering) throw new Error('The champion has gone');
    const map = this.mapOf(answering, shadow);
    const answer = await shadow.scoreQuietly(map(columns), rows);
    const predicted = predictionsOf({ ...answer, start: 0, rows });
    const nothing = ids.map(() => null);
    const kept: ShadowRows = {
      ids: ids.map((_, row) => idText(answer.ids, row)),
      externalIds: [...ids],
      models: ids.map(() => shadowOf(model)),
      versions: ids.map(() => shadow.manifest.version),
      predictions: predicted,
      scores: answer.values ? [...nothing] : Array.from(answer.probabilities),
      slices: [...nothing],
      raw: [...nothing],
      weights: [...nothing],
    };
    const tally = this.tallyOf(model);
    tally.scored += rows;
    tally.disagreed += predicted.filter((one, row) => one !== predictions[row]).length;
    this.recorder.scored(kept);
  }

  /** Converts columns of the answering version to those of its shadow. */
  private mapOf(answering: ServedModel, shadow: ServedModel): ReturnType<typeof columnMap> {
    let map = this.maps.get(shadow);
    if (!map) this.maps.set(shadow, (map = columnMap(answering, shadow)));
    return map;
  }

  private tallyOf(model: string): ShadowTally {
    let tally = this.tallies.get(model);
    if (!tally) this.tallies.set(model, (tally = { scored: 0, disagreed: 0, shed: 0 }));
    return tally;
  }
}

function together(waiting: readonly Waiting[]): Waiting {
  const [first] = waiting;
  const rows = waiting.reduce((sum, one) => sum + one.rows, 0);
  const columns = first.columns.map((_, column) => {
    const values = new Float64Array(rows);
    let at = 0;
    for (const one of waiting) {
      values.set(one.columns[column], at);
      at += one.rows;
    }
    return values;
  });
  const [ids, predictions] = [waiting.flatMap((one) => one.ids), waiting.flatMap((one) => one.predictions)];
  return { ...first, columns, rows, ids, predictions };
}

/** Copies these rows, one column for each raw input. */
function copied({ asked, start, rows }: AnsweredRows): Float64Array[] {
  if ('columns' in asked) return asked.columns.map((column) => column.slice(start, start + rows));
  const width = asked.rows[start]?.length ?? 0;
  return Array.from({ length: width }, (_, column) =>
    Float64Array.from({ length: rows }, (__, row) => asked.rows[start + row][column]),
  );
}

/** Predictions in the form of the store. */
const predictionsOf = ({
  start,
  rows,
  labels,
  classIndices,
  values,
}: Pick<AnsweredRows, 'start' | 'rows' | 'labels' | 'classIndices'> & {
  readonly values?: ArrayLike<number>;
}): string[] =>
  Array.from({ length: rows }, (_, row) =>
    values ? String(values[start + row]) : String(labels[classIndices[start + row]]),
  );
