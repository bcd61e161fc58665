import { isJsonType } from '../json-type.js';

/** The header fields of a plain request that its answer may depend on, named as Node names them. */
export class PlainHeaders {
  [name: string]: string | undefined;
  host?: string = undefined;
  'content-type'?: string = undefined;
  'content-length'?: string = undefined;
  'x-request-id'?: string = undefined;
  traceparent?: string = undefined;
  authorization?: string = undefined;
  'x-api-key'?: string = undefined;
  'x-external-id'?: string = undefined;
  'x-routing-key'?: string = undefined;
}

/**
 * Reads the head of a plain request: one host, a JSON body of known length and no encoding, no expectation, and no field twice that
 * matters.
 *
 * @param raw names and values as sent, alternating
 * @returns undefined for all other requests
 */
export function plainHeaders(raw: readonly string[]): PlainHeaders | undefined {
  const headers = new PlainHeaders();
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toLowerCase();
    switch (name) {
      case 'host':
      case 'content-type':
      case 'content-length':
      case 'x-request-id':
      case 'traceparent':
      case 'authorization':
      case 'x-api-key':
      case 'x-external-id':
      case 'x-routing-key':
        if (headers[name] !== undefined) return undefined;
        headers[name] = raw[i + 1];
        break;
      case 'content-encoding':
      case 'transfer-encoding':
      case 'expect':
      case 'origin':
        return undefined;
    }
  }
  const isPlain = headers.host !== undefined && headers['content-length'] !== undefined;
  return isPlain && isJsonType(headers['content-type']) ? headers : undefined;
}
