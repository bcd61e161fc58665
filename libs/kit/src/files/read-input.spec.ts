import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '#testing';
import { InputError } from '../errors/input.error.js';
import { readStructured, readText } from './read-input.js';

const folder = temporaryFolder();
const SCHEMA = {
  type: 'object',
  required: ['a'],
  properties: { a: { type: 'object', properties: { b: { type: 'array', items: { type: 'integer' } } } } },
};

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('readText', () => {
  it('reads a file as it is', async () => {
    expect(await readText(await fileOf('text', 'Grüße\r\n'))).toBe('Grüße\r\n');
  });

  it('says that a file does not exist', async () => {
    const path = join(folder, 'nowhere.json');
    await expect(readText(path)).rejects.toThrow(new InputError(`${path} cannot be read: it does not exist.`));
  });

  it('says why a file cannot be read', async () => {
    const path = join(folder, 'directory');
    await mkdir(path);
    await expect(readText(path)).rejects.toThrow(
      new InputError(`${path} cannot be read: EISDIR: illegal operation on a directory, read.`),
    );
  });
});

describe('readStructured', () => {
  it.each([
    ['x.json', '{"a": {"b": [1, 2]}}'],
    ['x.yaml', 'a: { b: [1, 2] } # YAML'],
    ['x.yml', 'a:\n  b:\n    - 1\n    - 2\n'],
  ])('reads %s', async (name, text) => {
    expect(await readStructured(await fileOf(name, text), SCHEMA)).toEqual({ a: { b: [1, 2] } });
  });

  it('does not take YAML for JSON', async () => {
    const path = await fileOf('y.json', 'a: {}');
    await expect(readStructured(path, SCHEMA)).rejects.toThrow(/^.*y\.json cannot be parsed: Unexpected token/);
  });

  it('says where YAML is malformed', async () => {
    const path = await fileOf('y.yaml', 'a: [');
    await expect(readStructured(path, SCHEMA)).rejects.toThrow(/^.*y\.yaml cannot be parsed: .* at line 1, column 5/s);
  });

  it('passes on that a file does not exist', async () => {
    const path = join(folder, 'nowhere.yaml');
    await expect(readStructured(path, SCHEMA)).rejects.toThrow(`${path} cannot be read: it does not exist.`);
  });

  it.each([
    ['[]', 'the document must be object.'],
    ['{}', "the document must have required property 'a'."],
    ['{"a": 1}', 'a must be object.'],
    ['{"a": {"b": [1, "2"]}}', 'a.b.1 must be integer.'],
    ['{"a": {"b": [1e400]}}', 'a.b.0 must be integer.'],
  ])('says what is wrong with %s', async (text, problem) => {
    const path = await fileOf('z.json', text);
    await expect(readStructured(path, SCHEMA)).rejects.toThrow(new InputError(`${path}: ${problem}`));
  });
});
