import type { Batch, CellCount, MonitorStore } from './monitor-store.js';
import { dayOf, type StoredPrediction } from './rows.js';

const ROWS = 5_000;
const EVER = { from: 0, to: Number.MAX_SAFE_INTEGER };

export interface Moved {
  readonly predictions: number;
  readonly labels: number;
  readonly counts: number;
  readonly events: number;
}

/**
 * Copies the whole content of one store to another. A repeated copy adds only what is missing, as long as nothing is
 * appended to the source meanwhile.
 *
 * @param name of the source: must be the same whenever it is copied
 */
export async function moveStore(from: MonitorStore, to: MonitorStore, name: string): Promise<Moved> {
  const moved = { predictions: 0, labels: 0, counts: 0, events: 0 };
  let sequence = 0;
  const append = (content: Omit<Batch, 'producer' | 'sequence'>): Promise<void> =>
    to.append({ producer: `move-${name}`, sequence: ++sequence, ...content });
  const appendRows = async (rows: readonly StoredPrediction[]): Promise<void> => {
    if (rows.length === 0) return;
    const labelled = rows.filter(({ label }) => label !== null);
    await append({
      rows: {
        ids: rows.map(({ id }) => id),
        externalIds: rows.map(({ externalId }) => externalId),
        models: rows.map(({ model }) => model),
        versions: rows.map(({ version }) => version),
        predictions: rows.map(({ prediction }) => prediction),
        scores: rows.map(({ score }) => score),
        slices: rows.map(({ slices }) => slices),
        raw: rows.map(({ raw }) => raw),
        weights: rows.map(({ weight }) => weight),
      },
      labels: {
        ids: labelled.map(({ id }) => id),
        labels: labelled.map(({ label }) => label!),
        observedAt: labelled.map(({ observedAt }) => observedAt!),
      },
    });
    moved.predictions += rows.length;
    moved.labels += labelled.length;
  };
  for (const model of await from.models()) {
    let rows: StoredPrediction[] = [];
    for await (const row of from.predictions({ model, ...EVER })) {
      if (rows.push(row) < ROWS) continue;
      await appendRows(rows);
      rows = [];
    }
    await appendRows(rows);
    for (const counts of await countsByDay(from, model)) {
      await append({ counts });
      moved.counts += counts.length;
    }
  }
  for (const event of await from.events({})) {
    await to.record(event);
    moved.events++;
  }
  for (const [name, note] of await from.notes('')) await to.keep(name, note);
  return moved;
}

/** The counts of each day at its finest scale, of which coarser ones are sums. */
async function countsByDay(store: MonitorStore, model: string): Promise<CellCount[][]> {
  const days = new Map<number, CellCount[]>();
  for (const scale of ['minute', 'hour', 'day'] as const) {
    const ofScale = new Map<number, CellCount[]>();
    for (const count of await store.counts({ model, ...EVER, scale })) {
      const day = dayOf(count.time);
      if (days.has(day)) continue;
      const counts = ofScale.get(day);
      if (counts) counts.push(count);
      else ofScale.set(day, [count]);
    }
    for (const [day, counts] of ofScale) days.set(day, counts);
  }
  return [...days].sort(([a], [b]) => a - b).map(([, counts]) => counts);
}
