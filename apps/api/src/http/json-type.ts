/** The spelling of most callers. */
const JSON_CONTENT = 'application/json';
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * Whether a Content-Type is JSON. A missing one counts as JSON, and a charset is ignored (RFC 8259, section 11: it has no
 * effect).
 */
export const isJsonType = (type: string | undefined): boolean =>
  type === undefined || type === JSON_CONTENT || JSON_TYPE.test(type);
