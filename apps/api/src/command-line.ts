import { parseArgs, type ParseArgsConfig } from 'node:util';
import { FLAGS } from '#config';

const described = FLAGS.map(({ usage, path, sentence }) => `  ${usage.padEnd(13)} ${sentence} (default: ${path})`);

export const USAGE = `Usage: npm start -- [serve] [options]

  serve         what it does anyway; SageMaker starts an image so
${described.join('\n')}
  --help        this text

Every setting, its default and the environment variable that overrides it: config/config.yaml`;

/** The parsed command line: settings by flag, or a request for the usage text. */
export interface CommandLine {
  readonly help: boolean;
  readonly flags: Readonly<Record<string, readonly [setting: string, value: string]>>;
}

/** @throws TypeError on an unknown flag, a flag without its value, or any word but `serve` */
export function parseCommandLine(args: string[]): CommandLine {
  const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean' } };
  for (const { name } of FLAGS) options[name] = { type: 'string' };
  const { values } = parseArgs({ args: args[0] === 'serve' ? args.slice(1) : args, options });
  const flags = FLAGS.flatMap(({ name, path }) => {
    const value = values[name];
    return typeof value === 'string' ? [[`--${name}`, [path, value] as const] as const] : [];
  });
  return { help: values.help === true, flags: Object.fromEntries(flags) };
}
