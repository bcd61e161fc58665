import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { PROBLEM_TYPES } from '../apps/api/src/problem/problem-types.js';
import { boot, type RunningApi } from './helper/boot.js';

describe('The OpenAPI document', () => {
  let api: RunningApi;
  beforeAll(async () => (api = await boot()));
  afterAll(() => api.close());

  it('is the committed openapi.json; "npm run openapi" writes it again', async () => {
    expect((await api.ask('/openapi.json')).body).toEqual(JSON.parse(readFileSync('openapi.json', 'utf8')));
  });

  it('is valid OpenAPI 3.1', async () => {
    const { body } = await api.ask('/openapi.json');
    const { valid, errors } = await new Validator().validate(body as Record<string, unknown>);
    expect([valid, errors, body.openapi]).toEqual([true, undefined, '3.1.0']);
  });

  it('documents every status of the table of problems but those of paths it does not have', async () => {
    const { body } = await api.ask('/openapi.json');
    const operations = Object.values(body.paths as object).flatMap((path) => Object.values(path as object));
    const documented = new Set(operations.flatMap(({ responses }) => Object.keys(responses as object)));
    const statuses = Object.values(PROBLEM_TYPES).map(({ status }) => String(status));
    expect(statuses.filter((status) => !documented.has(status))).toEqual(['405', '412', '416']);
  });

  it('has examples that work when tried out', async () => {
    const { body } = await api.ask('/openapi.json');
    const { properties } = body.components.schemas.PredictRequest as {
      properties: Record<string, { example: number }>;
    };
    const example = Object.fromEntries(Object.entries(properties).map(([name, { example }]) => [name, example]));
    expect((await api.post('/predict', example)).status).toBe(200);
    expect((await api.post('/predict/batch', { instances: [example] })).status).toBe(200);
  });

  it.each([
    ['/docs', /<title>Skewless API<\/title>/],
    ['/docs/', /<title>Skewless API<\/title>/],
    ['/docs/swagger-ui-init.js', /"openapi": "3\.1\.0"/],
    ['/docs/swagger-ui-bundle.js', /./],
    ['/redoc', /<redoc spec-url="\/openapi\.json">/],
    ['/redoc/redoc.standalone.js', /./],
    ['/openapi.yaml', /^openapi: 3\.1\.0/m],
  ])('is shown at %s without anything from elsewhere', async (path, content) => {
    const { status, text, headers } = await api.ask(path);
    expect(status).toBe(200);
    expect(text).toMatch(content);
    if (!headers.get('content-type')?.startsWith('text/html')) return;
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(text).toContain('<meta name="viewport" content="width=device-width, initial-scale=1" />');
    for (const [, file] of text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect([file, (await api.ask(new URL(file, `${api.url}${path}`).pathname)).status]).toEqual([file, 200]);
    }
  });

  it('fits a phone: Swagger UI leaves out the column of links, which no operation has', async () => {
    const { text } = await api.ask('/docs');
    expect(text).toContain('.response-col_links { display: none; }');
    expect(JSON.stringify(JSON.parse(readFileSync('openapi.json', 'utf8')))).not.toContain('"links":');
  });

  it.each(['/docs/swagger-ui.css', '/redoc/redoc.standalone.js'])('has the file %s in parts, too', async (path) => {
    const ask = async (header: string, value: string) => {
      const { status, headers, text } = await api.ask(path, { headers: { [header]: value } });
      return { status, range: headers.get('content-range'), text };
    };
    const size = (await api.ask(path)).headers.get('content-length');
    const part = await ask('range', 'bytes=0-3');
    expect([part.status, part.range, part.text.length]).toEqual([206, `bytes 0-3/${size}`, 4]);
    const beyond = await ask('range', 'bytes=99999999-');
    expect([beyond.status, beyond.range, JSON.parse(beyond.text)]).toMatchObject([
      416,
      `bytes */${size}`,
      { type: 'urn:skewless:problem:range-not-satisfiable', status: 416, instance: path },
    ]);
    const other = await ask('if-match', '"other"');
    expect([other.status, JSON.parse(other.text)]).toMatchObject([
      412,
      { type: 'urn:skewless:problem:precondition-failed', status: 412, instance: path },
    ]);
  });
});
