import { type Command, CommanderError } from 'commander';
import { importCommand } from './import.command.js';

/** Parses a command line that is refused before anything is done. */
async function refusalOf(...line: string[]): Promise<string> {
  const command: Command = importCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  const error: unknown = await command.parseAsync(line, { from: 'user' }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CommanderError);
  return (error as CommanderError).message;
}

describe('import', () => {
  it.each([
    [['--name', 'x'], "error: missing required argument 'model'"],
    [['forest.json', '--name', 'x'], "error: missing required argument 'scaler'"],
    [
      ['model.onnx', '--name', 'x', '--recipe', 'y'],
      'error: --recipe goes with a forest and its scaler, not with an ONNX model',
    ],
    [
      ['forest.json', 'scaler.json', '--name', 'x', '--labels', 'argmax'],
      'error: --labels goes with an ONNX model, not with a forest',
    ],
    [
      ['model.onnx', '--name', 'x', '--labels', 'onnx'],
      "error: option '--labels <source>' argument 'onnx' is invalid. Allowed choices are model, argmax.",
    ],
    [['forest.json', 'scaler.json'], "error: required option '--name <model>' not specified"],
    [
      ['forest.json', 'scaler.json', '--name', 'x', '--goldn', 'y'],
      "error: unknown option '--goldn'\n(Did you mean --golden?)",
    ],
  ])('refuses %j', async (line, message) => expect(await refusalOf(...line)).toBe(message));
});
