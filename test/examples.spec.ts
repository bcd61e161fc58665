import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../examples/own-nest-app/app.module.js';
import { AsyncAppModule } from '../examples/own-nest-app/async-app.module.js';
import { until, Workspace } from '#testing';
import { boot } from './helper/boot.js';

/** The commands of a page, each in one line: code is what stands further in than the text around it. */
function commandsIn(page: string): string[] {
  const lines = readFileSync(page, 'utf8').replaceAll('\\\n', ' ').split('\n');
  return lines.map((line) => line.trim().replace(/^\$ /, '')).filter((line) => /^(npm|npx|node|curl) /.test(line));
}

/** What `curl ... -d '<JSON>'` sends, and where to. */
function requestIn(command: string): { path: string; body: string } {
  const [, path, body] = /localhost:\d+(\S+) .*-d '(.*)'/.exec(command)!;
  return { path, body };
}

describe('examples/first-model', () => {
  const page = 'examples/first-model/README.md';
  const [train, start, ask] = commandsIn(page);

  const workspace = new Workspace();

  it('trains a model that serves, by the commands of its page', async () => {
    cpSync('examples', join(workspace.root, 'examples'), { recursive: true });
    const args = train.replace(/^npm run pipeline -- /, '').split(/\s+/);
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
  const workspace = new Workspace();
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

    // A server that runs takes it up by itself.
    const { status, text } = await until(async () => {
      const answer = await api.post(path, body);
      return answer.status !== 404 && answer;
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
