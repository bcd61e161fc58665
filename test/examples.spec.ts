import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../examples/own-nest-app/app.module.js';
import { AsyncAppModule } from '../examples/own-nest-app/async-app.module.js';
import { HostedWorkspace, until, Workspace } from '#testing';
import { boot } from './helper/boot.js';
import { commandsIn, requestIn } from './helper/page-commands.js';

describe('examples/first-model', () => {
  const page = 'examples/first-model/README.md';
  const [train, start, ask] = commandsIn(page);

  const workspace = new HostedWorkspace();

  it('trains a model that serves, by the commands of its page', async () => {
    cpSync('examples', join(workspace.root, 'examples'), { recursive: true });
    const args = train.replace(/^npx skewless /, '').split(/\s+/);
    const { code, stdout } = await workspace.run(...args);
    expect([code, stdout]).toEqual([0, expect.stringContaining('The candidate is renewals/1.\n')]);
    expect(stdout).toContain('Champion: 1.\n');

    expect(start).toBe('npm start');
    const api = await boot({ MODELS_DIR: join(workspace.root, 'models'), DEFAULT_MODEL: 'random_forest' });
    const { path, body } = requestIn(ask);
    const { status, text } = await api.post(path, body);
    await api.close();
    const { prediction, probability, model_version } = JSON.parse(text) as Record<string, unknown>;
    expect([status, model_version]).toEqual([200, 'renewals:1']);
    const shown = readFileSync(page, 'utf8');
    expect(shown).toContain(`"prediction":${JSON.stringify(prediction)}`);
    expect(shown).toContain(`"probability":${JSON.stringify(probability)}`);
  });
});

describe('examples/own-table', () => {
  const page = 'examples/own-table/README.md';
  const [init, run, , ask, predict] = commandsIn(page);
  const workspace = new HostedWorkspace();
  const skewless = (command: string) => workspace.run(...command.replace(/^npx skewless /, '').split(/\s+/));

  it('goes from a table to a model that serves, by the commands of its page', async () => {
    cpSync('examples', join(workspace.root, 'examples'), { recursive: true });
    expect(await skewless(init)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"booking" is not used: 400 different values in 400 rows') as string,
    });
    const api = await boot({
      MODELS_DIR: join(workspace.root, 'models'),
      DEFAULT_MODEL: 'random_forest',
      MODELS_WATCH_SECONDS: '0.2',
    });
    const { path, body } = requestIn(ask);
    expect((await api.post(path, body)).status).toBe(404);
    const { code, stdout } = await skewless(run);
    expect([code, stdout]).toEqual([0, expect.stringContaining('The candidate is bookings/1.\nChampion: 1.\n')]);

    // A server that runs takes it up by itself: it is unknown, loads, and serves.
    const { status, text } = await until(async () => {
      const answer = await api.post(path, body);
      return ![404, 503].includes(answer.status) && answer;
    });
    const table = readFileSync('examples/own-table/bookings.csv', 'utf8');
    const batch = await api.post('/models/bookings/predict/batch', table, { 'content-type': 'text/csv' });
    await api.close();
    const { prediction, probability, model_version } = JSON.parse(text) as Record<string, unknown>;
    expect([status, model_version]).toEqual([200, 'bookings:1']);
    const shown = readFileSync(page, 'utf8');
    expect(shown).toContain(`"prediction":${JSON.stringify(prediction)}`);
    expect(shown).toContain(`"probability":${JSON.stringify(probability)}`);

    expect(await skewless(predict)).toMatchObject({ code: 0, stderr: '' });
    const two = (line: string): string => line.split(',', 2).join(',');
    const served = batch.text.split('\n').map(two);
    expect(workspace.bytes('scores.csv').toString().split('\n')).toEqual(served);
    expect(served).toHaveLength(402);
  });
});

describe('examples/own-step', () => {
  const page = 'examples/own-step/README.md';
  const text = readFileSync(page, 'utf8');
  const [init, run, , ask] = commandsIn(page);
  const workspace = new Workspace();
  const [, file] = /export MODELS_STEPS=(\S+)/.exec(text)!;
  const skewless = (command: string, environment = {}) =>
    workspace.runWith(environment, ...command.replace(/^npx skewless /, '').split(/\s+/));
  const serve = (environment = {}) =>
    boot({ MODELS_DIR: join(workspace.root, 'models'), DEFAULT_MODEL: 'random_forest', ...environment });

  it('trains and serves with a step that the product does not have, by the commands of its page', async () => {
    cpSync('examples', join(workspace.root, 'examples'), { recursive: true });
    expect((await skewless(init)).code).toBe(0);
    const steps = text
      .split('\n')
      .filter((line) => /^ {7}(steps:| {2}- |outputs:|accepts_missing:)/.test(line))
      .map((line) => line.slice(7));
    workspace.edit('config/models/deliveries.yaml', (yaml) => yaml.replace(/^recipe: auto.*$/m, steps.join('\n')));
    expect(await skewless(run)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'the step "acme.distance" is no part of Skewless, and no file that defines it is loaded: name the file in models.steps (MODELS_STEPS)',
      ) as string,
    });
    expect(await skewless(run, { MODELS_STEPS: file })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('The candidate is deliveries/1.\nChampion: 1.\n') as string,
    });
    const pipeline = JSON.parse(workspace.bytes('models/deliveries/1/pipeline.json').toString()) as { steps: object[] };
    expect(pipeline.steps[0]).toEqual({
      kind: 'acme.distance',
      latitude: 'latitude',
      longitude: 'longitude',
      output: 'kilometres',
      centre: [expect.closeTo(52.52, 1), expect.closeTo(13.4, 1)],
    });

    const { path, body } = requestIn(ask);
    const stranger = await serve();
    const refused = await stranger.post(path, body);
    const shown = await stranger.ask('/predict', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"feature_1":0.5,"feature_2":1.2,"feature_3":-0.3,"feature_4":25,"feature_5":5}',
    });
    await stranger.close();
    expect([refused.status, shown.status]).toEqual([503, 200]);
    expect(refused.text).toContain('the step \\"acme.distance\\" is no part of Skewless');

    // Proven in a process of its own, which has to know the step too.
    const api = await serve({ MODELS_STEPS: file, MODELS_PROOF_SECONDS: '60' });
    const { status, text: answer } = await api.post(path, body);
    const far = await api.post(path, body.replace('52.61', '52.53').replace('13.2', '13.4'));
    await api.close();
    expect(status).toBe(200);
    const { prediction, probability } = JSON.parse(answer) as Record<string, unknown>;
    expect(text).toContain(`"prediction":${JSON.stringify(prediction)}`);
    expect(text).toContain(`"probability":${JSON.stringify(probability)}`);
    expect((JSON.parse(far.text) as { prediction: string }).prediction).toBe('no');
  });
});

describe('examples/own-nest-app', () => {
  const page = 'examples/own-nest-app/README.md';
  const ask = commandsIn(page).at(-1)!;
  const answer = /^ {4}(\{"label".*\})$/m.exec(readFileSync(page, 'utf8'))![1];
  let app: INestApplication | undefined;
  afterEach(() => app?.close());

  it.each<[string, Type]>([
    ['forRoot', AppModule],
    ['forRootAsync', AsyncAppModule],
  ])('answers by models that %s has it read', async (_, module) => {
    app = await NestFactory.create(module, { logger: false });
    await app.listen(0, '127.0.0.1');
    const { path, body } = requestIn(ask);
    const post = async (content: string): Promise<[number, unknown]> => {
      const response = await fetch((await app!.getUrl()) + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: content,
      });
      return [response.status, await response.json()];
    };
    expect(await post(body)).toEqual([200, JSON.parse(answer)]);
    expect(await post('{"feature_1":"1"}')).toEqual([
      400,
      { statusCode: 400, error: 'Bad Request', message: 'feature_1 must be a number' },
    ]);
  });
});
