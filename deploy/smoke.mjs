// Smoke test of a running server: `npm run smoke -- <url>`. Exit code 0 if every answer is correct, otherwise 1. For a
// server with API keys, the environment variable API_KEY holds the key.
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MILLISECONDS = 60_000;
const TIMEOUT_MILLISECONDS = 10_000;

const base = process.argv[2]?.replace(/\/+$/, '');
const key = process.env.API_KEY;

async function ask(path, body) {
  const response = await fetch(base + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...(key && { 'x-api-key': key }), ...(body !== undefined && { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  });
  return { status: response.status, body: await response.json() };
}

function expect(what, holds, answer) {
  if (!holds) throw new Error(`${what}, but got ${answer.status} ${JSON.stringify(answer.body)}`);
  console.log(`ok   ${what}`);
}

async function ready() {
  const end = Date.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const answer = await ask('/health/ready').catch((error) => ({ status: 0, body: String(error.cause ?? error) }));
    if (answer.status === 200) return answer;
    if (answer.status !== 0 || Date.now() > end) return answer;
    await sleep(500);
  }
}

async function smoke() {
  const readiness = await ready();
  expect('the server is ready', readiness.status === 200, readiness);

  const info = await ask('/model/info');
  expect('it tells its model', info.status === 200, info);

  const { body: api } = await ask('/openapi.json');
  const columns = Object.entries(api.components.schemas.PredictRequest.properties);
  const instance = Object.fromEntries(columns.map(([name, { example }]) => [name, example ?? null]));
  const single = await ask('/predict', instance);
  const { prediction, probability, model_version: version } = single.body;
  const sound = single.status === 200 && prediction !== undefined && probability >= 0 && probability <= 1;
  expect(`that model answers to the schema's example`, sound && version.endsWith(`:${info.body.version}`), single);

  const batch = await ask('/predict/batch', { instances: [instance, instance] });
  const same = batch.body.predictions?.every((one) => one.prediction === prediction && one.probability === probability);
  expect('a batch answers the same', batch.status === 200 && batch.body.count === 2 && same, batch);

  const refused = await ask('/predict', { ...instance, not_a_column: 1 });
  expect('a wrong input is refused with 422', refused.status === 422 && refused.body.status === 422, refused);
}

try {
  if (!base) throw new Error('Which server? npm run smoke -- http://localhost:8000');
  await smoke();
} catch (error) {
  console.error(`FAIL ${error.message}`);
  process.exitCode = 1;
}
