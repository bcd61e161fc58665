import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, CommanderError } from 'commander';
import { temporaryFolder } from '#testing';
import { importCommand } from './import.command.js';

/** Parses a command line that is refused before it has an effect. */
async function refusalOf(...line: string[]): Promise<string> {
  const command: Command = importCommand()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  const error: unknown = await command.parseAsync(line, { from: 'user' }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CommanderError);
  return (error as CommanderError).message;
}

describe('import', () => {
  const folder = temporaryFolder();
  const file = (name: string, contents: string): string => {
    const path = join(folder, name);
    writeFileSync(path, contents);
    return path;
  };
  // The content determines the format: the names are misleading.
  const forest = file('model.onnx', '{"type":"RandomForestClassifier"}');
  const tensors = file('model.json', '\u0008\u0008');
  const booster = file('forest.json', 'tree\nversion=v4\n');

  it.each([
    [['--name', 'x'], "error: missing required argument 'model'"],
    [[forest, '--name', 'x'], "error: missing required argument 'scaler'"],
    [
      [tensors, '--name', 'x', '--recipe', 'y'],
      `error: --recipe goes with a scikit-learn forest or a model of LightGBM or a model of XGBoost; ${tensors} is an ONNX model`,
    ],
    [
      [forest, 'scaler.json', '--name', 'x', '--labels', 'argmax'],
      `error: --labels goes with an ONNX model; ${forest} is a scikit-learn forest`,
    ],
    [
      [booster, '--name', 'x', '--data', 'y'],
      `error: --data goes with a scikit-learn forest; ${booster} is a model of LightGBM`,
    ],
    [[booster, 'scaler.json', '--name', 'x'], `error: ${booster} is a model of LightGBM, which takes no scaler`],
    [
      [booster, '--name', 'x', '--trees', 'some'],
      "error: option '--trees <which>' argument 'some' is invalid. Allowed choices are best, all.",
    ],
    [
      [tensors, '--name', 'x', '--labels', 'onnx'],
      "error: option '--labels <source>' argument 'onnx' is invalid. Allowed choices are model, argmax.",
    ],
    [[forest, 'scaler.json'], "error: required option '--name <model>' not specified"],
    [
      [forest, 'scaler.json', '--name', 'x', '--goldn', 'y'],
      "error: unknown option '--goldn'\n(Did you mean --golden?)",
    ],
  ])('refuses %j', async (line, message) => expect(await refusalOf(...line)).toBe(message));
});
