import type { Command } from 'commander';
import { type Flags, homeFolder, loadModelConfig, loadPipelineConfig, type PipelineConfig } from '#config';
import { InputError } from '#kit';
import { progressLine } from './progress-line.js';
import type { OwnModel, ShowProgress } from '#training';
import { stopSignal } from './stop-signal.js';

/** The context of every command. */
export interface CommandContext {
  readonly config: PipelineConfig & { readonly own?: OwnModel };
  /** Settings for a model's renewal and runs, from its own file if it has one. */
  readonly configOf: (model: string) => ReturnType<typeof loadModelConfig>;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Prints a result: the value as JSON with `--json`, otherwise what `forPeople` writes. */
  readonly print: (value: unknown, forPeople: () => void) => void;
  /** Prints a line for people at once; nothing with `--json`. */
  readonly inform: (line: string) => void;
  /** Shows progress to people; nothing with `--json`. */
  readonly progress: ShowProgress;
}

/** The settings, with those of the named model's own file. */
async function settingsOf(flags: Flags, model?: string): Promise<CommandContext['config']> {
  if (model === undefined) return loadPipelineConfig(process.env, flags);
  const { openModelFile, ownSections } = await import('#training');
  const own = openModelFile(homeFolder(process.env), model);
  const config = loadPipelineConfig(process.env, flags, { file: own.file, sections: ownSections(own) });
  return { ...config, own };
}

/** The option that selects a model with a file of its own. */
export const OF_MODEL = [
  '--model <name>',
  'the model of config/models/<name>.yaml instead of that of config.yaml',
] as const;

/** Commands whose first argument is a model with a file of its own. */
const NAMING_A_MODEL = ['run', 'dvc'];

type Options = Readonly<Record<string, unknown>>;

function toFlags(settings: readonly string[]): Flags {
  return Object.fromEntries(
    settings.map((text) => {
      const [, setting, value] = /^([\w.]+)=(.*)$/s.exec(text) ?? [];
      if (setting === undefined) throw new InputError(`--set ${text} is not of the form section.key=value.`);
      return [`--set ${setting}`, [setting, value]] as const;
    }),
  );
}

/** Adds the common options to a command, and passes its action the context made from them. */
export function withContext(
  command: Command,
  action: (context: CommandContext, args: string[], options: Options) => Promise<void>,
): Command {
  return command
    .option(
      '--set <section.key=value>',
      'override a setting of config/config.yaml, at any depth; repeatable',
      collect,
      [],
    )
    .option('--json', 'print the result as JSON', false)
    .action(async (...all: unknown[]) => {
      const options = all.at(-2) as Options & { set: string[]; json: boolean; model?: string };
      const args = all.slice(0, -2) as string[];
      const flags = toFlags(options.set);
      const config = await settingsOf(
        flags,
        options.model ?? (NAMING_A_MODEL.includes(command.name()) ? args[0] : undefined),
      );
      if (config.models.steps !== undefined) {
        const { loadSteps } = await import('#features');
        await loadSteps(config.models.steps.trim().split(/\s+/));
      }
      const context: CommandContext = {
        config,
        configOf: (model) => loadModelConfig(model, process.env, flags),
        signal: stopSignal(),
        print: (value, forPeople) => (options.json ? console.log(JSON.stringify(value)) : forPeople()),
        inform: options.json ? () => undefined : (line) => console.log(line),
        progress: options.json ? () => undefined : progressLine(process.stderr),
      };
      await action(context, args, options);
    });
}

const collect = (value: string, previous: string[]): string[] => [...previous, value];
