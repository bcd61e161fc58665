import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { AttributeProtoSchema, GraphProtoSchema, ModelProtoSchema, NodeProtoSchema, TensorProtoSchema } from 'onnx-buf';
import { writeAliases, writeBundle } from '#bundle';
import { tensorInfo } from '#onnx';
import type { EngineDto } from '../apps/api/src/models/engine.dto.js';
import { ServerProcess } from './helper/server-process.js';
import { temporaryFolder, tinyBundle, writeTinyBundle } from '#testing';

const folder = temporaryFolder();
afterEach(() => ServerProcess.killAll());

/** The same answers, after so many rounds of nothing. */
function looped(model: Uint8Array, rounds: bigint): Buffer {
  const parsed = fromBinary(ModelProtoSchema, model);
  const graph = parsed.graph!;
  const [{ name: input }] = graph.input;
  for (const node of graph.node) node.input = node.input.map((name) => (name === input ? 'looped' : name));
  const pass = (from: string, to: string) =>
    create(NodeProtoSchema, { opType: 'Identity', name: to, input: [from], output: [to] });
  const state = (name: string) => tensorInfo(name, 'FLOAT', ['N', 4]);
  const truth = (name: string) => {
    const info = tensorInfo(name, 'INT64', []);
    const { value } = info.type!;
    if (value.case === 'tensorType') value.value.elemType = 9;
    return info;
  };
  const body = create(GraphProtoSchema, {
    name: 'body',
    input: [tensorInfo('round', 'INT64', []), truth('goes_on'), state('state')],
    output: [truth('goes_on_out'), state('state_out')],
    node: [pass('goes_on', 'goes_on_out'), pass('state', 'state_out')],
  });
  graph.initializer.push(
    create(TensorProtoSchema, { name: 'rounds', dataType: 7, int64Data: [rounds] }),
    create(TensorProtoSchema, { name: 'yes', dataType: 9, int32Data: [1] }),
  );
  graph.node.unshift(
    create(NodeProtoSchema, {
      opType: 'Loop',
      name: 'loop',
      input: ['rounds', 'yes', input],
      output: ['looped'],
      attribute: [create(AttributeProtoSchema, { name: 'body', type: 5, g: body })],
    }),
  );
  return Buffer.from(toBinary(ModelProtoSchema, parsed));
}

async function writeLooped(models: string, version: string, rounds: bigint): Promise<void> {
  const bundle = tinyBundle({ version });
  await writeBundle(models, { ...bundle, model: looped(bundle.model, rounds) });
  await writeAliases(models, 'tiny', { champion: version });
}

const environment = (models: string): Record<string, string> => ({
  MODELS_DIR: models,
  DEFAULT_MODEL: 'tiny',
  MODELS_CACHE: join(models, '.cache'),
  MODELS_WATCH_SECONDS: '0.1',
  MODELS_PROOF_SECONDS: '15',
});

it('While a champion that never ends is proven, and after, the last good version serves', async () => {
  const models = join(folder, 'endless');
  const { rows } = await writeTinyBundle(models);
  const server = await ServerProcess.ready([], environment(models));
  const body = JSON.stringify(rows[0].input);
  const versions = new Set<string>();
  const ask = async () =>
    versions.add(JSON.parse((await server.ask('/predict', { body })).text).model_version.split(':')[1]);
  await writeLooped(models, '2', 9_000_000_000_000_000_000n);
  await server.until(async () => {
    await ask();
    return (await server.ask('/health/ready')).text.includes('degraded');
  });
  const failure = `${join(models, 'tiny/2/model.onnx')}: did not end in 15 s when it was proven.`;
  expect((await server.ask('/health/ready')).text).toContain(failure);
  await writeLooped(models, '3', 10n);
  await server.until(async () => {
    await ask();
    return versions.size > 1;
  });
  expect([...versions]).toEqual(['1', '3']);
});

it('Several workers have a version proven once, and a later start proves none that was proven here', async () => {
  const models = join(folder, 'once');
  await writeTinyBundle(models);
  const proven = () => readdirSync(join(models, '.cache/proven'));
  await ServerProcess.ready(['--workers', '2'], environment(models));
  expect(proven()).toHaveLength(1);
  await ServerProcess.killAll();
  // No proof could end so soon.
  const server = await ServerProcess.ready([], { ...environment(models), MODELS_PROOF_SECONDS: '0.001' });
  expect((await server.ask('/health/ready')).status).toBe(200);
});

/** Whether a process has ONNX Runtime's library in its memory. */
const hasRuntime = (pid: number): boolean => readFileSync(`/proc/${pid}/maps`, 'latin1').includes('libonnxruntime');
const linux = process.platform === 'linux' ? describe : describe.skip;

linux('ONNX Runtime is loaded', () => {
  const engineOf = async (server: ServerProcess, model: string) => {
    const { engine, engine_reason } = JSON.parse((await server.ask(`/models/${model}`)).text) as Partial<EngineDto>;
    return [engine, engine_reason];
  };

  it('by no server whose versions are kernels and were proven apart', async () => {
    const models = join(folder, 'kernels');
    await writeTinyBundle(models);
    const own = await ServerProcess.ready(['--workers', '2'], environment(models));
    await own.until(() => own.pids.length === 2);
    expect(own.pids.map(hasRuntime)).toEqual([false, false]);
    const shipped = await ServerProcess.ready();
    expect(hasRuntime(shipped.pid)).toBe(false);
  });

  it('by a server that is told to, or proves its versions itself', async () => {
    const models = join(folder, 'itself');
    await writeTinyBundle(models);
    const told = await ServerProcess.ready([], { ...environment(models), INFERENCE_ENGINE: 'onnxruntime' });
    expect(hasRuntime(told.pid)).toBe(true);
    const itself = await ServerProcess.ready([], { ...environment(models), MODELS_PROOF_SECONDS: '0' });
    expect(hasRuntime(itself.pid)).toBe(true);
  });

  it('by a server whose kernel gives other scores than are on record, which proves it again', async () => {
    const models = join(folder, 'other-scores');
    await writeTinyBundle(models);
    const before = await ServerProcess.ready([], environment(models));
    const found = await engineOf(before, 'tiny');
    await ServerProcess.killAll();
    const [record] = readdirSync(join(models, '.cache/proven')).map((key) => join(models, '.cache/proven', key));
    const verdict = JSON.parse(readFileSync(record, 'utf8')) as object;
    writeFileSync(record, JSON.stringify({ ...verdict, scoresDigest: '0'.repeat(64) }));
    const after = await ServerProcess.ready([], environment(models));
    expect(found[0]).toBe('kernel');
    expect([hasRuntime(after.pid), await engineOf(after, 'tiny')]).toEqual([true, found]);
  });
});
