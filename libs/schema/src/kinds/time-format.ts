import { offsetOf, startOf } from './iso-time.js';

const MONTHS = 'January,February,March,April,May,June,July,August,September,October,November,December'.split(',');
const MINUTE = 60_000_000;
/** Regular expressions of the directives, as in Python's strptime: days, months and hours may have one digit. */
const READ: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  y: '\\d\\d',
  m: '\\d\\d?',
  b: MONTHS.map((month) => `${month}|${month.slice(0, 3)}`).join('|'),
  d: '\\d\\d?',
  H: '\\d\\d?',
  I: '\\d\\d?',
  M: '\\d\\d',
  S: '\\d\\d',
  f: '\\d{1,9}',
  p: '[AP]M',
  z: 'Z|UTC|[+-]\\d\\d(?::?\\d\\d)?',
};
const PIECES = /%(.?)|[^%]+/g;
const PARTS = '%Y or %y, %m or %b, %d, and of times %H, or %I with %p, %M, %S, %f and %z';

/** Parses and writes dates and times by a pattern such as `%d.%m.%Y %H:%M`. */
export interface TimeFormat {
  /** Whether its times contain their zone. */
  readonly hasZone: boolean;
  /**
   * @param offset in microseconds, of times without a zone; absent: such times are invalid
   * @returns microseconds since the epoch; `undefined` for a text in another format
   */
  readonly parse: (text: string, offset?: number) => number | undefined;
  /** Writes a time of the years 0 to 9999; parts that the format does not contain are lost. */
  readonly write: (microseconds: number, offset?: number) => string;
}

function flawOf(parts: readonly string[], isDate: boolean): string | undefined {
  const has = (part: string): boolean => parts.includes(part);
  const unknown = parts.find((part) => part !== '%' && !(part in READ));
  if (unknown !== undefined) return `%${unknown} is none of its parts, which are ${PARTS}`;
  const twice = parts.find((part, i) => part !== '%' && parts.indexOf(part) !== i);
  if (twice !== undefined) return `it has %${twice} twice`;
  if (has('Y') === has('y') || has('m') === has('b')) return 'it must have one of %Y and %y, and one of %m and %b';
  const time = parts.find((part) => 'HIMSfpz'.includes(part));
  if (isDate) return time === undefined ? undefined : `%${time} is of times; the type is date, not datetime`;
  if (!has('d') || has('H') === has('I') || has('I') !== has('p'))
    return 'of a datetime it must have %d, and %H, or %I with %p; without a time the type is date';
  return (has('f') && !has('S')) || (has('S') && !has('M')) ? 'it lacks %M or %S before a finer part' : undefined;
}

const two = (number: number): string => String(number).padStart(2, '0');

/** @returns the format, or a description of the error in the pattern */
export function timeFormat(pattern: string, isDate: boolean): TimeFormat | string {
  const pieces = Array.from(pattern.matchAll(PIECES), ([text, part]) => ({ text, part }));
  const parts = pieces.flatMap(({ part }) => part ?? []);
  const flaw = flawOf(parts, isDate);
  if (flaw !== undefined) return flaw;
  const groups = parts.filter((part) => part !== '%');
  const isDigits = (i: number): boolean => /[YymdHIMSf]/.test(pieces[i]?.part ?? '');
  const source = pieces.map(({ text, part }, i) => {
    if (part === undefined || part === '%') return (part ?? text).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    // Adjacent numbers are separated only by their fixed numbers of digits.
    return `(${isDigits(i - 1) || isDigits(i + 1) ? READ[part].replace('\\d\\d?', '\\d\\d') : READ[part]})`;
  });
  const whole = new RegExp(`^${source.join('')}$`, 'i');
  const place = (part: string): number => groups.indexOf(part) + 1;
  const [year, short, month, name, day] = ['Y', 'y', 'm', 'b', 'd'].map(place);
  const [hour, half, minute, second, fraction, noon, zone] = ['H', 'I', 'M', 'S', 'f', 'p', 'z'].map(place);

  function parse(text: string, offset?: number): number | undefined {
    const found = whole.exec(text);
    if (!found) return undefined;
    const numberAt = (group: number, otherwise: number): number => (group === 0 ? otherwise : Number(found[group]));
    // POSIX: 69 to 99 are in the 20th century, 00 to 68 in the 21st.
    const years = short === 0 ? numberAt(year, 0) : ((Number(found[short]) + 31) % 100) + 1969;
    const start = startOf(
      years,
      name === 0
        ? numberAt(month, 1)
        : MONTHS.findIndex((one) => one.slice(0, 3).toLowerCase() === found[name].slice(0, 3).toLowerCase()) + 1,
      numberAt(day, 1),
    );
    const ahead = isDate ? 0 : zone === 0 ? offset : offsetOf(found[zone].toUpperCase());
    if (start === undefined || ahead === undefined) return undefined;
    const hours = half === 0 ? numberAt(hour, 0) : (Number(found[half]) % 12) + (/^p/i.test(found[noon]) ? 12 : 0);
    const [minutes, seconds] = [numberAt(minute, 0), numberAt(second, 0)];
    if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
    if (half > 0 && !(Number(found[half]) >= 1 && Number(found[half]) <= 12)) return undefined;
    const rest = fraction === 0 ? 0 : Number(found[fraction].slice(0, 6).padEnd(6, '0'));
    return start + (hours * 60 + minutes) * MINUTE + seconds * 1_000_000 + rest - ahead;
  }

  function write(microseconds: number, offset = 0): string {
    const local = zone === 0 ? microseconds + offset : microseconds;
    const date = new Date(Math.floor(local / 1000));
    const hours = date.getUTCHours();
    const written: Readonly<Record<string, string>> = {
      '%': '%',
      Y: String(date.getUTCFullYear()).padStart(4, '0'),
      y: two(date.getUTCFullYear() % 100),
      m: two(date.getUTCMonth() + 1),
      b: MONTHS[date.getUTCMonth()].slice(0, 3),
      d: two(date.getUTCDate()),
      H: two(hours),
      I: two(((hours + 11) % 12) + 1),
      M: two(date.getUTCMinutes()),
      S: two(date.getUTCSeconds()),
      f: String(local - Math.floor(local / 1_000_000) * 1_000_000).padStart(6, '0'),
      p: hours < 12 ? 'AM' : 'PM',
      z: '+0000',
    };
    return pieces.map(({ text, part }) => (part === undefined ? text : written[part])).join('');
  }

  return { hasZone: zone > 0, parse, write };
}
