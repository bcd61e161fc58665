import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { InputError } from '../errors/input.error.js';

// These schemas are our own: validating them against the meta-schema would cost more than checking the documents.
const ajv = new Ajv({ strictTypes: false, validateSchema: false });

const unreadable =
  (path: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new InputError(`${path} cannot be read: ${error.code === 'ENOENT' ? 'it does not exist' : error.message}.`);
  };

/** Reads a file that the user named, or that an earlier stage wrote. @throws InputError */
export const readBytes = (path: string): Promise<Buffer> => readFile(path).catch(unreadable(path));

/** As {@link readBytes}, decoded as UTF-8. */
export const readText = (path: string): Promise<string> => readFile(path, 'utf8').catch(unreadable(path));

/** Reads a JSON or YAML file that the user named and checks its shape against a JSON Schema. */
export async function readStructured<T>(path: string, schema: object): Promise<T> {
  let value: unknown;
  try {
    const text = await readText(path);
    value = path.endsWith('.json') ? JSON.parse(text) : parse(text);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path} cannot be parsed: ${(error as Error).message}`);
  }
  const validate = ajv.compile(schema);
  if (!validate(value)) {
    const [{ instancePath, message, params }] = validate.errors!;
    const allowed = 'allowedValues' in params ? `: ${(params.allowedValues as unknown[]).join(', ')}` : '';
    throw new InputError(
      `${path}: ${instancePath.slice(1).replaceAll('/', '.') || 'the document'} ${message}${allowed}.`,
    );
  }
  return value as T;
}
