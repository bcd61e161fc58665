import type { MonitorStore, OutcomeQuery } from '../store/monitor-store.js';
import { binOutcomes, liveAccuracy } from '../quality/outcomes.js';
import type { WatchedVersion } from '../watch/watched-version.js';
import { classQuality, errorQuality, type QualityReport } from './quality-report.js';

/** Of a slice column with more values, only the most frequent are shown. */
const MOST_VALUES = 20;

/** The quality of the rows that have one value in a slice column. */
export interface SliceQuality {
  /** As JSON. */
  readonly value: string;
  readonly rows: number;
  /** Null without a label. */
  readonly quality: QualityReport | null;
}

/** The values of a slice column, the most frequent first. */
export interface SliceView {
  readonly column: string;
  readonly values: readonly SliceQuality[];
}

/** The number of rows in counts of any kind. */
export const rowsIn = (of: readonly { readonly rows: number }[]): number => of.reduce((sum, { rows }) => sum + rows, 0);

function byValue<Count extends { readonly slice: string | null; readonly rows: number }>(
  counts: readonly Count[],
  qualityOf: (own: readonly Count[]) => QualityReport | null,
): SliceQuality[] {
  const groups = new Map<string, Count[]>();
  for (const count of counts) {
    if (count.slice === null) continue;
    const own = groups.get(count.slice);
    if (own) own.push(count);
    else groups.set(count.slice, [count]);
  }
  return [...groups]
    .map(([value, own]) => ({ value, rows: rowsIn(own), quality: qualityOf(own) }))
    .sort((a, b) => b.rows - a.rows)
    .slice(0, MOST_VALUES);
}

/**
 * Reads the quality of a window by the values of each slice column.
 *
 * @param usual see `isMature`
 */
export async function readSlices(
  store: MonitorStore,
  watched: WatchedVersion,
  query: Omit<OutcomeQuery, 'edges' | 'slice'>,
  usual: number | null,
): Promise<SliceView[]> {
  const { slices = [], task, baseline, accuracy } = watched;
  const edges = baseline?.scores?.uppers ?? [];
  const views: SliceView[] = [];
  for (const column of slices) {
    const asked = { ...query, edges, slice: column };
    const values =
      task === 'regression'
        ? byValue(await store.errors(asked), (own) => errorQuality(own, watched, usual))
        : byValue(await store.outcomes(asked), (own) =>
            classQuality(liveAccuracy(binOutcomes(own, edges.length)), accuracy, usual),
          );
    if (values.length > 0) views.push({ column, values });
  }
  return views;
}
