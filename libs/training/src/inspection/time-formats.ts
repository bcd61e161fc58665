const DATES = ['d-m-Y', 'm-d-Y', 'Y-m-d', 'd-m-y', 'm-d-y', 'y-m-d', 'd-b-Y', 'b-d-Y', 'd-b-y', 'm-Y', 'Y-m', 'b-Y'];
const SEPARATORS = ['.', '/', '-', ' '];
/** Its separators are fixed. */
const AMERICAN = '%b %d, %Y';
const TIMES = ['%H:%M', '%H:%M:%S', '%H:%M:%S.%f', '%I:%M %p', '%I:%M:%S %p'];
const JOINTS = [' ', 'T', ', '];

/** A possible type of a column whose dates or times are not ISO 8601. */
export type TimeRules =
  | { readonly type: 'date'; readonly format: string }
  | { readonly type: 'datetime'; readonly format: string; readonly timezone?: string };

/** Common formats that may fit an example; the caller must check them against all texts of the column. */
export function timeRules(example: string): TimeRules[] {
  if (!/^(\d|[A-Za-z]{3,9}\b)/.test(example) || !/\d/.test(example)) return [];
  const dates = SEPARATORS.filter((separator) => example.includes(separator)).flatMap((separator) =>
    DATES.map((parts) => parts.replace(/\w/g, '%$&').replaceAll('-', separator)),
  );
  if (example.includes(',')) dates.push(AMERICAN);
  if (!example.includes(':')) return dates.map((format) => ({ type: 'date', format }));
  const isOfHalves = /[ap]m\b/i.test(example);
  const [, gap, zone] = /( ?)(Z|UTC|[+-]\d\d:?\d\d)$/i.exec(example) ?? [];
  const ending = zone === undefined ? '' : `${gap}%z`;
  return dates.flatMap((date) =>
    JOINTS.flatMap((joint) =>
      TIMES.filter((time) => time.includes('%p') === isOfHalves).map((time) => ({
        type: 'datetime' as const,
        format: `${date}${joint}${time}${ending}`,
        ...(ending === '' && { timezone: 'UTC' }),
      })),
    ),
  );
}
