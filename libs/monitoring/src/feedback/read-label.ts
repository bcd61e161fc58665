import { received } from '#kit';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const EXTERNAL_ID = /^[A-Za-z0-9._:-]{1,64}$/;
const LABEL_CHARACTERS = 1_000;
const LABEL_EXPECTED = `a class or a number: a text of 1 to ${LABEL_CHARACTERS} characters, a number or a boolean`;
/** Characters of an id that an answer shows. */
const SHOWN_CHARACTERS = 64;

/** The true outcome of a prediction, as a client sends it. */
export interface LabelInput {
  readonly prediction_id?: unknown;
  readonly external_id?: unknown;
  readonly label?: unknown;
  /** ISO 8601; defaults to now. */
  readonly observed_at?: unknown;
}

/** A label with valid fields. */
export interface ValidLabel {
  /** '' until the prediction of its external id is known. */
  readonly id: string;
  readonly label: string;
  /** Milliseconds since 1970. */
  readonly observedAt: number;
}

/** What is wrong with a label: `field` must be `expected`. */
export interface LabelFault {
  /** '' for the label itself. */
  readonly field: keyof LabelInput | '';
  readonly expected: string;
  readonly received: unknown;
}

export type ReadLabel = { readonly label: ValidLabel; readonly externalId?: string } | { readonly fault: LabelFault };

/** Reads a label that a client has sent, or says what is wrong with it. */
export function readLabel(input: unknown, now: number): ReadLabel {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return faultOf('', 'an object with prediction_id or external_id, and label', input);
  }
  const { prediction_id, external_id, label, observed_at } = input as LabelInput;
  const text = labelText(label);
  if (text === undefined) {
    return faultOf('label', LABEL_EXPECTED, label);
  }
  const observedAt = isAbsent(observed_at) ? now : timeIn(observed_at);
  if (observedAt === undefined) {
    return faultOf('observed_at', 'a time with its offset from UTC, such as 2026-11-24T10:00:00Z', observed_at);
  }
  if (isAbsent(prediction_id)) {
    if (isAbsent(external_id)) return faultOf('prediction_id', 'present, or external_id in its place', prediction_id);
    if (typeof external_id === 'string' && EXTERNAL_ID.test(external_id)) {
      return { label: { id: '', label: text, observedAt }, externalId: external_id };
    }
    return faultOf('external_id', 'a text of 1 to 64 letters, digits, ".", "_", ":" and "-"', external_id);
  }
  if (!isAbsent(external_id)) return faultOf('external_id', 'absent where prediction_id is given', external_id);
  const id = typeof prediction_id === 'string' ? prediction_id.toLowerCase() : '';
  return UUID.test(id)
    ? { label: { id, label: text, observedAt } }
    : faultOf('prediction_id', 'the prediction_id of an answer, a UUID', prediction_id);
}

/** The id that a client has given a label, shortened; undefined where it is no text. */
export function idOf(input: unknown): string | undefined {
  const { prediction_id, external_id } = (input ?? {}) as LabelInput;
  const id = isAbsent(prediction_id) ? external_id : prediction_id;
  return typeof id === 'string' ? id.slice(0, SHOWN_CHARACTERS) : undefined;
}

/** An empty cell of CSV is absent. */
const isAbsent = (value: unknown): boolean => value === undefined || value === '';

const faultOf = (field: LabelFault['field'], expected: string, value: unknown): { fault: LabelFault } => ({
  fault: { field, expected, received: received(value) },
});

/** A label in the store's form of classes; 1 and "1" are the same. */
function labelText(label: unknown): string | undefined {
  if (typeof label === 'boolean' || (typeof label === 'number' && Number.isFinite(label))) return String(label);
  // PostgreSQL's text type cannot contain NUL.
  return typeof label === 'string' && label !== '' && label.length <= LABEL_CHARACTERS && !label.includes('\0')
    ? label
    : undefined;
}

function timeIn(text: unknown): number | undefined {
  const time = typeof text === 'string' && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : NaN;
  return Number.isFinite(time) ? time : undefined;
}
