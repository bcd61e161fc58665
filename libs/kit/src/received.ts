const SHOWN_CHARACTERS = 100;

/** A value that somebody sent, as an error shows it: long texts cut, arrays and objects named. */
export function received(value: unknown): unknown {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' && !Number.isFinite(value)) return `${value}, a number beyond the range of a double`;
  if (typeof value === 'string' && value.length > SHOWN_CHARACTERS) return `${value.slice(0, SHOWN_CHARACTERS)}...`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return value;
}
