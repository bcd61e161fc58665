import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isScope, type Scope, SCOPES } from '../../routes/scope.js';
import { generateKey } from './api-key.js';

const USAGE = `Usage: npm run keys -- create --scope predict[,read] [--id NAME] [--file PATH]

  --scope S   what the key may do, any of ${SCOPES.join(', ')}; may be repeated
  --id NAME   names its holder in logs and limits (default: the scopes and the date)
  --file PATH append the line to this file of keys; a running server reads it again

Prints the key, which is shown this once, and the line that makes a server accept it.`;

const EXIT_WRONG_INPUT = 2;

function readScopes(given: readonly string[]): Scope[] {
  const scopes = given.flatMap((text) => text.split(','));
  const unknown = scopes.find((scope) => !isScope(scope));
  if (unknown !== undefined) throw new Error(`"${unknown}" is not a scope; the scopes are ${SCOPES.join(', ')}`);
  if (scopes.length === 0) throw new Error('--scope is missing');
  return [...new Set(scopes as Scope[])];
}

function run(args: string[]): string {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      scope: { type: 'string', multiple: true, default: [] },
      id: { type: 'string' },
      file: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return `${USAGE}\n`;
  if (positionals.join() !== 'create') throw new Error('the only command is: create');
  const scopes = readScopes(values.scope);
  const { id = `${scopes.join('-')}-${new Date().toISOString().slice(0, 10)}`, file } = values;
  if (!/^[\w.-]{1,64}$/.test(id)) throw new Error('--id takes 1 to 64 letters, digits, dots, dashes and underscores');
  const { key, line } = generateKey(id, scopes);
  if (file === undefined) return `key:  ${key}\nline: ${line}\n`;
  appendFileSync(file, `${line}\n`, { mode: 0o640 });
  return `${key}\n`;
}

try {
  process.stdout.write(run(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`error: ${(error as Error).message}\n\n${USAGE}\n`);
  process.exitCode = EXIT_WRONG_INPUT;
}
