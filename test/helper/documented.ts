import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

interface Content {
  readonly schema?: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

/** An operation of the committed OpenAPI document. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly parameters: readonly { readonly in: string; readonly name: string; readonly example?: string }[];
  readonly security?: readonly object[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}

const document = JSON.parse(readFileSync('openapi.json', 'utf8')) as { paths: Record<string, Record<string, object>> };
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(document, 'openapi');

export const OPERATIONS: readonly Operation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    ...(operation as Omit<Operation, 'path' | 'method' | 'parameters'>),
    parameters: (operation as Partial<Operation>).parameters ?? [],
    method: method.toUpperCase(),
    path,
  })),
);

const validators = new Map<string, ValidateFunction>();

/** The validator of a documented answer; `undefined` if it is not documented. */
export function validatorOf(
  { method, path, responses }: Operation,
  status: number,
  type: string,
): ValidateFunction | undefined {
  if (!responses[status]?.content?.[type]?.schema) return undefined;
  const pointer = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema'];
  const escaped = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
  const $ref = `openapi#/${escaped.join('/')}`;
  // Ajv compiles everything behind the reference, each time.
  const validate = validators.get($ref) ?? ajv.compile({ $ref });
  validators.set($ref, validate);
  return validate;
}

/** Deviations of an answer from the document: an undocumented status, type, or body. */
export function answerFaults(
  operation: Operation,
  { status, headers, text }: { status: number; headers: Headers; text: string },
): string[] {
  const at = `${operation.method} ${operation.path} ${status}`;
  const documented = operation.responses[status];
  if (!documented) return [`${at} is not documented: ${text}`];
  const type = headers.get('content-type')?.split(';')[0];
  if (!type) return text === '' && !documented.content ? [] : [`${at} has no type: ${text}`];
  const validate = validatorOf(operation, status, type);
  if (!validate) return [`${at} ${type} is not documented`];
  if (!/[/+]json$/.test(type)) return [];
  return validate(JSON.parse(text)) ? [] : [`${at}: ${text} is not as documented: ${ajv.errorsText(validate.errors)}`];
}
