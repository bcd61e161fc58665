import { InputError } from '#kit';
import type { ModelFile } from './model-file.js';
import { recipeOf } from './recipe-of.js';

type Options = Parameters<typeof recipeOf>[0];

const optionsOf = (recipe: ModelFile['recipe'], columns: object = {}): Options =>
  ({
    data: {},
    own: {
      file: 'config/models/m.yaml',
      model: {
        recipe,
        columns: new Map(
          Object.entries({
            id: { type: 'integer', use: false, why: 'as many values as rows' },
            age: { type: 'integer', seen: [1, 90] },
            city: { type: 'text', nullable: true },
            ...columns,
          }),
        ),
      },
    },
  }) as unknown as Options;

it("Without a model's name and a recipe, it is said how to name one", async () => {
  const missing = recipeOf({ data: { recipe: 'none/features.yaml' } } as Options);
  await expect(missing).rejects.toThrow(
    'data.recipe: none/features.yaml does not exist. To train a model with a file of its own, name it: npx skewless run NAME; npx skewless init FILE --target COLUMN creates that file.',
  );
});

describe('The recipe of a model with a file of its own', () => {
  it('has its columns, as a pipeline reads them, and its steps', async () => {
    const steps = [{ kind: 'target_encode', columns: ['city'] }];
    expect(await recipeOf(optionsOf({ steps, outputs: ['age', 'city'] }))).toEqual({
      inputs: [
        { name: 'age', type: 'integer', nullable: false },
        { name: 'city', type: 'text', nullable: true },
      ],
      unused: ['id'],
      steps,
      outputs: ['age', 'city'],
    });
  });

  it.each<[string, object[], string[], string]>([
    [
      'a step that there is not',
      [{ kind: 'cube', column: 'age' }],
      ['age'],
      'steps.0 value of tag "kind" must be in oneOf',
    ],
    ['a key that no step has', [{ kind: 'sqrt', column: 'age', base: 2 }], ['age'], 'steps.0 must NOT have additional'],
    ['a text among the features', [], ['city'], 'outputs[0]: "city" holds categories, not numbers'],
  ])('is refused with %s, before any data is read', async (_, steps, outputs, problem) => {
    const refused = recipeOf(optionsOf({ steps, outputs }));
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(`config/models/m.yaml: ${problem}`);
  });

  it.each([
    [{ type: 'date', format: '%d.%M.%Y' }, 'the format of "day" is "%d.%M.%Y"; it must have one of %Y and %y'],
    [{ type: 'date', minimum: '31.12.2023' }, 'the minimum of "day" is "31.12.2023"; it must be a date written'],
    [{ type: 'integer', timezone: 'UTC' }, 'inputs.2 must NOT have additional properties ("timezone")'],
  ])('is refused with a column of %j, also where its steps are chosen later', async (day, problem) => {
    await expect(recipeOf(optionsOf('auto', { day }))).rejects.toThrow(`config/models/m.yaml: ${problem}`);
  });
});
