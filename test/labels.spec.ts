import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabelSource } from '#bundle';
import { boot, type RunningApi } from './helper/boot.js';
import { temporaryFolder, writeForeignModel } from '#testing';
import { type GrpcClient, grpcClient } from './helper/grpc-client.js';

/** One split at 0.5: class 0 before it with 0.9, class 1 behind it with 0.8. ONNX Runtime's label says 1 to both. */
const TREE = readFileSync('test/fixtures/labels/two_class.onnx');
const X = { name: 'x', datatype: 'FP32', shape: [2, 2], data: [0, 0, 1, 1] };
const label = (data: number[]) => ({ name: 'label', datatype: 'INT64', shape: [2], data });

const folder = temporaryFolder();
let servers = 0;

const start = async (environment: Record<string, string>, labels?: LabelSource): Promise<RunningApi> => {
  const models = join(folder, `models${++servers}`);
  await writeForeignModel(models, 'tree', TREE, '1', labels);
  return boot({ MODELS_DIR: models, ...environment });
};

describe('A classifier of tensors whose label contradicts its probabilities', () => {
  describe('labels: argmax', () => {
    let api: RunningApi;
    let grpc: GrpcClient;
    beforeAll(async () => {
      api = await start({ GRPC_ENABLED: 'true', GRPC_PORT: '0' }, 'argmax');
      grpc = grpcClient(api.grpcPort!);
    });
    afterAll(async () => {
      grpc.close();
      await api.close();
    });

    it('answers the label of the largest probability over REST, alone or beside the probabilities', async () => {
      const infer = async (outputs?: object[]) =>
        (await api.post('/v2/models/tree/infer', { inputs: [X], outputs })).body.outputs as { name: string }[];
      expect((await infer()).map(({ name }) => name)).toEqual(['label', 'p']);
      expect((await infer())[0]).toEqual(label([0, 1]));
      expect(await infer([{ name: 'label' }])).toEqual([label([0, 1])]);
    });

    it('over gRPC and in /invocations', async () => {
      const { name, datatype, shape, data } = X;
      const inputs = [{ name, datatype, shape, contents: { fp32_contents: data } }];
      const { message } = await grpc.call('ModelInfer', { model_name: 'tree', inputs, outputs: [{ name: 'label' }] });
      expect(message.outputs[0].contents.int64_contents).toEqual(['0', '1']);
      const { body } = await api.post('/invocations', { inputs: [[0, 0], [1, 1]] }); // prettier-ignore
      expect(body.predictions.label).toEqual([0, 1]);
    });
  });

  it('labels: model answers what ONNX Runtime says', async () => {
    const api = await start({}, 'model');
    const { body } = await api.post('/v2/models/tree/infer', { inputs: [X], outputs: [{ name: 'label' }] });
    expect(body.outputs).toEqual([label([1, 1])]);
    await api.close();
  });

  it('is refused where nothing says which is right', async () => {
    const api = await start({});
    const { status, body } = await api.post('/v2/models/tree/infer', { inputs: [X] });
    expect(status).toBe(503);
    expect(body.error).toMatch(/answers a label that contradicts its largest probability in \d+ of 256 rows/);
    expect(body.error).toMatch(/--labels model or --labels argmax; of a source: models\.labels \(MODELS_LABELS\)\.$/);
    await api.close();
  });

  it('takes the setting models.labels where its bundle says nothing', async () => {
    const api = await start({ MODELS_LABELS: 'argmax' });
    const { body } = await api.post('/v2/models/tree/infer', { inputs: [X], outputs: [{ name: 'label' }] });
    expect(body.outputs).toEqual([label([0, 1])]);
    await api.close();
  });
});
