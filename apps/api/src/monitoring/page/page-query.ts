import type { PageFormat, Scale } from '#monitoring';
import { SCALE_NAMES } from '#monitoring';
import { Problem } from '../../problem/problem.js';

const FORMATS: readonly PageFormat[] = ['html', 'json', 'csv'];

/** Query parameters of a page. */
export interface PageQuery {
  readonly scale: Scale;
  readonly format: PageFormat;
  /** End of the window, in milliseconds since the epoch. */
  readonly to?: number;
}

function oneOf<T extends string>(name: string, value: unknown, known: readonly T[], otherwise: T): T {
  if (value === undefined) return otherwise;
  const found = known.find((one) => one === value);
  if (found === undefined) {
    const shown = typeof value === 'string' ? `"${value.slice(0, 40)}"` : 'given twice';
    throw new Problem('bad-request', `The parameter ${name} is ${shown}; it can be ${known.join(', ')}.`);
  }
  return found;
}

/** @throws Problem `bad-request` that lists the valid values */
export function readPageQuery({ window, format, to }: Readonly<Record<string, unknown>>): PageQuery {
  const query = { scale: oneOf('window', window, SCALE_NAMES, '1d'), format: oneOf('format', format, FORMATS, 'html') };
  if (to === undefined) return query;
  const time = typeof to === 'string' && /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(to) ? Date.parse(to) : NaN;
  if (!Number.isFinite(time)) {
    throw new Problem('bad-request', 'The parameter to is not a UTC time such as 2026-11-28 or 2026-11-28T14:00:00Z.');
  }
  return { ...query, to: time };
}
