import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workspace } from '#testing';
import { boot } from '../helper/boot.js';
import { commandsIn, requestIn } from '../helper/page-commands.js';
import { python } from './helper/python.js';

/** Each folder of `examples/` that begins in Python, with the environment that has its library. */
const EXAMPLES = [
  ['from-scikit-learn', 'learners'],
  ['from-xgboost', 'learners'],
  ['from-lightgbm', 'learners'],
  ['from-mlflow', 'mlflow'],
];

describe('A model of another library', () => {
  const workspace = new Workspace();
  beforeAll(() => {
    for (const folder of ['examples', 'tools']) {
      const filter = (path: string): boolean => !path.includes('node_modules');
      cpSync(folder, join(workspace.root, folder), { recursive: true, filter });
    }
  });

  it.each(EXAMPLES)('answers as examples/%s says, by the commands of its page', async (example, environment) => {
    const page = `examples/${example}/README.md`;
    const text = readFileSync(page, 'utf8').replaceAll(/\s+/g, ' ');
    const commands = commandsIn(page);
    const [train, ask] = [commands.shift()!, commands.pop()!];
    execFileSync(python(environment), train.split(' ').slice(1), { cwd: workspace.root, stdio: 'inherit' });
    expect(commands.pop()).toBe('npm start');
    const printed: string[] = [];
    for (const command of commands) {
      const { code, stdout, stderr } = await workspace.run(...command.replace(/^npx skewless /, '').split(/\s+/));
      expect([code, stderr]).toEqual([0, '']);
      printed.push(stdout);
    }
    const [said] = /\d+ rows with answers of the source are reproduced/.exec(text) ?? [
      'rows generated from its own thresholds',
    ];
    expect(printed.join('')).toContain(said);

    const api = await boot({ MODELS_DIR: join(workspace.root, 'models'), DEFAULT_MODEL: 'random_forest' });
    const { path, body } = requestIn(ask);
    const answer = await api.post(path, body);
    await api.close();
    expect(answer.status).toBe(200);
    const { prediction, probability } = answer.body as Record<string, unknown>;
    expect(text).toContain(`"prediction":${JSON.stringify(prediction)}`);
    if (probability !== undefined) expect(text).toContain(`"probability":${JSON.stringify(probability)}`);
  });
});
