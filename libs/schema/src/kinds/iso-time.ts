/** Microseconds of a day. */
export const DAY = 86_400_000_000;
const MINUTE = 60_000_000;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;
const OFFSET = /^([+-])(\d\d):?(\d\d)?$/;
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Microseconds from the epoch to the start of a day in UTC; `undefined` where the day does not exist. */
export function startOf(year: number, month: number, day: number): number | undefined {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = month === 2 && isLeap ? 29 : LENGTHS[month - 1];
  if (!(day >= 1 && day <= length)) return undefined;
  // Years begin in March, so that the leap day is the last: http://howardhinnant.github.io/date_algorithms.html
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const ofEra = y - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468) * DAY;
}

/** Microseconds by which an offset is ahead of UTC; `undefined` where the text is not an offset. */
export function offsetOf(text: string): number | undefined {
  if (text === 'Z' || text === 'UTC') return 0;
  const [, sign, hours, minutes = '0'] = OFFSET.exec(text) ?? [];
  if (!sign || Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
}

/** Parses `YYYY-MM-DD` to microseconds from the epoch to the start of the day in UTC; `undefined` for any other text. */
export function dateFromText(text: string): number | undefined {
  const found = DATE.exec(text);
  return found ? startOf(Number(found[1]), Number(found[2]), Number(found[3])) : undefined;
}

/**
 * Parses an ISO 8601 time, with T or a space, to microseconds since the epoch; `undefined` for any other text. Digits beyond
 * microseconds are truncated.
 *
 * @param offset in microseconds, of times without one; absent: such times are invalid
 */
export function timeFromText(text: string, offset?: number): number | undefined {
  const found = TIME.exec(text);
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '', zone] = found;
  const start = startOf(Number(year), Number(month), Number(day));
  const ahead = zone === undefined ? offset : offsetOf(zone);
  if (start === undefined || ahead === undefined) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return start + seconds * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0')) - ahead;
}

/** Formats a time of the years 0 to 9999 as `YYYY-MM-DD`. */
export const dateToText = (microseconds: number): string =>
  new Date(Math.floor(microseconds / 1000)).toISOString().slice(0, 10);

/** Formats a time of the years 0 to 9999 as ISO 8601 in UTC, with microseconds where it is not a whole millisecond. */
export function timeToText(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1000);
  const rest = microseconds - milliseconds * 1000;
  const text = new Date(milliseconds).toISOString();
  return rest === 0 ? text.replace('.000Z', 'Z') : text.replace('Z', `${String(rest).padStart(3, '0')}Z`);
}
