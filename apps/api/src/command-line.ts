import { parseArgs } from 'node:util';

export const USAGE = `Usage: npm start -- [serve] [options]

  serve         what it does anyway; SageMaker starts an image so
  --workers N   processes that share the port (default: server.workers in config/config.yaml)
  --port N      port to listen on (default: server.port)
  --host H      address to listen on (default: server.host)
  --help        this text

Every setting and the environment variable that overrides it: config/config.yaml`;

/** What the command line asks for: settings by flag, or the usage text. */
export interface CommandLine {
  readonly help: boolean;
  readonly flags: Readonly<Record<string, readonly [setting: string, value: string]>>;
}

/** @throws TypeError on an unknown flag, a flag without its value, or any word but `serve` */
export function parseCommandLine(args: string[]): CommandLine {
  const { values } = parseArgs({
    args: args[0] === 'serve' ? args.slice(1) : args,
    options: {
      workers: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { help, ...settings } = values;
  const flags = Object.entries(settings).map(([name, value]) => [`--${name}`, [`server.${name}`, value]] as const);
  return { help, flags: Object.fromEntries(flags) };
}
